"""The output and the exit code of each command.

Each command runs at least once as its users start it, by ``run_program``; else a forked process is quicker.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from scripts.documentation.commands import commands

import f1timings
from f1timings.intake.captures.pcapng_writer import PcapngWriter
from f1timings.packets import Header, build, encode, identify
from tests.command_line import children_that_can_be_interrupted, program, run_command, run_program
from tests.server.running import RunningServer, serve_arguments
from tests.waiting import LONGEST_WAIT_S

UID = 2**63 + 12_345
RIG, UNKNOWN_SENDER = "192.168.1.20", "192.168.1.99"
NOON = 1_795_363_920.0
# Two laps of car 3: the first is completed, the second is running when the capture ends.
LAP_MS, SECTOR1_MS, SECTOR2_MS = 83_456, 27_801, 28_502
SESSION_ID = f"{RIG}~{UID}~0"


def error_line(result: subprocess.CompletedProcess[str]) -> str:
    """Return the single line that a failing command prints; its exit code must be 2."""
    assert (2, "") == (result.returncode, result.stdout), result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("f1timings: ")
    return line.removeprefix("f1timings: ")


def packet(kind: str, session_time_s: float, **fields: Any) -> bytes:
    frame = 10 + round(session_time_s * 60)
    header = Header(
        2025,
        game_year=25,
        session_uid=UID,
        session_time=session_time_s,
        frame_identifier=frame,
        overall_frame_identifier=frame,
        player_car_index=3,
    )
    return encode(build(2025, kind, header, **fields))


def lap_data(number: int, clock_ms: int, session_time_s: float, **columns: int) -> bytes:
    """Return lap data of car 3."""
    row = {
        "current_lap_num": number,
        "current_lap_time_ms": clock_ms,
        "lap_distance": clock_ms / 20,
        "driver_status": 4,
        "result_status": 2,
    }
    return packet("lap_data", session_time_s, cars={3: row | columns})


def sent_datagrams() -> list[tuple[str, bytes]]:
    """Return addresses and datagrams: a practice of one car with its result, and an unknown sender."""
    sectors = {"sector1_time_ms": SECTOR1_MS}
    both = sectors | {"sector2_time_ms": SECTOR2_MS}
    name = "ŁUKASZ Ω".encode()
    person = {"name": name, "race_number": 33, "team_id": 2, "driver_id": 255, "nationality": 22}
    result = {"position": 1, "num_laps": 1, "result_status": 3, "best_lap_time_ms": LAP_MS}
    result |= {"points": 26, "penalties_time": 5, "grid_position": 2}
    datagrams = [
        packet("session", 0.0, track_id=11, session_type=1, track_length=5793, network_game=0),
        packet("participants", 0.0, num_active_cars=1, cars={3: person}),
        packet("car_status", 0.0, cars={3: {"visual_tyre_compound": 16}}),
        lap_data(1, 5, 0.005),
        lap_data(1, SECTOR1_MS + 8, 27.809, sector=1, **sectors),
        lap_data(1, SECTOR1_MS + SECTOR2_MS + 8, 56.311, sector=2, **both),
        lap_data(1, LAP_MS - 4, 83.452, sector=2, **both),
        lap_data(2, 12, 83.468, last_lap_time_ms=LAP_MS),
        lap_data(2, 30_000, 113.456, last_lap_time_ms=LAP_MS, sector=1, sector1_time_ms=27_900),
        b"no packet of any game",
        packet("final_classification", 113.5, num_cars=1, cars={3: result | {"total_race_time": 83.456}}),
    ]
    return [(RIG, datagram) for datagram in datagrams] + [(UNKNOWN_SENDER, b"hello")]


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The datagrams as a capture file."""
    path = tmp_path_factory.mktemp("captures") / "evening.pcapng"
    with path.open("wb") as file:
        writer = PcapngWriter(file)
        for number, (address, data) in enumerate(sent_datagrams()):
            writer.write(NOON + number / 10, address, 50_001, 20_777, data)
    return path


@pytest.fixture(scope="module")
def inspected(capture: Path) -> dict[str, Any]:
    result = run_command("inspect", capture, "--json")
    assert (0, "") == (result.returncode, result.stderr)
    report: dict[str, Any] = json.loads(result.stdout)
    return report


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A telemetry port that is in use."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(5)
        yield receiver


# Help --------------------------------------------------------------------------------------------------


def test_the_version_is_printed_alone() -> None:
    assert f"{f1timings.__version__}\n" == run_program("--version").stdout


def test_the_help_of_the_program_has_the_first_sentence_of_each_command() -> None:
    result = run_program("--help")
    printed = re.sub(r"\s+", " ", result.stdout)
    first = {name: command.help.split(". ")[0].removesuffix(".") for name, command in commands().items()}
    assert 0 == result.returncode
    assert [] == [name for name, sentence in first.items() if f" {name} {sentence}." not in printed]


def test_the_help_of_the_program_imports_no_command_and_no_large_library() -> None:
    program = (
        "import sys\nfrom f1timings.commands.main import main\n"
        "try:\n    main(['--help'])\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported = ended.stderr.split()
    own = {"f1timings", "f1timings.commands", "f1timings.commands.main", "f1timings.errors"}
    assert {*own, "f1timings.refusals"} == {
        name for name in imported if name.partition(".")[0] == "f1timings"
    }
    libraries = {name.partition(".")[0] for name in imported} - sys.stdlib_module_names
    assert {"f1timings", "typer"} <= libraries
    assert set() == libraries & {"fastapi", "pydantic", "rich", "sqlalchemy", "uvicorn"}


@pytest.mark.parametrize("command", commands())
def test_help_of_a_command_names_all_its_parameters(command: str) -> None:
    result = run_command(command, "--help")
    assert 0 == result.returncode
    flags = [flag for parameter in commands()[command].params for flag in parameter.opts]
    assert [] == [flag for flag in flags if flag not in result.stdout]


def test_an_unknown_command_or_flag_is_refused() -> None:
    assert [2, 2] == [run_command("race").returncode, run_command("serve", "--colour", "red").returncode]


# inspect -----------------------------------------------------------------------------------------------


def test_inspect_lists_the_packets_of_every_source(inspected: dict[str, Any]) -> None:
    kinds = {"session": 1, "participants": 1, "car_status": 1, "lap_data": 6, "final_classification": 1}
    assert [
        {
            "address": RIG,
            "datagrams": 11,
            "packets": kinds,
            "rejected": {"unknown_format": 1},
            "implausible": {},
        },
        {
            "address": UNKNOWN_SENDER,
            "datagrams": 1,
            "packets": {},
            "rejected": {"unknown_format": 1},
            "implausible": {},
        },
    ] == inspected["sources"]
    assert {"sources", "sessions"} == inspected.keys()


def test_inspect_lists_every_session(inspected: dict[str, Any]) -> None:
    (session,) = inspected["sessions"]
    facts = {
        name: session[name] for name in session if name not in ("participants", "laps", "classification")
    }
    assert {
        "id": SESSION_ID,
        "rig": RIG,
        "session_uid": str(UID),
        "epoch": 0,
        "continues": None,
        "format": 2025,
        "track_id": 11,
        "track": "Monza",
        "session_type": "Practice 1",
    } == facts
    assert [
        {"car_index": 3, "name": "ŁUKASZ Ω", "team": "Red Bull Racing", "race_number": 33, "is_ai": False}
    ] == session["participants"]


def test_inspect_lists_every_lap_in_the_form_of_the_api(inspected: dict[str, Any]) -> None:
    first, second = inspected["sessions"][0]["laps"]
    assert {
        "id": f"{SESSION_ID}~3~1~0",
        "session_id": SESSION_ID,
        "session_uid": str(UID),
        "rig": RIG,
        "car_index": 3,
        "participant": "ŁUKASZ Ω",
        "driver": None,
        "lap_number": 1,
        "branch": 0,
        "lap_time_ms": LAP_MS,
        "sector1_ms": SECTOR1_MS,
        "sector2_ms": SECTOR2_MS,
        "sector3_ms": LAP_MS - SECTOR1_MS - SECTOR2_MS,
        "is_valid": True,
        "compound": "soft",
        "assists": None,
        "weather": "clear",
        "start": None,
        "state": "completed",
        "recovered": False,
        "began_at": "2026-11-22T16:12:00.295000Z",
        "official_at": None,
    } == first
    assert (2, None, "partial") == (second["lap_number"], second["lap_time_ms"], second["state"])


def test_inspect_lists_the_classification(inspected: dict[str, Any]) -> None:
    assert [
        {
            "position": 1,
            "car_index": 3,
            "name": "ŁUKASZ Ω",
            "laps": 1,
            "best_lap_ms": LAP_MS,
            "total_time_ms": LAP_MS,
            "penalties_s": 5,
            "status": "finished",
            "points": 0,
        }
    ] == inspected["sessions"][0]["classification"]


def test_inspect_prints_the_same_as_readable_lines(capture: Path) -> None:
    result = run_command("inspect", capture)
    assert (0, "") == (result.returncode, result.stderr)
    assert f"{RIG}: Practice 1 at Monza, format 2025, 1 laps" in result.stdout
    assert re.search(r"car  3  lap   1   1:23\.456  ŁUKASZ Ω", result.stdout)


def test_inspect_prints_every_name_in_every_output_encoding(capture: Path) -> None:
    result = run_program("inspect", capture, "--json", PYTHONIOENCODING="cp1252")
    assert (0, "") == (result.returncode, result.stderr)
    assert "ŁUKASZ Ω" == json.loads(result.stdout)["sessions"][0]["participants"][0]["name"]


def test_a_capture_without_a_session_is_inspected_too(tmp_path: Path) -> None:
    path = tmp_path / "quiet.pcapng"
    with path.open("wb") as file:
        PcapngWriter(file)
    assert {"sources": [], "sessions": []} == json.loads(run_command("inspect", path, "--json").stdout)


@pytest.mark.parametrize(
    ("command", "content", "text"),
    [
        (["inspect"], b"hello, I am no capture", "neither pcap nor pcapng"),
        (["inspect", "--json"], b"", "is empty"),
        (["replay"], b"PK\x03\x04rest of an archive", "a zip archive: unpack it"),
        (["import"], b"{}", "JSON text"),
    ],
)
def test_a_file_that_is_no_capture_is_refused_in_one_line(
    command: list[str], content: bytes, text: str, tmp_path: Path
) -> None:
    path = tmp_path / "evening.pcap"
    path.write_bytes(content)
    flags = ["--data-dir", str(tmp_path / "data")] if command == ["import"] else []
    line = error_line(run_command(*command, path, *flags))
    assert (True, True) == ("evening.pcap" in line, text in line), line


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path) -> None:
    assert "No such file" in error_line(run_command("inspect", tmp_path / "nothing.pcap"))


# replay ------------------------------------------------------------------------------------------------


def test_replay_sends_every_datagram_complete_and_in_order(capture: Path) -> None:
    with listening() as receiver:
        port = receiver.getsockname()[1]
        result = run_program("replay", capture, "--to", f"127.0.0.1:{port}", "--speed", "0")
        sent = [receiver.recv(65_536) for _ in sent_datagrams()]
    assert (0, "") == (result.returncode, result.stderr)
    assert result.stdout.startswith(f"{len(sent)} datagrams of 2 sources sent to 127.0.0.1:{port} in ")
    assert [data for _, data in sent_datagrams()] == sent


@pytest.mark.parametrize("target", ["127.0.0.1", ":20777", "127.0.0.1:x", "127.0.0.1:65536"])
def test_replay_to_an_invalid_address_shows_a_valid_one(target: str, capture: Path) -> None:
    assert f"{target!r} is not HOST:PORT. Write it like 127.0.0.1:20777." == error_line(
        run_command("replay", capture, "--to", target)
    )


# simulate ----------------------------------------------------------------------------------------------


def test_simulate_sends_packets_of_the_requested_format(tmp_path: Path) -> None:
    truth = tmp_path / "truth.json"
    with listening() as receiver:
        address = f"127.0.0.1:{receiver.getsockname()[1]}"
        flags = ("--rigs", "2", "--kind", "time_trial", "--format", "2023", "--seconds", "5")
        result = run_program("simulate", "--to", address, *flags, "--truth", truth)
        formats = {identify(receiver.recv(65_536)).packet_format for _ in range(50)}
    assert (0, "") == (result.returncode, result.stderr)
    assert re.fullmatch(rf"\d+ datagrams of 2 rigs sent to {address} in \d+\.\d s\n", result.stdout)
    assert ({2023}, True) == (formats, "sessions" in json.loads(truth.read_text("utf-8")))


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (["--kind", "parade"], "There is no kind 'parade' to simulate"),
        (["--rate", "45"], "rate_hz is 20, 30 or 60"),
        (["--to", "nowhere"], "'nowhere' is not HOST:PORT"),
    ],
)
def test_simulate_refuses_impossible_values(flags: list[str], text: str) -> None:
    assert text in error_line(run_command("simulate", "--seconds", "1", *flags))


# import and rebuild ------------------------------------------------------------------------------------


def test_an_imported_capture_is_in_the_folder_and_a_second_import_changes_nothing(
    capture: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    results = [run("import", capture, "--data-dir", folder) for run in (run_program, run_command)]
    assert [(0, f"2 laps of 1 sessions are in {folder}\n")] * 2 == [
        (result.returncode, result.stdout) for result in results
    ]
    with RunningServer(folder) as server:
        assert [1, 1] == [lap["revision"] for lap in server.everything("/api/v1/laps")]
        third = run_command("import", capture, "--data-dir", folder)
        assert (0, results[0].stdout) == (third.returncode, third.stdout)
        assert 2 == len(server.everything("/api/v1/laps"))


def test_a_rebuild_times_the_laps_of_all_captures(capture: Path, tmp_path: Path) -> None:
    captures = tmp_path / "data" / "captures"
    captures.mkdir(parents=True)
    shutil.copy(capture, captures / "20261122T161200Z-0001.pcapng")
    result = run_program("rebuild", "--data-dir", tmp_path / "data")
    assert (0, f"1 captures: 2 laps of 1 sessions are in {tmp_path / 'data'}\n") == (
        result.returncode,
        result.stdout,
    )


# serve -------------------------------------------------------------------------------------------------


def test_the_program_serves_until_ctrl_c(tmp_path: Path) -> None:
    server, log = RunningServer(tmp_path / "data"), tmp_path / "data.log"
    words = program(*serve_arguments(tmp_path / "data", port=server.port))
    with log.open("w") as output, children_that_can_be_interrupted():
        started = subprocess.Popen(words, stdout=output, stderr=output)
    with started:
        try:
            server.until(lambda: server.get("/api/health/ready")["status"] == "ready")
        finally:
            started.send_signal(signal.SIGINT)
        assert 0 == started.wait(LONGEST_WAIT_S)
    assert "Traceback" not in server.log


def test_a_second_server_on_the_same_data_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with RunningServer(folder) as server:
        line = error_line(run_command(*serve_arguments(folder)))
        status = server.get("/api/health/ready")["status"]
    assert re.fullmatch(
        rf"The data folder {re.escape(str(folder))} is in use by a running server \(process \d+\)\. "
        r"Stop it, or choose another folder with --data-dir\.",
        line,
    )
    assert "ready" == status


def test_the_data_folder_is_free_after_the_server_was_killed(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "data") as server:
        server.kill()
        server.start()
        assert "ok" == server.get("/api/health")["status"]


def test_a_telemetry_port_in_use_stops_the_start_with_a_remedy(tmp_path: Path) -> None:
    with listening() as blocking:
        result = run_command(*serve_arguments(tmp_path / "data", udp_port=blocking.getsockname()[1]))
    assert 2 == result.returncode
    assert "another program uses it" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("f1timings: ")


def test_a_page_port_in_use_stops_the_start_with_a_remedy(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as blocking:
        result = run_command(*serve_arguments(tmp_path / "data", port=blocking.getsockname()[1]))
    assert 2 == result.returncode
    assert "Set another port with --port or F1TIMINGS_PORT." in result.stderr.splitlines()[-1]


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    assert "--data-dir or F1TIMINGS_DATA_DIR" in error_line(run_command(*serve_arguments(tmp_path / "data")))


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("mysql://localhost/f1", "mysql is not supported; use sqlite:///FILE or postgresql://HOST/NAME"),
        ("nothing", "use sqlite:///FILE or postgresql://HOST/NAME"),
        ("sqlite://", "a database in memory loses everything"),
        ("postgresql://127.0.0.1:1/f1", "the database cannot be opened"),
    ],
)
def test_an_impossible_database_is_refused(url: str, text: str, tmp_path: Path) -> None:
    assert text in error_line(run_command(*serve_arguments(tmp_path / "data"), "--database-url", url))


def test_the_error_for_an_invalid_setting_has_its_name_and_where_to_set_it() -> None:
    expected = re.compile(r"Setting 'port': .* Set it by --port, F1TIMINGS_PORT or in f1timings\.toml\.")
    for result in (run_command("serve", "--port", "65536"), run_command("serve", F1TIMINGS_PORT="eight")):
        assert expected.fullmatch(error_line(result))
