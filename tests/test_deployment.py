"""The files that install the server as a service, a container or on Windows agree with the program."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from f1timings.config import Settings
from tests.source_code import ROOT

DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "f1timings.service"
CONTAINERFILE = DEPLOY / "container" / "Containerfile"
COMPOSE = DEPLOY / "container" / "compose.yaml"
WITH_POSTGRESQL = DEPLOY / "container" / "compose.postgresql.yaml"
WINDOWS = ROOT / "start-windows.cmd"
GUIDE = ROOT / "docs" / "install.md"
FILES = [UNIT, CONTAINERFILE, COMPOSE, WITH_POSTGRESQL, WINDOWS, GUIDE]

PORTS = [f"{Settings.model_fields['port'].default}/tcp", f"{Settings.model_fields['udp_port'].default}/udp"]
READY = f"http://127.0.0.1:{Settings.model_fields['port'].default}/api/health/ready"


def service() -> dict[str, str]:
    """The section ``[Service]`` of the unit; of a key that is repeated, the last value."""
    parser = ConfigParser(interpolation=None, strict=False, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(UNIT.read_text("utf-8"))
    return dict(parser["Service"])


def compose(path: Path) -> dict[str, Any]:
    """The services of a compose file by name."""
    services: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))["services"]
    return services


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_named_in_a_file_exists(path: Path) -> None:
    named = {name.lower() for name in re.findall(r"\bF1TIMINGS_([A-Z_]+)", path.read_text("utf-8"))}
    assert set() == named - set(Settings.model_fields)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_takes_images_from_a_named_host(path: Path) -> None:
    images = re.findall(r"^(?:FROM| *image:) +(\S+)", path.read_text("utf-8"), re.MULTILINE)
    assert [] == [image for image in images if "/" in image]


# The service -------------------------------------------------------------------------------------------


def test_the_service_may_write_to_its_data_folder_only() -> None:
    unit = service()
    folder = f"/var/lib/{unit['StateDirectory']}"
    assert "strict" == unit["ProtectSystem"]
    assert "true" == unit["ProtectHome"]
    assert "ReadWritePaths" not in unit
    assert f"F1TIMINGS_DATA_DIR={folder}" == unit["Environment"]
    assert folder == unit["WorkingDirectory"]


def test_the_service_has_its_own_user_and_no_further_rights() -> None:
    unit = service()
    assert "f1timings" == unit["User"]
    assert "true" == unit["NoNewPrivileges"]
    assert "" == unit["CapabilityBoundingSet"]
    assert {"AF_INET", "AF_INET6", "AF_NETLINK", "AF_UNIX"} == set(unit["RestrictAddressFamilies"].split())


def test_the_service_starts_the_command_of_the_program() -> None:
    program, command = service()["ExecStart"].split()
    assert ("f1timings", "serve") == (Path(program).name, command)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_systemd_accepts_the_unit_and_rates_its_exposure_as_low(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    # The program of the unit need not be installed where the tests run.
    unit.write_text(UNIT.read_text("utf-8").replace(service()["ExecStart"], "/bin/true"), "utf-8")
    verified = _systemd_analyze("verify", "--man=no", str(unit))
    assert (0, "") == (verified.returncode, verified.stderr)
    # The threshold is in tenths: 1.5 of 10, where 10 is a service without any limit.
    rated = _systemd_analyze("security", "--offline=true", "--threshold=15", str(unit))
    assert 0 == rated.returncode, rated.stdout + rated.stderr


def _systemd_analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60)


# The container -----------------------------------------------------------------------------------------


def containerfile() -> dict[str, list[str]]:
    """The arguments of each instruction in the last stage of the Containerfile."""
    text = re.sub(r"^#.*\n", "", CONTAINERFILE.read_text("utf-8"), flags=re.MULTILINE)
    last_stage = "FROM " + text.replace("\\\n", " ").rpartition("FROM ")[2]
    instructions: dict[str, list[str]] = {}
    for line in filter(None, last_stage.splitlines()):
        name, _, arguments = line.partition(" ")
        instructions.setdefault(name, []).append(" ".join(arguments.split()))
    return instructions


def test_the_image_runs_the_server_as_its_own_user_with_the_data_in_a_volume() -> None:
    image = containerfile()
    assert ["f1timings"] == image["USER"]
    assert ["/data"] == image["VOLUME"]
    assert ['["f1timings", "serve"]'] == image["CMD"]
    assert "F1TIMINGS_DATA_DIR=/data" in image["ENV"][0]


def test_the_image_names_the_ports_of_the_server_and_asks_it_whether_it_is_ready() -> None:
    image = containerfile()
    assert PORTS == image["EXPOSE"][0].split()
    assert READY in image["HEALTHCHECK"][0]


@pytest.mark.parametrize("name", ["f1timings", "f1timings-ports"])
def test_a_container_has_a_read_only_root_and_no_rights(name: str) -> None:
    container = compose(COMPOSE)[name]
    assert container["read_only"] is True
    assert ["ALL"] == container["cap_drop"]
    assert ["no-new-privileges:true"] == container["security_opt"]
    assert ["data:/data"] == container["volumes"]
    assert READY in container["healthcheck"]["test"][-1]
    assert ROOT == (COMPOSE.parent / container["build"]["context"]).resolve()
    assert CONTAINERFILE == ROOT / container["build"]["dockerfile"]


def test_the_ports_of_the_containers_are_those_of_the_server() -> None:
    containers = compose(COMPOSE)
    assert "host" == containers["f1timings"]["network_mode"]
    mapped = [port.split(":") for port in containers["f1timings-ports"]["ports"]]
    assert PORTS == [inside for _, inside in mapped]
    assert PORTS == [f"{outside}/{inside.partition('/')[2]}" for outside, inside in mapped]


def test_postgresql_is_reached_by_a_socket_only() -> None:
    containers = compose(WITH_POSTGRESQL)
    server, postgres = containers["f1timings"], containers["postgres"]
    url = server["environment"]["F1TIMINGS_DATABASE_URL"]
    folder = url.partition("?host=")[2]
    assert [f"socket:{folder}"] == server["volumes"]
    assert "socket:/var/run/postgresql" in postgres["volumes"]
    assert "none" == postgres["network_mode"]
    assert "ports" not in postgres
    assert f"postgresql://{postgres['environment']['POSTGRES_USER']}@/" in url
    assert f"/{postgres['environment']['POSTGRES_DB']}?" in url


def test_pg_dump_in_the_image_is_as_new_as_the_database() -> None:
    """Debian 12 (bookworm) has the programs of PostgreSQL 15, and pg_dump refuses a newer database."""
    assert re.fullmatch(r"python:3\.\d+-slim-bookworm", containerfile()["FROM"][0])
    assert "postgresql-client" in " ".join(containerfile()["RUN"])
    assert "postgres:15-bookworm" == compose(WITH_POSTGRESQL)["postgres"]["image"]


def test_what_the_build_of_the_wheel_needs_is_in_the_context_of_the_image() -> None:
    lines = CONTAINERFILE.with_name("Containerfile.dockerignore").read_text("utf-8").splitlines()
    included = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert {"src", "web", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE"} <= included
    assert [] == [name for name in included if not (ROOT / name).exists()]


# Windows -----------------------------------------------------------------------------------------------


def test_the_batch_file_is_plain_text_and_is_checked_out_with_the_line_ends_of_windows() -> None:
    assert WINDOWS.read_bytes().isascii()
    assert "*.cmd text eol=crlf" in (ROOT / ".gitattributes").read_text("utf-8").splitlines()


def test_each_jump_of_the_batch_file_has_a_target() -> None:
    text = WINDOWS.read_text("ascii")
    targets = set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    assert {"install", "wheel", "failed", "stopped"} == targets == set(re.findall(r"\bgoto (\w+)", text))


def test_the_batch_file_opens_the_admin_page_and_names_files_that_exist() -> None:
    text = WINDOWS.read_text("ascii")
    assert 1 == text.count("\\python.exe main.py --open-page admin ")
    assert 1 == text.count("\\python.exe -m f1timings serve --open-page admin ")
    assert "-r requirements.txt" in text
    assert (ROOT / "requirements.txt").is_file()
    assert (ROOT / "main.py").is_file()


def test_the_batch_file_wants_the_python_of_the_project() -> None:
    (major, minor), *_ = re.findall(
        r'requires-python = ">=(\d+)\.(\d+)"', (ROOT / "pyproject.toml").read_text()
    )
    text = WINDOWS.read_text("ascii")
    assert 2 == text.count(f"sys.version_info < ({major}, {minor})")
    assert f"needs Python {major}.{minor} or newer" in text
