"""All queries outside of the writer, on connections that cannot write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Engine, Executable, RowMapping, Select, literal, or_, select
from sqlalchemy.exc import SQLAlchemyError

from f1timings.errors import StoreError
from f1timings.meeting.boards import Board, BoardSummary, LeaderboardQuery
from f1timings.meeting.manual_laps import NO_FORMAT
from f1timings.meeting.people import Act, Assignment, RigCard
from f1timings.meeting.room.pictures import Picture
from f1timings.meeting.room.records import BoardChoice
from f1timings.outlines.records import Outline
from f1timings.packets.ids.sessions import UNKNOWN_TYPE
from f1timings.rigs.joined import keys_of
from f1timings.store import rows
from f1timings.store.access import StoredAccessLogEntry, log_entry_of
from f1timings.store.circuits.outlines import outlines_of
from f1timings.store.damage.watch import DamageWatch
from f1timings.store.engines import cause
from f1timings.store.events.counters import counters_of
from f1timings.store.occurrences import OCCURRENCE_TABLES
from f1timings.store.paging import Condition, ListFields, Listing, Page
from f1timings.store.reads.act_sentences import acts_query
from f1timings.store.reads.boards import BoardReads
from f1timings.store.reads.drivers import DriverReads
from f1timings.store.reads.fields import (
    ACCESS_LOG,
    ACTS,
    ASSIGNMENTS,
    LAP_COUNT,
    LAPS,
    OCCURRENCES,
    RIGS,
    SESSION_COUNT,
    SESSIONS,
)
from f1timings.store.reads.joined_rigs import showing_remaining
from f1timings.store.reads.laps import listed
from f1timings.store.reads.laps.judged import JudgedLap, LapJudge
from f1timings.store.reads.laps.query_choice import choose_lap_query
from f1timings.store.reads.laps.traces import trace_query
from f1timings.store.reads.older import OlderReads
from f1timings.store.reads.recorded_keys import KEY_QUERIES, RecordedKeys
from f1timings.store.reads.rig_names import hiding_names_query
from f1timings.store.records import act_of, at_remaining_rig, key_of, record_of, records_query, table_of
from f1timings.store.room.pictures import shown_picture
from f1timings.store.stored import StoredClassification, StoredLap, StoredOccurrence, StoredRig, StoredSession
from f1timings.store.tables.access import access_log
from f1timings.store.tables.circuits import circuit_outlines
from f1timings.store.tables.column_types import PlainText, is_plain
from f1timings.store.tables.people import assignments, rig_cards
from f1timings.store.tables.timed import (
    classification_entries,
    classifications,
    laps,
    participants,
    rigs,
    session_counters,
    sessions,
)
from f1timings.timing.events import CountersRead
from f1timings.timing.history import HistoryLap
from f1timings.timing.occurrences import OccurrenceT
from f1timings.timing.records import Lap, LapState, Participant, Session

T = TypeVar("T")
_FIRST_PAGE = Page()
# More would only take more memory.
_ROWS_AT_A_TIME = 10_000

_all_rigs = select(rigs, SESSION_COUNT.label("session_count"))
_every_session = select(sessions, LAP_COUNT.label("lap_count"))
# Without the sessions of laps typed by hand, which no game sent.
_game_sessions = _every_session.where(sessions.c.packet_format != NO_FORMAT)


def _rig(row: RowMapping) -> StoredRig:
    return rows.rig_of(row, row["session_count"])


def _assignment(row: RowMapping) -> Assignment:
    return record_of(Assignment, row)


def _session(row: RowMapping) -> StoredSession:
    return rows.session_of(row, row["lap_count"])


def _by_name(row: RowMapping) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], row)


class Reads:
    """Queries for any number of threads; each call reads one state of the database.

    Every method raises StoreError if the database does not answer, StoreDamaged if it is damaged, and
    QueryError for a page or condition that does not fit the list.

    Where a rig was joined into another one, all lists show, filter and sort by the rig that remains. A filter
    by the joined rig means the rig that remains, too.

    Args:
        engine: of the readers.
        damage_watch: looks at the errors of the database.
        need_answers: raises StoreError if the database is known not to answer.

    Attributes:
        joins: the rig that remains, by the rig that was joined into it; read again after an act that may
            change it.
        recorded_keys: which sessions and laps may be recorded; complete after :meth:`read_recorded_keys`.
    """

    def __init__(
        self,
        engine: Engine,
        damage_watch: DamageWatch | None = None,
        *,
        recorded_keys: RecordedKeys | None = None,
        need_answers: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._need_answers = need_answers
        self._damage_watch = DamageWatch(engine.url) if damage_watch is None else damage_watch
        self.recorded_keys = RecordedKeys() if recorded_keys is None else recorded_keys
        self.joins: Mapping[str, str] = {}

    def read_joins(self) -> None:
        """Read :attr:`joins` again."""
        cards = self.list_records(RigCard, rig_cards.c.joined_into.is_not(None))
        self.joins = {card.rig: card.joined_into for card in cards if card.joined_into is not None}

    def as_recorded(self) -> Reads:
        """The same queries with the rigs as they recorded, as if none was joined."""
        return Reads(
            self._engine,
            self._damage_watch,
            recorded_keys=self.recorded_keys,
            need_answers=self._need_answers,
        )

    def read_recorded_keys(self) -> None:
        """Complete :attr:`recorded_keys` by all that is stored."""
        with self._answering(), self._engine.connect() as connection:
            streaming = connection.execution_options(yield_per=_ROWS_AT_A_TIME)
            for query in KEY_QUERIES:
                self.recorded_keys.add_stored(streaming.execute(query))
        self.recorded_keys.is_complete = True

    def remaining_rig(self, rig: str) -> str:
        """Return the rig that remains: the one into which a rig was joined, else the rig itself."""
        return self.joins.get(rig, rig)

    def list_rigs(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[StoredRig]:
        """List rigs, the earliest first; without those that were joined into another one."""
        query = _all_rigs.where(rigs.c.key.not_in(sorted(self.joins))) if self.joins else _all_rigs
        return self._listing(query, RIGS, _rig, page, [self._for_remaining(each, "key") for each in where])

    def list_sessions(
        self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[StoredSession]:
        """List sessions, the earliest opened first."""
        return self._listing_by_rig(
            _game_sessions, SESSIONS, _session, page=page, where=where, rig=sessions.c.rig
        )

    def get_session(self, session_id: str) -> StoredSession | None:
        """Return a session, None for an unknown id."""
        return next(iter(self.list_sessions_by_id([session_id])), None)

    def list_sessions_by_id(self, ids: Iterable[str]) -> tuple[StoredSession, ...]:
        """List the sessions with these ids, in any order; unknown ids are left out."""
        query, _ = self._showing_remaining(_every_session, SESSIONS, sessions.c.rig)
        return tuple(map(_session, self._all(query.where(sessions.c.id.in_(filter(is_plain, ids))))))

    def get_counters(self, session_id: str) -> CountersRead | None:
        """Return the game's newest counters of a session, None if none are stored."""
        query = select(session_counters).where(session_counters.c.session_id == _id(session_id))
        found = self._all(query)
        return counters_of(found[0]) if found else None

    def list_participants(self, session_id: str) -> tuple[Participant, ...]:
        """List the participants of a session, by car index; empty for an unknown session."""
        query = select(participants).where(participants.c.session_id == _id(session_id))
        return tuple(rows.participant_of(row) for row in self._all(query.order_by(participants.c.car_index)))

    def get_classification(self, session_id: str) -> StoredClassification | None:
        """Return the game's result of a session, None while there is none."""
        entry = classification_entries.c
        query = (
            select(classification_entries, classifications.c.official_at, classifications.c.seq)
            .join(classifications)
            .where(entry.session_id == _id(session_id))
            .order_by(entry.position, entry.car_index)
        )
        found = self._all(query)
        if not found:
            return None
        entries = tuple(rows.entry_of(row) for row in found)
        return StoredClassification(
            session_id=session_id,
            entries=entries,
            official_at=found[0]["official_at"],
            seq=found[0]["seq"],
        )

    def list_laps(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[StoredLap]:
        """List laps of every state in the order of their newest change.

        Sort ``-recorded_at`` for those driven last first.
        """
        return self._list_laps(rows.listed_lap_of, page, where)

    def list_lap_rows(self, page: Page, where: Sequence[Condition]) -> Listing[Mapping[str, Any]]:
        """As :meth:`list_laps`, each lap as its fields by name: to build records takes half of the time."""
        return self._list_laps(_by_name, page, where)

    def list_laps_of_driver(self, driver_id: str, limit: int) -> list[JudgedLap]:
        """List the newest laps of a driver, the newest first, with what their boards say of them."""
        of_driver = Condition("driver_id", "eq", driver_id)
        newest = self.list_laps(Page(limit=limit, sort="-recorded_at"), (of_driver,))
        return LapJudge(self._all).judge(newest.items)

    def get_lap(self, lap_id: str) -> StoredLap | None:
        """Return the newest version of a lap, None for an unknown id."""
        found = self._all(self._laps().where(laps.c.id == _id(lap_id)))
        return rows.listed_lap_of(found[0]) if found else None

    def list_laps_by_id(self, lap_ids: Sequence[str]) -> tuple[StoredLap, ...]:
        """List the newest versions of these laps in the order of the ids; unknown ids are left out."""
        wanted = [lap_id for lap_id in lap_ids if is_plain(lap_id)]
        found = {row["id"]: row for row in self._all(self._laps().where(laps.c.id.in_(wanted)))}
        return tuple(rows.listed_lap_of(found[lap_id]) for lap_id in wanted if lap_id in found)

    def list_earlier_laps(self, session: Session, car_index: int, entries: Sequence[HistoryLap]) -> list[Lap]:
        """List laps as in a session history, see :meth:`f1timings.timing.engine.Archive.earlier_laps`."""
        listed = {(entry.lap_number, entry.lap_time_ms) for entry in entries}
        query = (
            select(laps)
            .join(sessions)
            .where(
                laps.c.lap_time_ms.in_({lap_time_ms for _, lap_time_ms in listed}),
                laps.c.rig == session.rig,
                laps.c.car_index == car_index,
                laps.c.lap_number.in_({number for number, _ in listed}),
                laps.c.state != LapState.SUPERSEDED.value,
                *_may_be_saved_from(session),
            )
            .order_by(laps.c.seq)
        )
        earlier = (rows.lap_of(row).as_timed for row in self._all(query))
        return [lap for lap in earlier if (lap.lap_number, lap.lap_time_ms) in listed]

    def list_lap_revisions(self, lap_id: str) -> tuple[StoredLap, ...]:
        """List every version of a lap, oldest first; empty for an unknown lap.

        All versions have the driver and the board that the lap has now.
        """
        versions = [rows.listed_lap_of(row) for row in self._all(listed.lap_versions_query(_id(lap_id)))]
        return tuple(rows.at_rig(version, self.remaining_rig(version.lap.rig)) for version in versions)

    def get_trace(self, lap_id: str) -> bytes | None:
        """The bytes of the trace of a lap (see :mod:`f1timings.traces.blobs`); None without one."""
        found = self._all(trace_query(_id(lap_id)))
        return found[0]["data"] if found else None

    def list_occurrences(
        self, kind: type[OccurrenceT], page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[StoredOccurrence[OccurrenceT]]:
        """List occurrences of one kind, superseded ones too, in the order of their table."""
        stored_in = OCCURRENCE_TABLES[kind]
        query = select(stored_in.table)
        return self._listing(query, OCCURRENCES[kind], stored_in.occurrence_of, page, where)

    def list_access_log(
        self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[StoredAccessLogEntry]:
        """List the security log, newest first."""
        return self._listing(select(access_log), ACCESS_LOG, log_entry_of, page, where)

    def list_records(self, kind: type[T], *where: Any, **equal: Any) -> list[T]:
        """List records that people entered: of one type, with fields equal to these, oldest change first.

        Seats, entries of the queue and targets of forwarding name the rig that remains.
        """
        records = [record_of(kind, row) for row in self._all(records_query(kind, *where, **equal))]
        return [at_remaining_rig(record, self.joins) for record in records] if self.joins else records

    def get_record(self, kind: type[T], key: str) -> T | None:
        """Return a record, None for an unknown key."""
        found = self.list_records(kind, table_of(kind).c[key_of(kind)] == _id(key))
        return found[0] if found else None

    def get_picture(self, picture_id: str) -> Picture | None:
        """Return a picture of a slide, None if no slide shows it."""
        found = self._all(shown_picture(_id(picture_id)))
        return Picture(**found[0]) if found else None

    def list_acts(self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()) -> Listing[Act]:
        """List the acts, newest first."""
        return self._listing(acts_query(), ACTS, act_of, page, where)

    def list_assignments(
        self, page: Page = _FIRST_PAGE, where: Sequence[Condition] = ()
    ) -> Listing[Assignment]:
        """List assignments, earliest first."""
        query, rig = select(assignments), assignments.c.rig
        return self._listing_by_rig(query, ASSIGNMENTS, _assignment, page=page, where=where, rig=rig)

    def list_rigs_hiding_names(self, rigs: Iterable[str]) -> frozenset[str]:
        """List the rigs among these whose newest session has a participant without a name."""
        return frozenset(row["rig"] for row in self._all(hiding_names_query(rigs)))

    def get_act(self, act_id: str) -> Act | None:
        """Return an act, None for an unknown id."""
        return self.get_record(Act, act_id)

    def get_leaderboard(self, query: LeaderboardQuery) -> Board:
        """Return one board.

        Raises:
            NotFound: there is no such meeting.
        """
        rig = query.filters.get("rig")
        if isinstance(rig, str) and rig in self.joins:
            query = replace(query, filters={**query.filters, "rig": self.joins[rig]})
        return BoardReads(self._all).get_leaderboard(query)

    def list_boards(self, meeting_id: str | None = None) -> tuple[BoardSummary, ...]:
        """List the boards that have laps, of one meeting or of all, the board with the newest lap first."""
        return BoardReads(self._all).list_boards(meeting_id)

    def get_circuit(self, meeting_id: str) -> str | None:
        """Return the circuit of a meeting, None if it is unknown.

        Raises:
            NotFound: there is no such meeting.
        """
        return BoardReads(self._all).get_circuit(meeting_id)

    def get_board_choice(self) -> BoardChoice:
        """Return what decides which board of the open meeting is shown."""
        return BoardReads(self._all).get_board_choice()

    def list_outlines(self) -> list[Outline]:
        """List the outlines of circuits."""
        return outlines_of(self._all(select(circuit_outlines)))

    @property
    def older(self) -> OlderReads:
        """Queries for the routes of the older program."""
        return OlderReads(self._all)

    @property
    def people(self) -> DriverReads:
        """Queries about drivers and their names in the games."""
        return DriverReads(self._all, self._listing, self.joins)

    def _list_laps(
        self, record: Callable[[RowMapping], T], page: Page, where: Sequence[Condition]
    ) -> Listing[T]:
        is_sqlite = self._engine.dialect.name == "sqlite"
        chosen = choose_lap_query(self._all, where, sort=page.sort, is_sqlite=is_sqlite)
        return self._listing_by_rig(
            chosen.laps, chosen.fields, record, page=page, where=chosen.where, rig=laps.c.rig
        )

    def _listing(
        self,
        query: Select[Any],
        fields: ListFields,
        record: Callable[[RowMapping], T],
        page: Page,
        where: Sequence[Condition],
    ) -> Listing[T]:
        found = self._all(fields.apply(query, page, where))
        return Listing(tuple(map(record, found[: page.limit])), fields.next_cursor(page, found))

    def _listing_by_rig(
        self,
        query: Select[Any],
        fields: ListFields,
        record: Callable[[RowMapping], T],
        *,
        page: Page,
        where: Sequence[Condition],
        rig: ColumnElement[Any],
    ) -> Listing[T]:
        """One page of a list with a column of recorded rigs."""
        query, fields = self._showing_remaining(query, fields, rig)
        if self.joins:
            where = [self._for_remaining(condition, "rig") for condition in where]
            # The recorded keys have an index, the rig that remains has none.
            for condition in where:
                if condition.field == "rig" and condition.op == "eq" and isinstance(condition.value, str):
                    query = query.where(rig.in_([_id(key) for key in keys_of(self.joins, condition.value)]))
        return self._listing(query, fields, record, page, where)

    def _showing_remaining(
        self, query: Select[Any], fields: ListFields, rig: ColumnElement[Any]
    ) -> tuple[Select[Any], ListFields]:
        return showing_remaining(query, fields, rig) if self.joins else (query, fields)

    def _laps(self) -> Select[Any]:
        return self._showing_remaining(listed.ALL_LAPS, LAPS, laps.c.rig)[0]

    def _for_remaining(self, condition: Condition, field: str) -> Condition:
        """The condition with the rig that remains in place of one that was joined."""
        if condition.field != field or not isinstance(condition.value, str):
            return condition
        return replace(condition, value=self.remaining_rig(condition.value))

    def _all(self, query: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[RowMapping]:
        with self._answering(), self._engine.connect() as connection:
            return connection.execute(query, parameters).mappings().all()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Raise the errors of the database as errors of the store."""
        self._need_answers()
        try:
            yield
        except SQLAlchemyError as error:
            damage = self._damage_watch.damage_of(error)
            raise damage or StoreError(f"the database did not answer: {cause(error)}") from error
        except (ValueError, OverflowError) as error:  # raised by the conversions of the columns only
            raise self._damage_watch.unreadable(error) from error


def _id(text: str) -> ColumnElement[str]:
    """An id from outside; an id that no database can store is unknown."""
    return literal(text if is_plain(text) else "", PlainText())


def _may_be_saved_from(session: Session) -> Iterator[ColumnElement[bool]]:
    """The conditions of :func:`f1timings.timing.engine.may_be_saved_from`, apart from the rig."""
    yield sessions.c.session_uid != str(session.uid)
    if session.track_id is not None:
        yield or_(sessions.c.track_id.is_(None), sessions.c.track_id == session.track_id)
    if session.known_type_id is not None:
        no_type = or_(sessions.c.session_type.is_(None), sessions.c.session_type == UNKNOWN_TYPE)
        yield or_(no_type, sessions.c.session_type_id == session.known_type_id)
