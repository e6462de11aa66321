"""The log has one line per message, as text or as JSON, and no passwords."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from f1timings.log_lines import LogFormat, set_up_logging
from tests.server.running import RunningServer


@pytest.fixture(autouse=True)
def _former_handlers() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def written(log_format: LogFormat) -> list[str]:
    """The lines of a message with a value, of one with line ends, and of an exception."""
    stream = io.StringIO()
    set_up_logging("info", log_format, stream)
    log = logging.getLogger("f1timings.somewhere")
    log.debug("not wanted")
    log.info("telemetry at UDP port %d", 20_777, extra={"rig": 3, "color_message": "\x1b[36m"})
    log.warning("two\nlines of postgresql://timing:very-secret@db/evening")
    try:
        raise ValueError("no number: postgresql://timing:very-secret@db/evening")
    except ValueError:
        log.exception("failed")
    return stream.getvalue().splitlines()


def test_each_message_is_one_json_object_with_its_fields() -> None:
    first, second, third = [json.loads(line) for line in written("json")]
    assert first.pop("timestamp").endswith("Z")
    assert {
        "level": "info",
        "logger": "f1timings.somewhere",
        "event": "telemetry at UDP port 20777",
        "template": "telemetry at UDP port %d",
        "rig": 3,
    } == first
    assert ("warning", "two\nlines of postgresql://timing:***@db/evening") == (
        second["level"],
        second["event"],
    )
    assert "template" not in second
    assert "ValueError: no number" in third["exception"]


def test_people_read_the_time_the_level_and_the_text() -> None:
    assert written("console")[0].endswith(" INFO    telemetry at UDP port 20777")


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_the_password_of_a_url_is_in_no_line(log_format: LogFormat) -> None:
    assert not any("very-secret" in line for line in written(log_format))


def test_a_server_writes_json_if_it_is_set_and_no_secret(tmp_path: Path) -> None:
    server = RunningServer(tmp_path / "evening")
    try:
        server.start("--log-format", "json")
        token = server.token("admin")
    finally:
        server.stop()
    messages: list[dict[str, Any]] = [
        json.loads(line) for line in server.log.splitlines() if line.startswith("{")
    ]
    assert any(message["event"].startswith("telemetry at UDP port") for message in messages)
    assert {"event", "level", "logger", "timestamp"} <= set.intersection(*map(set, messages))
    assert not any(level in server.log for level in (" INFO ", " WARNING "))
    assert token not in server.log
