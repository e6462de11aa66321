"""What is asked about people: drivers, whose the names in the games are, and all that is held of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    Integer,
    RowMapping,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy.types import Boolean, Text

from f1timings.meeting.drivers import PLACEHOLDER
from f1timings.meeting.people import Act, Assignment, Driver, GameName, LapMark, QueueEntry
from f1timings.packets.ids.sessions import TIME_TRIAL
from f1timings.store.paging import Condition, ListField, ListFields, Listing, Page
from f1timings.store.records import act_of, record_of, records_query
from f1timings.store.tables.column_types import Instant, PlainText, is_plain
from f1timings.store.tables.people import acts, attributions, drivers, game_names, lap_marks
from f1timings.store.tables.timed import laps, participants, sessions

T = TypeVar("T")
_FIRST_PAGE = Page()
_SECRET = ("pin", "token", "nickname")

# The games' driver ids of people: also of one whose car the game drives after the flag.
HUMAN_IDS = (255, 65535)


def is_human() -> ColumnElement[bool]:
    """Whether a participant is a person."""
    return or_(participants.c.is_ai.is_(False), participants.c.driver_id.in_(HUMAN_IDS))


class SeenName(NamedTuple):
    """A name of people in the games.

    Attributes:
        driver_id: whose it is; None also where nobody was asked.
        driver: as screens show the driver.
        is_known: somebody said whose it is, or that it is nobody's.
        last_seen_at: when the newest session with it began; None for one that was never seen.
    """

    name: str
    driver_id: str | None
    driver: str | None
    is_known: bool
    sessions: int
    laps: int
    last_seen_at: datetime | None


class BestLap(NamedTuple):
    """Somebody's best lap of a circuit."""

    circuit: str
    lap_time_ms: int
    set_at: datetime
    lap_id: str


class PersonalLap(NamedTuple):
    """What is held of one lap of a person."""

    lap_id: str
    session_id: str
    rig: str
    circuit: str | None
    participant: str | None
    lap_number: int
    lap_time_ms: int | None
    sector1_ms: int | None
    sector2_ms: int | None
    sector3_ms: int | None
    is_valid: bool | None
    state: str
    basis: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Everything that is held of one person.

    Attributes:
        merged: drivers that turned out to be this one.
        former_names: names and nicknames of before, as far as acts remember them.
        marks: what marshals decided about the person's laps.
        acts: what was done about the person.
    """

    driver: Driver
    merged: tuple[Driver, ...]
    former_names: tuple[str, ...]
    game_names: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    queue: tuple[QueueEntry, ...]
    laps: tuple[PersonalLap, ...]
    marks: tuple[LapMark, ...]
    acts: tuple[Act, ...]


class _ListRead(Protocol):
    def __call__(
        self,
        query: Select[Any],
        fields: ListFields,
        record: Callable[[RowMapping], T],
        page: Page,
        where: Sequence[Condition],
    ) -> Listing[T]: ...


def _driver_fields() -> dict[str, ListField]:
    kinds: dict[type, type] = {Instant: datetime, Boolean: bool, Integer: int, BigInteger: int}
    shown = [column for column in drivers.columns if column.name not in _SECRET]
    return {c.name: ListField(c, kinds.get(type(c.type), str), bool(c.nullable)) for c in shown}


def _is_no_ghost() -> ColumnElement[bool]:
    """In a time trial only the player drives; the other cars are ghosts, such as "Personal Best"."""
    alone = func.coalesce(sessions.c.session_type, "") == TIME_TRIAL
    return or_(participants.c.is_player.is_(True), not_(alone))


def _seen_names() -> Subquery:
    """Every name of people in the games with its counts, and those that were mapped before they were seen."""
    seen = (
        select(
            participants.c.name,
            func.count().label("sessions"),
            func.min(sessions.c.opened_at).label("first_seen_at"),
            func.max(sessions.c.opened_at).label("last_seen_at"),
        )
        .join(sessions, sessions.c.id == participants.c.session_id)
        .where(
            participants.c.name.is_not(None), participants.c.name != PLACEHOLDER, is_human(), _is_no_ghost()
        )
        .group_by(participants.c.name)
        .subquery("seen")
    )
    driven = (
        select(laps.c.participant, func.count().label("laps"))
        .where(laps.c.participant.is_not(None))
        .group_by(laps.c.participant)
        .subquery("driven")
    )
    names = union(select(seen.c.name), select(game_names.c.name)).subquery("names")
    last_seen_at = func.coalesce(seen.c.last_seen_at, 0, type_=BigInteger())
    is_known = game_names.c.name.is_not(None)
    return (
        select(
            names.c.name,
            game_names.c.driver_id,
            drivers.c.shown_name.label("driver"),
            is_known.label("is_known"),
            func.coalesce(seen.c.sessions, 0).label("sessions"),
            func.coalesce(driven.c.laps, 0).label("laps"),
            type_coerce(seen.c.last_seen_at, Instant()).label("last_seen_at"),
            # Names that nobody was asked about first, those seen last ahead.
            (case((is_known, 2**61), else_=0) - type_coerce(last_seen_at, BigInteger())).label("turn"),
            # A number that stays with a name while later names come in.
            func.row_number()
            .over(order_by=(func.coalesce(seen.c.first_seen_at, 2**61), names.c.name))
            .label("seq"),
        )
        .select_from(names)
        .outerjoin(seen, seen.c.name == names.c.name)
        .outerjoin(driven, driven.c.participant == names.c.name)
        .outerjoin(game_names, game_names.c.name == names.c.name)
        .outerjoin(drivers, drivers.c.id == game_names.c.driver_id)
        .subquery("all_names")
    )


_drivers = ListFields(_driver_fields(), "number_here")
_names = _seen_names()
_game_names = ListFields(
    {
        "name": ListField(_names.c.name, str, False),
        "driver_id": ListField(_names.c.driver_id, str, True),
        "driver": ListField(_names.c.driver, str, True),
        "is_known": ListField(_names.c.is_known, bool, False),
        "sessions": ListField(_names.c.sessions, int, False),
        "laps": ListField(_names.c.laps, int, False),
        "last_seen_at": ListField(_names.c.last_seen_at, datetime, True),
        "turn": ListField(_names.c.turn, int, False),
        "seq": ListField(_names.c.seq, int, False),
    },
    "turn",
)

DRIVER_FIELDS = _drivers.types
GAME_NAME_FIELDS = _game_names.types


class DriverReads:
    """Queries about people; see :class:`f1timings.store.reads.reads.Reads`, which this asks.

    Args:
        all_rows: answers one query.
        listing: answers one page of a list.
    """

    def __init__(self, all_rows: Callable[[Executable], Sequence[RowMapping]], listing: _ListRead) -> None:
        self._all = all_rows
        self._listing = listing

    def list_drivers(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[Driver]:
        """Drivers, deleted ones too, in the order in which they were made."""
        return self._listing(select(drivers), _drivers, lambda row: record_of(Driver, row), page, where)

    def get_driver(self, driver_id: str) -> Driver | None:
        """One driver, None if there is none of that id."""
        return self._one(drivers.c.id, driver_id)

    def get_driver_with_token(self, token: str) -> Driver | None:
        """The driver with that token who is not deleted; of a merged one the one that stayed."""
        found = self._one(drivers.c.token, token)
        if found is not None and found.merged_into is not None:
            found = self.get_driver(found.merged_into)
        return None if found is None or found.is_deleted else found

    def list_game_names(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[SeenName]:
        """Names of people in the games; first those of which nobody said whose they are, newest first."""
        return self._listing(select(_names), _game_names, _seen_name, page, where)

    def get_game_name(self, name: str) -> SeenName | None:
        """One name in the games, None if it is neither seen nor mapped."""
        found = self._all(select(_names).where(_names.c.name == _text(name)))
        return _seen_name(found[0]) if found else None

    def get_rig_of(self, driver_id: str) -> str | None:
        """The rig at which somebody sits now."""
        seats = self._records(Assignment, driver_id=driver_id, until=None, is_default=False)
        return seats[-1].rig if seats else None

    def list_best_laps(self, driver_id: str) -> list[BestLap]:
        """Somebody's best lap of each circuit, by circuit; of equal ones the first set."""
        row = attributions.c
        query = (
            select(row.circuit_key, row.circuit, row.lap_time_ms, row.set_at, row.lap_id)
            .where(row.driver_id == driver_id, row.counts.is_(True), row.lap_time_ms.is_not(None))
            .order_by(row.circuit_key, row.lap_time_ms, row.set_at, row.lap_id)
        )
        best: dict[str, BestLap] = {}
        for one in self._all(query):
            found = BestLap(one["circuit"], one["lap_time_ms"], one["set_at"], one["lap_id"])
            best.setdefault(one["circuit_key"], found)
        return list(best.values())

    def get_personal_data(self, driver_id: str) -> PersonalData | None:
        """Everything that is held of a person, None if there is no such driver."""
        driver = self.get_driver(driver_id)
        if driver is None:
            return None
        merged = self._records(Driver, merged_into=driver_id)
        ids = [driver_id, *(one.id for one in merged)]
        about = self._all(select(acts).where(acts_about(ids)).order_by(acts.c.seq))
        own = select(attributions.c.lap_id).where(attributions.c.driver_id.in_(ids))
        return PersonalData(
            driver=driver,
            merged=tuple(merged),
            former_names=tuple(sorted(names_in(about, ids) - {driver.name, driver.nickname})),
            game_names=tuple(one.name for one in self._records(GameName, game_names.c.driver_id.in_(ids))),
            assignments=tuple(self._records(Assignment, driver_id=driver_id)),
            queue=tuple(self._records(QueueEntry, driver_id=driver_id)),
            laps=tuple(PersonalLap(**row) for row in self._all(_held_laps(ids))),
            marks=tuple(self._records(LapMark, lap_marks.c.lap_id.in_(own))),
            acts=tuple(act_of(row) for row in about),
        )

    def _one(self, column: ColumnElement[Any], value: str) -> Driver | None:
        found = self._all(select(drivers).where(column == _text(value)))
        return record_of(Driver, found[0]) if found else None

    def _records(self, kind: type[T], *where: Any, **equal: Any) -> list[T]:
        return [record_of(kind, row) for row in self._all(records_query(kind, *where, **equal))]


def acts_about(ids: Sequence[str]) -> ColumnElement[bool]:
    """Whether an act is about one of these drivers, or changed a record that names one."""
    changes = type_coerce(acts.c.changes, Text())
    return or_(acts.c.subject.in_(ids), *(changes.contains(one, autoescape=True) for one in ids))


def names_in(rows: Sequence[RowMapping], ids: Sequence[str]) -> set[str]:
    """Names and nicknames that drivers had before or after these acts."""
    images = [
        image
        for row in rows
        for change in row["changes"]
        if change["table"] == drivers.name and change["key"] in ids
        for image in (change["before"], change["after"])
        if image is not None and not image["is_deleted"]
    ]
    return {image[field] for image in images for field in ("name", "nickname") if image[field]}


def _held_laps(ids: Sequence[str]) -> Select[Any]:
    columns: dict[str, ColumnElement[Any]] = {
        name: laps.c[name] for name in PersonalLap._fields if name in laps.c
    }
    columns |= {"lap_id": laps.c.id, "rig": laps.c.rig, "basis": attributions.c.basis}
    columns["circuit"] = func.nullif(attributions.c.circuit, "", type_=Text())
    return (
        select(*(columns[name].label(name) for name in PersonalLap._fields))
        .join(attributions, and_(attributions.c.lap_id == laps.c.id, attributions.c.driver_id.in_(ids)))
        .order_by(laps.c.recorded_at, laps.c.id)
    )


def _seen_name(row: RowMapping) -> SeenName:
    return SeenName(**{name: row[name] for name in SeenName._fields})


def _text(text: str) -> ColumnElement[str]:
    """A text from outside; one that no database could hold is simply not there."""
    return literal(text if is_plain(text) else "", PlainText())
