"""The text of the messages to screens: one JSON object per message, encoded once for all screens."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from f1timings.errors import StoreTrouble
from f1timings.timing.occurrences import OCCURRENCE_NAMES


class Announcement(NamedTuple):
    """An event for the view ``events``.

    Attributes:
        event: its name, one of :data:`EVENTS`.
        data: the whole new record; plain JSON values only.
    """

    event: str
    data: Mapping[str, object]


EVENTS = frozenset(
    {
        "lap_official",
        "session_changed",
        "participants_changed",
        "session_classified",
        "rig_seen",
        "circuit_changed",
        *(f"{name}_recorded" for name in OCCURRENCE_NAMES.values()),
        "act_recorded",
        "laps_changed",
    }
)


def utc_text(seconds: float) -> str:
    """Format seconds since 1970 as RFC 3339 in UTC: ``2026-11-22T16:12:00.123Z``."""
    second = math.floor(seconds)
    carry, microseconds = divmod(round((seconds - second) * 1_000_000), 1_000_000)
    return f"{_second_text(second + carry)}.{microseconds // 1000:03d}Z"


@lru_cache(maxsize=8)
def _second_text(second: int) -> str:
    """The text up to the second; many messages are sent within one."""
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None).isoformat()


def json_text(value: Mapping[str, object] | Sequence[object]) -> str:
    """Encode as JSON without spaces; NaN and infinity are refused, because browsers cannot parse them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def update(view: str, seq: int, event: str, data: str) -> str:
    """Update number ``seq`` of a view; ``data`` is already JSON text."""
    return f'{{"view":"{view}","seq":{seq},"event":"{event}","data":{data}}}'


def snapshot(view: str, seq: int, now: float) -> str:
    """A snapshot of ``events``: the screen reads its lists again, then applies the updates after ``seq``."""
    return json_text({"view": view, "seq": seq, "snapshot": {"server_time": utc_text(now)}})


def heartbeat(view: str, seq: int, now: float) -> str:
    """A sign of life; ``seq`` is the number of the newest update."""
    return json_text({"view": view, "seq": seq, "heartbeat": {"server_time": utc_text(now)}})


def hello(protocol: int, build: str, epoch: str, now: float) -> str:
    """The first message to a screen, after its first subscription."""
    return json_text(
        {"hello": {"protocol": protocol, "build": build, "epoch": epoch, "server_time": utc_text(now)}}
    )


def storage(trouble: StoreTrouble | None) -> str:
    """Why nothing can be stored at the moment; None as soon as it can."""
    return json_text({"storage": {"trouble": trouble}})


def error(title: str, detail: str, view: str | None = None) -> str:
    """The answer to what was not understood or refused; ``detail`` says what to send.

    Args:
        view: the refused view; None if the whole message was not understood.
    """
    refused = {} if view is None else {"view": view}
    return json_text({"error": {"title": title, "detail": detail, **refused}})


def command(name: str) -> str:
    """A command to a screen, such as ``reload``."""
    return json_text({"command": name})
