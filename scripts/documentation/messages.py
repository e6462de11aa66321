"""Examples of the messages on the WebSocket, and its limits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from f1timings.live.fanout import messages
from f1timings.live.fanout.hub import PROTOCOL
from f1timings.live.fanout.limits import HubLimits
from f1timings.live.fanout.row_columns import Value
from f1timings.live.fanout.sheet import Contents, Sheet
from f1timings.live.views.tower import COLUMNS as TOWER
from f1timings.web import socket
from f1timings.web.laps.bodies import LAP
from f1timings.web.meetings.bodies import ACT, MEETING
from f1timings.web.rigs.bodies import RIG
from f1timings.web.sessions.bodies import CLASSIFICATION, PARTICIPANT, SESSION
from f1timings.web.sessions.occurrence_bodies import INCIDENT, PIT_VISIT, STINT
from scripts.documentation.markdown import json_block, table

_NOW: Final = 1_795_363_920.25
_RIG: Final = "192.168.1.21"
_EPOCH: Final = "5f0a91c2"
_INNERMOST: Final = re.compile(r"\[[^\[\]{}]*\]|\{[^\[\]{}]*\}")

_FIRST: dict[str, Value] = {
    "position": 1,
    "participant": "LECLERC",
    "person": None,
    "team": "Ferrari",
    "race_number": 16,
    "lap": 7,
    "lap_start_ms": 511020,
    "sector": 2,
    "sector1_ms": 27801,
    "sector2_ms": None,
    "last_ms": 83456,
    "last_sector1_ms": 27830,
    "last_sector2_ms": 28511,
    "last_sector3_ms": 27115,
    "best_ms": 83101,
    "sector1_mark": "personal",
    "sector2_mark": "slower",
    "sector3_mark": "slower",
    "last_mark": "slower",
    "is_fastest": True,
    "gap_ms": 0,
    "interval_ms": None,
    "laps_down": 0,
    "gained": 2,
    "tyre": "soft",
    "tyre_age": 6,
    "stops": 0,
    "penalties_s": 0,
    "drive_throughs": 0,
    "stop_gos": 0,
    "warnings": 1,
    "track_limits": 1,
    "wing": "closed",
    "is_overtaking": None,
    "flags": 2050,
}
_SECOND: dict[str, Value] = {
    **_FIRST,
    "position": 2,
    "participant": "Ana",
    "person": "Ana Moreno",
    "race_number": 44,
    "lap_start_ms": 512245,
    "sector1_ms": 27655,
    "last_ms": 83391,
    "last_sector1_ms": 27765,
    "is_fastest": False,
    "gap_ms": 1225,
    "interval_ms": 1225,
    "gained": -1,
    "flags": 1,
}
_FACTS: Mapping[str, Value] = {
    "state": "live",
    "heard_at_ms": 1795363920012,
    "session_id": "192.168.1.21~14061966829349171242~0",
    "session_type": "Race",
    "track": "Monza",
    "track_length_m": 5793,
    "is_race": True,
    "is_ended": False,
    "total_laps": 14,
    "time_left_s": 6652,
    "weather": "clear",
    "is_paused": False,
    "flag": "green",
    "session_kind": "race",
    "is_final": False,
    "clock_zero_ms": 1795363371806,
    "clock_stands_at_ms": None,
}


def message(name: str) -> str:
    """One message as the server sends it: the name of an event, or one of the messages below."""
    text = _MESSAGES[name]() if name in _MESSAGES else _event_update(name)
    block = json_block(json.loads(text))
    return _INNERMOST.sub(_on_one_line, block) if name.startswith("row_") else block


def _on_one_line(match: re.Match[str]) -> str:
    """A list of plain values on one line: a row of a view."""
    return re.sub(r"\n\s*", " ", match[0]).replace("[ ", "[").replace(" ]", "]")


def _event_update(event: str) -> str:
    return messages.update("events", 8, event, messages.json_text(_event_data()[event]))


def _event_data() -> dict[str, dict[str, Any]]:
    """Examples of ``data`` for every event of the view ``events``."""
    rig_facts = ("rig", "address", "port", "listen_port", "packet_format", "game_year")
    return {
        "act_recorded": {
            "id": ACT["id"],
            "at": ACT["at"],
            "kind": ACT["kind"],
            "changed": [{"kind": "meeting", "id": ACT["subject"]}],
        },
        "circuit_changed": {"meeting_id": MEETING["id"], "circuit": MEETING["current_circuit"]},
        "incident_recorded": INCIDENT,
        "laps_changed": {"laps": 812},
        "lap_official": LAP,
        "participants_changed": {
            "session_id": SESSION["id"],
            "participants": [PARTICIPANT],
        },
        "pit_visit_recorded": PIT_VISIT,
        "rig_seen": {name: RIG[name] for name in rig_facts},
        "session_changed": SESSION,
        "session_classified": CLASSIFICATION,
        "stint_recorded": STINT,
    }


def _sheet() -> Sheet:
    """A tower that has changed often, so that the sequence numbers in the example are realistic."""
    sheet = Sheet(f"tower:{_RIG}", TOWER, f"{_EPOCH}.4")
    for _ in range(311):
        sheet.apply(Contents({"19": ()}))
        sheet.apply(Contents({}))
    rows = {"16": tuple(_FIRST.values()), "19": tuple(_SECOND.values())}
    sheet.apply(Contents(rows, dict(_FACTS)))
    return sheet


def _changed_sheet() -> Sheet:
    """The tower after the second car has overtaken the first."""
    sheet = _sheet()
    first = {**_FIRST, "position": 2, "gap_ms": 312, "interval_ms": 312, "gained": 1, "flags": 2}
    second = {**_SECOND, "position": 1, "gap_ms": 0, "interval_ms": None, "gained": 0, "flags": 2049}
    rows = {"16": tuple(first.values()), "19": tuple(second.values())}
    sheet.apply(Contents(rows, {**_FACTS, "flag": "yellow"}))
    return sheet


def _row_snapshot() -> str:
    """A snapshot of a tower."""
    return _sheet().snapshot(_NOW).payload.decode()


def _row_update() -> str:
    """The update that follows the snapshot."""
    sheet = _changed_sheet()
    return sheet.update(sheet.seq - 1).payload.decode()


def _hello() -> str:
    """The first message of a connection."""
    return messages.hello(PROTOCOL, "0.1.0", _EPOCH, _NOW)


def _command() -> str:
    """A command to a screen."""
    return messages.command("reload")


_MESSAGES: Final[Mapping[str, Callable[[], str]]] = {
    "snapshot": lambda: messages.snapshot("events", 7, _NOW),
    "heartbeat": lambda: messages.heartbeat("events", 8, _NOW),
    "row_snapshot": _row_snapshot,
    "row_update": _row_update,
    "hello": _hello,
    "command": _command,
    "storage": lambda: messages.storage("full"),
}


def limits_table() -> str:
    """The limits for one screen and for all screens."""
    limits = HubLimits()
    rows = (
        ("connections at the same time", str(limits.clients)),
        ("connections from one address", str(limits.per_address)),
        ("views per screen", str(limits.views)),
        ("missed updates that a screen receives later; after more it gets a snapshot", str(limits.buffer)),
        ("the same of the view `events`", str(limits.events)),
        ("time without reading its data, after which a screen is disconnected", f"{limits.stall_s:g} s"),
        ("time between heartbeats", f"{limits.heartbeat_s:g} s"),
        ("length of a message from a screen", f"{socket.LARGEST_MESSAGE} bytes"),
        ("messages per second from a screen", str(socket.MESSAGES_PER_SECOND)),
    )
    return table(("", "at most"), rows)
