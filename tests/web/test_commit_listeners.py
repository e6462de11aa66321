"""After a commit all listeners are called in order, even if one fails, and each record is read once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from f1timings.clock import ServerClock
from f1timings.errors import StoreError
from f1timings.live.fanout.messages import Announcement
from f1timings.store import CommittedAct, Stamped, Store, sqlite_url
from f1timings.store.acts import drivers
from f1timings.timing.events import LapRecorded, OccurrenceRecorded, SessionChanged
from f1timings.web.announcements import Announcer
from f1timings.web.commit_listeners import CommitListener, CommitListeners, CommittedBatch
from f1timings.web.older.notifications import OlderNotifications
from tests.migrated import copy_migrated
from tests.sql_statements import statements
from tests.web import records

Calls = list[tuple[str, str]]


class Recording:
    """A listener that records its calls, and fails while ``fails`` is set."""

    def __init__(self, name: str, calls: Calls) -> None:
        self._name = name
        self._calls = calls
        self.fails = False

    def after_commit(self, _batch: CommittedBatch) -> None:
        self._call("commit")

    def after_act(self, _act: CommittedAct) -> None:
        self._call("act")

    def _call(self, cause: str) -> None:
        self._calls.append((self._name, cause))
        if self.fails:
            raise RuntimeError("out of order")


class SilentClients:
    """Clients of the older program, or none of them."""

    def __init__(self) -> None:
        self.has_unsubscribed = False
        self.sent: list[str] = []

    def notify_unsubscribed(self, texts: Sequence[str]) -> None:
        self.sent += texts


@contextmanager
def open_store(
    folder: Path, persist: Callable[[Callable[[], None]], None] = lambda handle: handle()
) -> Iterator[tuple[Store, list[CommitListener]]]:
    """A store, and the list of listeners that it calls."""
    members: list[CommitListener] = []
    copy_migrated(folder)
    store = Store.open(
        sqlite_url(folder),
        clock=ServerClock().now,
        on_committed=lambda changes: listeners.after_commit(changes),
        on_acted=lambda act: listeners.after_act(act),
    )
    listeners = CommitListeners(store.reads, members, persist)
    with store:
        yield store, members


def commit(store: Store, *events: SessionChanged | LapRecorded | OccurrenceRecorded) -> None:
    store.submit([Stamped(1_795_000_000.0, committed) for committed in events])
    store.flush()


def test_listeners_are_called_in_their_order(tmp_path: Path) -> None:
    calls: Calls = []
    with open_store(tmp_path) as (store, listeners):
        listeners += [Recording("first", calls), Recording("second", calls)]
        commit(store, SessionChanged(records.session()))
        store.act("Marta", lambda desk: drivers.add(desk, name="Ann"))
    assert [("first", "commit"), ("second", "commit"), ("first", "act"), ("second", "act")] == calls


def test_a_failing_listener_stops_no_other_and_is_logged_once_until_it_recovers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "f1timings.web.commit_listeners")
    calls: Calls = []
    with open_store(tmp_path) as (store, listeners):
        failing = Recording("failing", calls)
        failing.fails = True
        listeners += [failing, Recording("healthy", calls)]
        for number in range(1, 4):
            commit(store, SessionChanged(records.session(total_laps=number)))
        store.act("Marta", lambda desk: drivers.add(desk, name="Ann"))
        failing.fails = False
        commit(store, SessionChanged(records.session(total_laps=9)))
        assert 5 == calls.count(("healthy", "commit")) + calls.count(("healthy", "act"))
        assert store.writer_state().error is None
    assert [
        (logging.ERROR, "changes are stored, but Recording could not handle them"),
        (logging.WARNING, "Recording handles changes again"),
    ] == [(record.levelno, record.message) for record in caplog.records]


def test_a_listener_that_cannot_read_is_called_again_and_the_change_is_announced(tmp_path: Path) -> None:
    published: list[Announcement] = []
    unanswered = 2

    class Unanswered(Announcer):
        """An announcer with which the database answers no read after the first commits."""

        def after_commit(self, batch: CommittedBatch) -> None:
            nonlocal unanswered
            unanswered -= 1
            if unanswered >= 0:
                raise StoreError("the database did not answer")
            super().after_commit(batch)

    def persist(handle: Callable[[], None]) -> None:
        for _ in range(2):
            with suppress(StoreError):
                return handle()
        return handle()

    with open_store(tmp_path, persist) as (store, listeners):
        listeners.append(Unanswered(store.reads, published.extend))
        commit(store, SessionChanged(records.session()))
    assert ["session_changed"] == [announcement.event for announcement in published]


def test_a_stored_record_is_read_once_per_commit(tmp_path: Path) -> None:
    published: list[Announcement] = []
    with open_store(tmp_path) as (store, listeners):
        commit(store, SessionChanged(records.session()))
        listeners += [Announcer(store.reads, published.extend), Announcer(store.reads, published.extend)]
        session = records.session()
        with statements(store._reader_engine) as executed:
            commit(store, *(SessionChanged(replace(session, total_laps=laps)) for laps in (5, 6, 7)))
    assert 1 == sum("FROM sessions" in statement for statement in executed)
    assert 6 == sum(announcement.event == "session_changed" for announcement in published)


def test_a_commit_reads_all_changed_sessions_with_one_statement_and_no_stints(tmp_path: Path) -> None:
    published: list[Announcement] = []
    with open_store(tmp_path) as (store, listeners):
        listeners.append(Announcer(store.reads, published.extend))
        sessions = [records.session(uid) for uid in range(1, 65)]
        stints = [
            OccurrenceRecorded(
                replace(
                    records.stint(number, 1, None, "soft"), session_id=session.id, id=f"{session.id}~{number}"
                )
            )
            for session in sessions
            for number in (1, 2)
        ]
        with statements(store._reader_engine) as executed:
            commit(store, *map(SessionChanged, sessions), *stints)
    assert 1 == sum("FROM sessions" in statement for statement in executed)
    assert 0 == sum("FROM stints" in statement for statement in executed)
    events = [announcement.event for announcement in published]
    assert ["session_changed"] * 64 + ["stint_recorded"] * 128 == events


def test_the_older_notifications_read_nothing_while_nobody_gets_them(tmp_path: Path) -> None:
    clients = SilentClients()
    with open_store(tmp_path) as (store, listeners):
        commit(store, SessionChanged(records.session()))
        listeners.append(OlderNotifications(store.reads, clients))
        with statements(store._reader_engine) as executed:
            commit(store, LapRecorded(records.lap(7, lap_time_ms=83_000)))
        unwanted, read = list(clients.sent), list(executed)
        clients.has_unsubscribed = True
        commit(store, LapRecorded(records.lap(8, lap_time_ms=82_000)))
        with statements(store._reader_engine) as executed:
            commit(store, LapRecorded(records.lap(9, lap_time_ms=82_500)))
    assert ([], []) == (unwanted, read)
    assert 1 == sum(not statement.startswith("BEGIN") for statement in executed)
    # The board had the first lap before somebody listened, and did not yet have the second one.
    laps = [json.loads(text)["data"] for text in clients.sent]
    assert [(82.0, True, True), (82.5, False, False)] == [
        (lap["time_seconds"], lap["is_faster"], lap["is_overall_fastest"]) for lap in laps
    ]


def test_the_laps_of_an_act_are_read_with_one_statement(tmp_path: Path) -> None:
    published: list[Announcement] = []
    with open_store(tmp_path) as (store, listeners):
        commit(
            store,
            SessionChanged(records.session()),
            *(LapRecorded(records.lap(number)) for number in range(1, 9)),
        )
        ann = store.act("Marta", lambda desk: drivers.add(desk, name="Ann"))
        listeners.append(Announcer(store.reads, published.extend))
        with statements(store._reader_engine) as executed:
            store.act("Marta", lambda desk: drivers.map_game_name(desk, "VERSTAPPEN", ann.id))
    assert 1 == sum("FROM laps" in statement for statement in executed)
    assert ["act_recorded", *["lap_official"] * 8] == [announcement.event for announcement in published]
