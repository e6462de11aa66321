"""``f1timings token`` with and without a running server, and the settings of access."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from f1timings.app import Application
from f1timings.config import load_settings
from f1timings.errors import ConfigError
from f1timings.web.access.credentials.password_hashing import verify_now
from tests.command_line import run_command, run_program
from tests.commands.test_commands import error_line
from tests.server.running import RunningServer, serve_arguments
from tests.waiting import LONGEST_WAIT_S

SECRET = "no default, not even here"


def get_json(server: RunningServer, path: str, token: str) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{path}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=LONGEST_WAIT_S) as answer:
        return json.load(answer)


def create_token(folder: Path, *flags: str) -> str:
    result = run_command("token", "create", *flags, "--data-dir", folder)
    assert (0, "") == (result.returncode, result.stderr)
    assert re.fullmatch(r"f1t_[\w-]{43}\n", result.stdout), "the token, and nothing else"
    return result.stdout.strip()


def test_tokens_created_without_and_with_a_running_server_are_valid(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = create_token(folder, "--role", "admin")
    with RunningServer(folder) as server:
        second = create_token(folder, "--role", "marshal", "--name", "bot")
        roles = [get_json(server, "/api/v1/me", token)["role"] for token in (first, second)]
        assert ["admin", "marshal"] == roles
        listed = run_command("token", "list", "--data-dir", folder).stdout
        assert [r"marshal  token    until revoked  bot"] == re.findall(r"marshal.*", listed)
        token_id = listed.splitlines()[1].split()[0]
        assert "" == run_command("token", "revoke", token_id, "--data-dir", folder).stderr
        with pytest.raises(urllib.error.HTTPError, match="401") as refused:
            get_json(server, "/api/v1/laps", second)
        refused.value.close()
        message = error_line(run_command("token", "revoke", token_id, "--data-dir", folder))
        assert f"There is no token '{token_id}'." == message
    assert 1 == len(run_command("token", "list", "--data-dir", folder).stdout.splitlines())


def test_a_display_token_expires_after_the_given_days(tmp_path: Path) -> None:
    create_token(tmp_path, "--role", "viewer", "--display", "--days", "2")
    listed = run_program("token", "list", "--data-dir", tmp_path).stdout
    assert re.search(r"viewer   display  until 20\d\d-", listed)


def test_an_unknown_role_is_refused_in_one_line(tmp_path: Path) -> None:
    line = error_line(run_command("token", "create", "--role", "boss", "--data-dir", tmp_path))
    assert "There is no role 'boss'. Choose one of viewer, marshal, admin." == line


def test_the_console_shows_the_setup_code_at_the_first_start(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        log = (tmp_path / "data.log").read_text("utf-8")
        assert server.get("/api/v1/me")["needs_setup"]
    assert re.search(rf"Open http://127\.0\.0\.1:{server.port}/setup and enter the code [0-9A-Z]{{5}}-", log)
    assert "█" in log


def test_there_is_no_built_in_account(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        for name, password in (("admin", "admin123"), ("admin", "admin"), ("root", "password")):
            request = urllib.request.Request(
                f"http://127.0.0.1:{server.port}/api/v1/login",
                data=json.dumps({"name": name, "password": password}).encode(),
                headers={"Content-Type": "application/json"},
            )
            with pytest.raises(urllib.error.HTTPError, match="401") as refused:
                urllib.request.urlopen(request, timeout=LONGEST_WAIT_S)
            refused.value.close()


def start_application(folder: Path, password: str | None) -> Application:
    return Application(load_settings(data_dir=folder, admin_password=password, capture=False))


def test_the_setting_creates_the_admin_and_changes_its_password(tmp_path: Path) -> None:
    versions = []
    for password in (SECRET, SECRET, "another one, as good"):
        started = start_application(tmp_path, password)
        admin = started._access.directory.get_account_named("admin")
        started.close()
        assert admin is not None
        assert ("admin", False) == (admin.role, admin.is_disabled)
        assert verify_now(admin.password_hash, password)
        versions.append(admin.version)
    assert [1, 1, 2] == versions


@pytest.mark.parametrize("password", ["admin123", "short", "x" * 200])
def test_an_unsuitable_password_stops_the_start_and_is_not_shown(tmp_path: Path, password: str) -> None:
    result = run_command(*serve_arguments(tmp_path / "data"), F1TIMINGS_ADMIN_PASSWORD=password)
    line = error_line(result)
    assert line.startswith("Setting 'admin_password': ")
    assert password not in line
    assert "F1TIMINGS_ADMIN_PASSWORD" in line


def test_no_text_of_the_settings_contains_the_password() -> None:
    settings = load_settings(admin_password=SECRET)
    assert [] == [
        text for text in (repr(settings), str(settings), settings.model_dump_json()) if SECRET in text
    ]


def test_a_password_of_the_wrong_type_is_not_shown_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f1timings.toml").write_text("admin_password = 12345678")
    with pytest.raises(ConfigError) as refused:
        load_settings()
    assert "12345678" not in str(refused.value)


def test_host_names_of_the_setting_are_allowed(tmp_path: Path) -> None:
    started = Application(
        load_settings(data_dir=tmp_path, allowed_hosts="a.example, *.b.example", capture=False)
    )
    hosts = started._access.hosts
    started.close()
    assert [True, True, False] == [hosts.allows(name) for name in ("a.example", "x.b.example", "c.example")]
