"""The JSON from which the charts of a session are drawn: its cars, and columns of what they drove."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Self

from pydantic import ConfigDict, Field

from f1timings.store import StoredLap, StoredSession
from f1timings.timing.occurrences import PitVisit, Stint
from f1timings.timing.records import ClassificationEntry, Participant
from f1timings.web.http.bodies import Body

_MS_PER_S: Final = 1000

CHART: dict[str, Any] = {
    "session_id": "192.168.1.21~14061966829349171242~0",
    "track": "Monza",
    "session_type": "Race",
    "is_race": True,
    "total_laps": 14,
    "cars": [
        {
            "car_index": 19,
            "name": "VERSTAPPEN",
            "driver": "Anna",
            "team": "Red Bull Racing",
            "race_number": 33,
            "is_ai": False,
            "grid_position": 2,
            "position": 1,
            "status": "finished",
        }
    ],
    "laps": {
        "car_index": [19, 19],
        "lap_number": [1, 2],
        "lap_time_ms": [91004, 83456],
        "crossed_ms": [95210, 178672],
    },
    "stints": {"car_index": [19], "first_lap": [1], "last_lap": [6], "compound": ["soft"]},
    "pit_visits": {"car_index": [19], "lap_number": [6]},
}


class ChartCarBody(Body):
    """One car of the charts."""

    model_config = ConfigDict(json_schema_extra={"examples": CHART["cars"]})

    car_index: int
    name: str | None = Field(description="As the game names the driver.")
    driver: str | None = Field(description="The driver who has the newest lap of the car that has one.")
    team: str | None
    race_number: int | None
    is_ai: bool
    grid_position: int | None = Field(description="null before the game has sent the result.")
    position: int | None = Field(description="In the result; null before it.")
    status: str | None = Field(description="In the result; null before it.")


class ChartLapsBody(Body):
    """The timed laps that no flashback undid, also deleted and invalid ones; one column per fact."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHART["laps"]]})

    car_index: list[int]
    lap_number: list[int]
    lap_time_ms: list[int]
    crossed_ms: list[int | None] = Field(
        description="When the server received the end of the lap, after it opened the session. Use it "
        "for the order only: it includes pauses and what a flashback undid. null if a lost datagram hid a "
        "part of the lap."
    )


class ChartStintsBody(Body):
    """The stints that no flashback undid, one column per fact."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHART["stints"]]})

    car_index: list[int]
    first_lap: list[int | None]
    last_lap: list[int | None] = Field(description="null while the stint lasts.")
    compound: list[str | None] = Field(description="Visual compound.")


class ChartPitVisitsBody(Body):
    """The pit visits that no flashback undid, one column per fact."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHART["pit_visits"]]})

    car_index: list[int]
    lap_number: list[int] = Field(description="The lap in which the visit began.")


class ChartBody(Body):
    """What the charts of one session are drawn from."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHART]})

    session_id: str
    track: str | None
    session_type: str | None
    is_race: bool
    total_laps: int | None
    cars: list[ChartCarBody]
    laps: ChartLapsBody
    stints: ChartStintsBody
    pit_visits: ChartPitVisitsBody

    @classmethod
    def of(
        cls,
        stored: StoredSession,
        *,
        participants: Iterable[Participant],
        entries: Iterable[ClassificationEntry],
        laps: Iterable[StoredLap],
        stints: Iterable[Stint],
        visits: Iterable[PitVisit],
    ) -> Self:
        """The body of a session and its records.

        Args:
            laps / stints / visits: those that no flashback undid.
        """
        session = stored.session
        driven = sorted(laps, key=lambda each: (each.lap.car_index, each.lap.lap_number, each.lap.branch))
        return cls(
            session_id=session.id,
            track=session.track,
            session_type=session.session_type,
            is_race=session.is_race,
            total_laps=session.total_laps,
            cars=_cars(participants, entries, driven),
            laps=_laps(stored, driven),
            stints=ChartStintsBody(**_columns(ChartStintsBody, stints)),
            pit_visits=ChartPitVisitsBody(**_columns(ChartPitVisitsBody, visits)),
        )


def _cars(
    participants: Iterable[Participant], entries: Iterable[ClassificationEntry], laps: list[StoredLap]
) -> list[ChartCarBody]:
    drivers = {each.lap.car_index: each.driver for each in laps if each.driver is not None}
    results = {entry.car_index: entry for entry in entries}
    return [
        ChartCarBody(
            car_index=each.car_index,
            name=each.name,
            driver=drivers.get(each.car_index),
            team=each.team,
            race_number=each.race_number,
            is_ai=each.is_ai,
            **_result(results.get(each.car_index)),
        )
        for each in participants
    ]


def _result(entry: ClassificationEntry | None) -> dict[str, Any]:
    return {name: getattr(entry, name, None) for name in ("grid_position", "position", "status")}


def _laps(stored: StoredSession, laps: list[StoredLap]) -> ChartLapsBody:
    timed = [each for each in laps if each.lap.lap_time_ms is not None]
    return ChartLapsBody(
        car_index=[each.lap.car_index for each in timed],
        lap_number=[each.lap.lap_number for each in timed],
        lap_time_ms=[each.lap.lap_time_ms or 0 for each in timed],
        crossed_ms=[_crossed_ms(stored, each) for each in timed],
    )


def _crossed_ms(stored: StoredSession, lap: StoredLap) -> int | None:
    if lap.lap.recovered:
        return None
    return round((lap.recorded_at - stored.opened_at).total_seconds() * _MS_PER_S)


def _columns(body: type[Body], records: Iterable[object]) -> dict[str, list[Any]]:
    rows = list(records)
    return {name: [getattr(row, name) for row in rows] for name in body.model_fields}
