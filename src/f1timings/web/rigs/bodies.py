"""The JSON of rigs with their drivers, and of running orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from pydantic import ConfigDict, Field

from f1timings.live.fanout.messages import utc_text
from f1timings.meeting.people import Driver, RigCard
from f1timings.rigs.health import Hint, RigFacts, hints
from f1timings.rigs.registry import SILENT_S, RigSeen, RigStatus
from f1timings.store.reads.rigs import JoinedRig, RigOccupant, StoredCard
from f1timings.timing import running_order
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text
from f1timings.web.sessions.bodies import SESSION

ORDER_ROW: dict[str, Any] = {
    "position": 2,
    "car_index": 3,
    "participant": "LECLERC",
    "lap_number": 7,
    "gap_ms": 1824,
    "interval_ms": 1824,
    "laps_down": 0,
    "last_lap_ms": 83771,
    "best_lap_ms": 83502,
    "pit_status": "none",
    "result_status": "active",
}
ORDER: dict[str, Any] = {
    "items": [ORDER_ROW],
    "next": None,
    "session_id": SESSION["id"],
    "session_time_ms": 598310,
}
RIG_DRIVER: dict[str, Any] = {"driver_id": "2c90fd61b7e4", "name": "Ben"}
SEATED_DRIVER: dict[str, Any] = {
    "driver_id": "7be2094c1a5f",
    "name": "Marta",
    "since": "2026-11-22T18:20:31.004100Z",
    "assignment_id": "5d0c8e1fa934",
    "is_default": False,
}
JOINED_RIG: dict[str, Any] = {"rig": "192.168.1.34", "label": "Rig 9", "act_id": "81f0d2a6c3b7"}
RIG: dict[str, Any] = {
    "rig": "192.168.1.21",
    "label": "Left",
    "number": 1,
    "version": 96,
    "name": "Left",
    "place": 1,
    "joined": [],
    "driver": SEATED_DRIVER,
    "default_driver": RIG_DRIVER,
    "address": "192.168.1.21",
    "port": 54211,
    "listen_port": 20777,
    "packet_format": 2025,
    "game_year": 25,
    "is_live": True,
    "last_received_at": "2026-11-22T16:12:00.123Z",
    "datagrams": 90312,
    "datagrams_per_s": 417.2,
    "updates_per_s": 60.0,
    "lost_pct": 2.4,
    "hints": ["losses"],
    "packets": {"lap_data": 30104, "motion": 30104},
    "rejected": {"wrong_size": 3},
    "implausible": {"final_classification.best_lap": 2},
}


class OrderRowBody(Body):
    """One car in the running order."""

    model_config = ConfigDict(json_schema_extra={"examples": [ORDER_ROW]})

    position: int
    car_index: int
    participant: str | None = Field(description="The name in the game.")
    lap_number: int
    gap_ms: int | None = Field(
        description="To the first car: in a race measured on the track, otherwise between best laps; null if "
        "not known."
    )
    interval_ms: int | None = Field(description="The same to the car ahead; null for the first car.")
    laps_down: int | None = Field(description="Full laps behind the first car; null outside races.")
    last_lap_ms: int | None
    best_lap_ms: int | None
    pit_status: str | None
    result_status: str | None

    @classmethod
    def of(cls, row: running_order.OrderRow) -> Self:
        """Build the body of a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class RunningOrderBody(ListBody[OrderRowBody]):
    """The current running order of a rig's session, with all cars that take part."""

    model_config = ConfigDict(json_schema_extra={"examples": [ORDER]})

    session_id: str | None = Field(
        description="null before the rig's first session since the start of the server."
    )
    session_time_ms: int | None = Field(description="By the game's clock.")

    @classmethod
    def of(cls, order: running_order.RunningOrder | None) -> Self:
        """Build the body of a running order; None is an empty one."""
        if order is None:
            return cls(items=[], next=None, session_id=None, session_time_ms=None)
        return cls(
            items=[OrderRowBody.of(row) for row in order.rows],
            next=None,
            session_id=order.session_id,
            session_time_ms=order.session_time_ms,
        )


class RigDriverBody(Body):
    """A driver, by id and by the name that screens show."""

    model_config = ConfigDict(json_schema_extra={"examples": [RIG_DRIVER]})

    driver_id: str
    name: str

    @classmethod
    def of(cls, driver: Driver | None) -> Self | None:
        """Build the body of a driver."""
        return None if driver is None else cls(driver_id=driver.id, name=driver.shown_name)


class SeatedDriverBody(Body):
    """The driver who gets the laps that begin at a rig now."""

    model_config = ConfigDict(json_schema_extra={"examples": [SEATED_DRIVER]})

    driver_id: str
    name: str
    since: Timestamp
    assignment_id: str
    is_default: bool = Field(description="It is the default driver, because no other driver is assigned.")

    @classmethod
    def of(cls, occupant: RigOccupant | None) -> Self | None:
        """Build the body of the driver at a rig."""
        if occupant is None:
            return None
        return cls(
            driver_id=occupant.driver.id,
            name=occupant.driver.shown_name,
            since=moment_text(occupant.assignment.since),
            assignment_id=occupant.assignment.id,
            is_default=occupant.assignment.is_default,
        )


class JoinedRigBody(Body):
    """A rig that was joined into another one."""

    model_config = ConfigDict(json_schema_extra={"examples": [JOINED_RIG]})

    rig: str = Field(description="Its key; in all requests it means the rig that remains.")
    label: str = Field(description="The name that screens showed before.")
    act_id: str | None = Field(description="The act to undo, so that both are separate rigs again.")

    @classmethod
    def of(cls, joined: JoinedRig) -> Self:
        """Build the body of a joined rig."""
        return cls(rig=joined.rig, label=joined.name, act_id=joined.act_id)


class RigBody(Body):
    """A simulator that sends to this server. Counters begin at the start of the server."""

    model_config = ConfigDict(json_schema_extra={"examples": [RIG]})

    rig: str
    label: str = Field(description='The name that screens show: its name, or its number, as in "Rig 3".')
    number: int | None = Field(
        description="Counts the rigs in the order of their first appearance; null before it is stored."
    )
    version: int = Field(description="The version of name and place; 0 before the first edit.")
    name: str | None = Field(description="The name that people gave it; null if it has none.")
    place: int | None = Field(description="The place of its card among the others.")
    joined: list[JoinedRigBody] = Field(
        description="Rigs that were joined into it, for example its former addresses; empty for most rigs."
    )
    driver: SeatedDriverBody | None = Field(
        description="The driver who gets the laps that begin now; null if no known driver is there."
    )
    default_driver: RigDriverBody | None = Field(description="The driver who usually drives there.")
    address: str
    port: int
    listen_port: int = Field(description="The port of this server to which it sends.")
    packet_format: int | None
    game_year: int | None
    is_live: bool = Field(description=f"It has sent something in the last {SILENT_S:g} s.")
    last_received_at: Timestamp | None = Field(
        description="null before its first datagram since the start of the server."
    )
    datagrams: int
    datagrams_per_s: float | None = Field(description="Over the last 5 s; null if not known yet.")
    updates_per_s: float | None = Field(
        description="The send rate at which updates arrive, about 20, 30 or 60."
    )
    lost_pct: float | None = Field(
        description="The share of lost updates in the last 5 s; null if there were too few."
    )
    hints: list[Hint] = Field(description="What to check if something is missing; empty if all is well.")
    packets: dict[str, int] = Field(description="Recognised packets, by kind.")
    rejected: dict[str, int] = Field(description="Rejected datagrams, by reason.")
    implausible: dict[str, int] = Field(
        description="Values in packets that nobody can have driven, by kind; they count as unknown."
    )

    @classmethod
    def of(
        cls,
        seen: RigSeen | RigStatus,
        status: RigStatus | None,
        *,
        now: float,
        card: StoredCard | None = None,
        number: int | None = None,
        hides_names: bool = False,
        joined: Sequence[JoinedRig] = (),
        sends_twice: bool = False,
    ) -> Self:
        """Build the body of a rig.

        Args:
            seen: the rig as stored; for a rig that is not stored yet, its status.
            status: the rig as the intake knows it, None if it has sent nothing since the start of the server.
            now: server time, seconds since 1970.
            card: what people entered about it.
            number: None for a rig that is not stored yet.
            hides_names: the game hides the name of another person in its session.
            joined: the rigs that were joined into it.
            sends_twice: it sends under two of its keys at once.
        """
        newest = status or seen
        facts = RigFacts.of(
            seen,
            status,
            now,
            hides_names=hides_names,
            is_seated=card is not None and card.occupant is not None,
            sends_twice=sends_twice,
        )
        entered = RigCard(rig=seen.key, name=None, place=None) if card is None else card.card
        return cls(
            rig=seen.key,
            label=entered.name or ("Rig" if number is None else f"Rig {number}"),
            number=number,
            version=entered.seq,
            name=entered.name,
            place=entered.place,
            joined=[JoinedRigBody.of(each) for each in joined],
            driver=None if card is None else SeatedDriverBody.of(card.occupant),
            default_driver=None if card is None else RigDriverBody.of(card.default),
            address=newest.address,
            port=newest.port,
            listen_port=newest.listen_port,
            packet_format=facts.packet_format,
            game_year=facts.game_year,
            is_live=facts.is_live,
            last_received_at=None if status is None else utc_text(status.last_received_at),
            datagrams=sum(facts.packets.values()) + sum(facts.rejected.values()),
            datagrams_per_s=_rounded(facts.datagrams_per_s),
            updates_per_s=_rounded(facts.updates_per_s),
            lost_pct=_rounded(facts.lost_pct),
            hints=list(hints(facts)),
            packets=dict(facts.packets),
            rejected=dict(facts.rejected),
            implausible=dict(facts.implausible),
        )


class RigListBody(ListBody[RigBody]):
    """A page of the rigs that have ever sent to this server."""


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 1)
