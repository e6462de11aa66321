"""The JSON of laps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from operator import itemgetter
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field

from f1timings.store import StoredLap
from f1timings.timing import records
from f1timings.timing.records import LapState
from f1timings.timing.start_kinds import StartKind
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text

LAP: dict[str, Any] = {
    "id": "192.168.1.21~14061966829349171242~0~19~7~0",
    "session_id": "192.168.1.21~14061966829349171242~0",
    "session_uid": "14061966829349171242",
    "rig": "192.168.1.21",
    "car_index": 19,
    "participant": "VERSTAPPEN",
    "driver": "Anna",
    "driver_id": "5d02c9e17a4b",
    "basis": "assignment",
    "meeting_id": "3f9a1c52b7d0",
    "circuit": "Monza",
    "source": "telemetry",
    "typed": None,
    "lap_number": 7,
    "lap_time_ms": 83456,
    "sector1_ms": 27801,
    "sector2_ms": 28502,
    "sector3_ms": 27153,
    "is_valid": True,
    "compound": "soft",
    "assists": "abs,auto_gears,tc_full",
    "weather": "clear",
    "start": "flying",
    "state": "completed",
    "game_state": None,
    "game_is_valid": None,
    "marked_by": None,
    "reason": None,
    "recovered": False,
    "began_at": "2026-11-22T16:10:36.612345Z",
    "recorded_at": "2026-11-22T16:12:00.068345Z",
    "official_at": "2026-11-22T16:12:00.123456Z",
    "branch": 0,
    "revision": 1,
}


class LapBody(Body):
    """One lap of one car; a value that is not known is null, never 0."""

    model_config = ConfigDict(json_schema_extra={"examples": [LAP]})

    id: str
    session_id: str
    session_uid: str = Field(description="The game's session UID, decimal text.")
    rig: str
    car_index: int
    participant: str | None = Field(description="The name in the game.")
    driver: str | None = Field(
        description="The driver's name as screens show it; null if no driver has the lap."
    )
    driver_id: str | None
    basis: str | None = Field(
        description="Why the lap is the driver's: `claim` (a marshal decided it), `assignment`, `default` "
        "(the rig's default driver), `game_name`, `manual` (typed for this driver)."
    )
    meeting_id: str | None = Field(description="The meeting that has the lap on its boards.")
    circuit: str | None
    source: Literal["telemetry", "manual"] = Field(description="From a game, or typed by hand.")
    typed: str | None = Field(description="The time of a manual lap as it was typed.")
    lap_number: int
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool | None = Field(
        description="The game's verdict on track limits, or a marshal's decision over it."
    )
    compound: str | None
    assists: str | None = Field(
        description="The assists that were on at any moment of the lap: sorted words, separated by commas; "
        "`none` if all were off; null if the game does not report them (cars other than the rig's own, 2020)."
    )
    weather: str | None = Field(description="At the lap's start; `mixed` if it changed during the lap.")
    start: StartKind | None = Field(
        description="How the lap began: `flying` (at speed), `standing` (from the grid), `pit` (in the "
        "pits); null if its beginning was not received."
    )
    state: LapState
    game_state: LapState | None = Field(
        description="The state that the game reported; null if no marshal has decided about the lap."
    )
    game_is_valid: bool | None = Field(description="The `is_valid` that the game reported.")
    marked_by: str | None = Field(description="The person who decided about the lap last, or typed it.")
    reason: str | None = Field(description="The reason that this person gave.")
    recovered: bool = Field(
        description="Part of the lap was in a lost datagram; a later datagram supplied it."
    )
    began_at: Timestamp | None = Field(
        description="By the server's clock; after a flashback over the line, the moment of the flashback; "
        "null if the beginning is not known. The driver assigned at this moment gets the lap, unless the "
        "driver changed while no packets arrived, in which it may have begun."
    )
    recorded_at: Timestamp = Field(
        description="When the lap was driven: its end, or when it was typed. The same in all revisions."
    )
    official_at: Timestamp = Field(
        description="When this revision counted: a decision of a marshal gets a new moment."
    )
    branch: int = Field(description="0 for the first attempt at this lap, one more after each flashback.")
    revision: int = Field(description="1 for the original, one more for each correction.")

    @classmethod
    def of(cls, stored: StoredLap) -> Self:
        """Build the body of a stored lap."""
        return cls(
            **lap_facts(stored.lap),
            **{name: getattr(stored, name) for name in _STORED_FACTS},
            began_at=None if stored.began_at is None else moment_text(stored.began_at),
            recorded_at=moment_text(stored.recorded_at),
            official_at=moment_text(stored.official_at),
            revision=stored.revision,
        )


# Fields that are not of the lap itself and have the same name in StoredLap.
_STORED_FACTS = (
    "driver",
    "driver_id",
    "basis",
    "meeting_id",
    "circuit",
    "source",
    "typed",
    "game_state",
    "game_is_valid",
    "marked_by",
    "reason",
)


_LAP_FACTS = tuple(field.name for field in fields(records.Lap))


def lap_facts(lap: records.Lap) -> dict[str, Any]:
    """Return the fields that describe the lap itself, for the bodies of stored and of live laps."""
    return {name: getattr(lap, name) for name in _LAP_FACTS} | {"session_uid": str(lap.session_uid)}


_NAMES = tuple(LapBody.model_fields)
_read_values = itemgetter(*_NAMES)


def lap_row(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a lap, as :class:`LapBody` has it.

    Args:
        stored: a row of :meth:`f1timings.store.reads.queries.Reads.list_lap_rows`.
    """
    row = dict(zip(_NAMES, _read_values(stored), strict=True))
    row["began_at"] = None if row["began_at"] is None else moment_text(row["began_at"])
    row["recorded_at"] = moment_text(row["recorded_at"])
    row["official_at"] = moment_text(row["official_at"])
    return row


class LapListBody(ListBody[LapBody]):
    """A page of laps."""
