"""Queries about drivers: the drivers, their names in the games, and the personal data of one driver."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Protocol, TypeVar

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
from f1timings.store.reads.act_sentences import acts_query
from f1timings.store.reads.joined_rigs import remaining_rig
from f1timings.store.records import act_of, at_remaining_rig, record_of, records_query
from f1timings.store.tables.column_types import Instant, PlainText, is_plain
from f1timings.store.tables.people import acts, attributions, drivers, game_names, lap_marks
from f1timings.store.tables.timed import laps, participants, sessions

T = TypeVar("T")
_FIRST_PAGE = Page()
# Columns by which lists of drivers are neither filtered nor sorted: they would give themselves away.
_SECRET = ("pin", "token", "nickname")

# The driver ids that the games give to people. They stay when the game takes over the car after the flag.
HUMAN_IDS = (255, 65535)


def is_human() -> ColumnElement[bool]:
    """The condition that a participant is a person."""
    return or_(participants.c.is_ai.is_(False), participants.c.driver_id.in_(HUMAN_IDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenName:
    """A name of people in the games.

    Attributes:
        driver_id: the driver it belongs to; None if it belongs to no known driver or is unclaimed.
        driver: the driver's name as screens show it.
        is_known: a person decided which driver it belongs to, or that it belongs to none.
        sessions: sessions in which the name took part.
        laps: laps under the name, of every state.
        last_seen_at: when the newest session with it began; None if no session had it.
    """

    name: str
    driver_id: str | None
    driver: str | None
    is_known: bool
    sessions: int
    laps: int
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BestLap:
    """The best lap of a driver at a circuit."""

    circuit: str
    lap_time_ms: int
    set_at: datetime
    lap_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalLap:
    """A lap in the personal data of a driver."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Everything that is stored about one person.

    Attributes:
        merged: drivers that were merged into this one.
        former_names: earlier names and nicknames, as far as acts still store them.
        game_names: names in the games that belong to the driver.
        marks: decisions of marshals about the driver's laps.
        acts: acts about the driver.
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
    types: dict[type, type] = {Instant: datetime, Boolean: bool, Integer: int, BigInteger: int}
    public = [column for column in drivers.columns if column.name not in _SECRET]
    return {
        column.name: ListField(column, types.get(type(column.type), str), bool(column.nullable))
        for column in public
    }


def _is_no_ghost() -> ColumnElement[bool]:
    """The condition that a participant drives: in a time trial only the player does.

    The other cars of a time trial are ghosts, such as "Personal Best".
    """
    is_time_trial = func.coalesce(sessions.c.session_type, "") == TIME_TRIAL
    return or_(participants.c.is_player.is_(True), not_(is_time_trial))


def _names_in_sessions() -> Subquery:
    return (
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


def _names_of_laps() -> Subquery:
    return (
        select(laps.c.participant, func.count().label("laps"))
        .where(laps.c.participant.is_not(None))
        .group_by(laps.c.participant)
        .subquery("driven")
    )


def _seen_names() -> Subquery:
    """Every name of people in the games with its counts, and names mapped before any session had them."""
    seen, driven = _names_in_sessions(), _names_of_laps()
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
            # Unclaimed names first; among them the name seen last.
            (case((is_known, 2**61), else_=0) - type_coerce(last_seen_at, BigInteger())).label("turn"),
            # A number that a name keeps while later names are added.
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

_SEEN_NAME_COLUMNS = tuple(field.name for field in fields(SeenName))
_BEST_LAP_COLUMNS = tuple(field.name for field in fields(BestLap))

DRIVER_FIELDS = _drivers.types
GAME_NAME_FIELDS = _game_names.types


class DriverReads:
    """Queries about drivers; they run on :class:`f1timings.store.reads.queries.Reads`.

    Args:
        all_rows: returns the rows of a query.
        listing: returns one page of a list.
        joins: the rig that remains, by the rig that was joined into it.
    """

    def __init__(
        self,
        all_rows: Callable[[Executable], Sequence[RowMapping]],
        listing: _ListRead,
        joins: Mapping[str, str],
    ) -> None:
        self._all = all_rows
        self._listing = listing
        self._joins = joins

    def list_drivers(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[Driver]:
        """List the drivers, deleted ones too, in the order in which they were added."""
        return self._listing(select(drivers), _drivers, lambda row: record_of(Driver, row), page, where)

    def get_driver(self, driver_id: str) -> Driver | None:
        """Return the driver of this id, None if there is none."""
        return self._get_driver_with(drivers.c.id, driver_id)

    def get_driver_with_token(self, token: str) -> Driver | None:
        """Return the driver with this token, None if there is none or the driver is deleted.

        The token of a merged driver leads to the driver that remains.
        """
        driver = self._get_driver_with(drivers.c.token, token)
        if driver is not None and driver.merged_into is not None:
            driver = self.get_driver(driver.merged_into)
        return None if driver is None or driver.is_deleted else driver

    def get_driver_with_pin(self, pin: str) -> Driver | None:
        """Return the driver with this PIN, None if there is none."""
        driver = self._get_driver_with(drivers.c.pin, pin)
        return None if driver is None or driver.is_deleted else driver

    def list_game_names(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[SeenName]:
        """List the names of people in the games, unclaimed names first, and among them the newest first."""
        return self._listing(select(_names), _game_names, _seen_name, page, where)

    def get_game_name(self, name: str) -> SeenName | None:
        """Return a name in the games, None if no session had it and it is not mapped."""
        rows = self._all(select(_names).where(_names.c.name == _text(name)))
        return _seen_name(rows[0]) if rows else None

    def get_rig_of(self, driver_id: str) -> str | None:
        """Return the rig that a driver is assigned to now, None if there is none."""
        current = self._list_records(Assignment, driver_id=driver_id, until=None, is_default=False)
        return current[-1].rig if current else None

    def list_best_laps(self, driver_id: str) -> list[BestLap]:
        """List the best lap of a driver at each circuit, by circuit; of equal laps the first one set."""
        column = attributions.c
        query = (
            select(column.circuit_key, *(column[name] for name in _BEST_LAP_COLUMNS))
            .where(column.driver_id == driver_id, column.counts.is_(True), column.lap_time_ms.is_not(None))
            .order_by(column.circuit_key, column.lap_time_ms, column.set_at, column.lap_id)
        )
        best: dict[str, BestLap] = {}
        for row in self._all(query):
            if row["circuit_key"] not in best:
                best[row["circuit_key"]] = BestLap(**{name: row[name] for name in _BEST_LAP_COLUMNS})
        return list(best.values())

    def get_personal_data(self, driver_id: str) -> PersonalData | None:
        """Return everything that is stored about a driver, None if there is no such driver."""
        driver = self.get_driver(driver_id)
        if driver is None:
            return None
        merged = self._list_records(Driver, merged_into=driver_id)
        ids = [driver_id, *(former.id for former in merged)]
        about = self._all(acts_query(acts.c.changes).where(acts_about(ids)).order_by(acts.c.seq))
        own = select(attributions.c.lap_id).where(attributions.c.driver_id.in_(ids))
        return PersonalData(
            driver=driver,
            merged=tuple(merged),
            former_names=tuple(sorted(names_in_acts(about, ids) - {driver.name, driver.nickname})),
            game_names=tuple(
                mapping.name for mapping in self._list_records(GameName, game_names.c.driver_id.in_(ids))
            ),
            assignments=tuple(self._list_records(Assignment, driver_id=driver_id)),
            queue=tuple(self._list_records(QueueEntry, driver_id=driver_id)),
            laps=tuple(PersonalLap(**row) for row in self._all(_personal_laps(ids))),
            marks=tuple(self._list_records(LapMark, lap_marks.c.lap_id.in_(own))),
            acts=tuple(act_of(row) for row in about),
        )

    def _get_driver_with(self, column: ColumnElement[Any], value: str) -> Driver | None:
        rows = self._all(select(drivers).where(column == _text(value)))
        return record_of(Driver, rows[0]) if rows else None

    def _list_records(self, kind: type[T], *where: Any, **equal: Any) -> list[T]:
        records = [record_of(kind, row) for row in self._all(records_query(kind, *where, **equal))]
        return [at_remaining_rig(record, self._joins) for record in records]


def acts_about(ids: Sequence[str]) -> ColumnElement[bool]:
    """The condition that an act is about one of these drivers, or changed a record that names one."""
    changes = type_coerce(acts.c.changes, Text())
    mentions = (changes.contains(driver_id, autoescape=True) for driver_id in ids)
    mentioned = (acts.c.first_mention.in_(ids), acts.c.second_mention.in_(ids))
    return or_(acts.c.subject.in_(ids), *mentioned, *mentions)


def names_in_acts(rows: Sequence[RowMapping], ids: Collection[str]) -> set[str]:
    """Return the names and nicknames that these drivers had before or after these acts."""
    images = [
        image
        for row in rows
        for change in row["changes"]
        if change["table"] == drivers.name and change["key"] in ids
        for image in (change["before"], change["after"])
        if image is not None and not image["is_deleted"]
    ]
    return {image[field] for image in images for field in ("name", "nickname") if image[field]}


def _personal_laps(ids: Sequence[str]) -> Select[Any]:
    names = [field.name for field in fields(PersonalLap)]
    columns: dict[str, ColumnElement[Any]] = {name: laps.c[name] for name in names if name in laps.c}
    columns |= {"lap_id": laps.c.id, "rig": remaining_rig(laps.c.rig), "basis": attributions.c.basis}
    columns["circuit"] = func.nullif(attributions.c.circuit, "", type_=Text())
    return (
        select(*(columns[name].label(name) for name in names))
        .join(attributions, and_(attributions.c.lap_id == laps.c.id, attributions.c.driver_id.in_(ids)))
        .order_by(laps.c.recorded_at, laps.c.id)
    )


def _seen_name(row: RowMapping) -> SeenName:
    return SeenName(**{name: row[name] for name in _SEEN_NAME_COLUMNS})


def _text(text: str) -> ColumnElement[str]:
    """A text from outside, for a comparison; a text that no database can store matches nothing."""
    return literal(text if is_plain(text) else "", PlainText())
