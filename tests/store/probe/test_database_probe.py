"""The probe reports a database that is gone and back once each, and work after a commit waits for it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from queue import Queue
from threading import Event, Thread

import pytest

from f1timings.errors import StoreDamaged, StoreError
from f1timings.store.probe.database_probe import DatabaseProbe
from tests.waiting import LONGEST_WAIT_S

REFUSED = "connection refused"


class ScriptedLook:
    """A database that is as the test says; each look takes the next state, and then the last one again."""

    def __init__(self) -> None:
        self.states: Queue[str | None] = Queue()
        self.looks = 0
        self.newest: str | None = None
        self.is_closed = False

    def trouble(self) -> str | None:
        self.looks += 1
        if not self.states.empty():
            self.newest = self.states.get()
        return self.newest

    def close(self) -> None:
        self.is_closed = True


class Gone:
    """Counts how often the probe found the database gone."""

    def __init__(self) -> None:
        self.count = 0
        self.has_happened = Event()

    def __call__(self) -> None:
        self.count += 1
        self.has_happened.set()


@pytest.fixture
def look() -> ScriptedLook:
    return ScriptedLook()


@pytest.fixture
def gone() -> Gone:
    return Gone()


@pytest.fixture
def probe(look: ScriptedLook, gone: Gone) -> Iterator[DatabaseProbe]:
    probe = DatabaseProbe(look, gone, every_s=0.01)
    probe.start()
    yield probe
    probe.close()


def fail() -> None:
    raise StoreError("the database did not answer")


def test_a_database_that_is_gone_and_back_is_logged_once_each(
    probe: DatabaseProbe, look: ScriptedLook, gone: Gone, caplog: pytest.LogCaptureFixture
) -> None:
    for state in (None, REFUSED, REFUSED, "timeout", None, None):
        look.states.put(state)
    with pytest.raises(StoreError):
        probe.persist(fail)  # returns after a good look
    while not look.states.empty():
        gone.has_happened.wait(0.01)
    probe.close()
    messages = [(record.levelno, record.getMessage()) for record in caplog.records]
    assert [
        (logging.ERROR, f"the database does not answer: {REFUSED}"),
        (logging.WARNING, "the database answers again"),
    ] == messages
    assert 3 == gone.count
    assert look.is_closed


def test_nobody_waits_for_a_database_that_is_known_to_be_gone(
    probe: DatabaseProbe, look: ScriptedLook, gone: Gone
) -> None:
    probe.need_answers()
    look.states.put(REFUSED)
    assert gone.has_happened.wait(LONGEST_WAIT_S)
    assert REFUSED == probe.trouble
    with pytest.raises(StoreError, match=REFUSED):
        probe.need_answers()


def test_work_after_a_commit_is_done_again_once_the_database_answers(
    probe: DatabaseProbe, look: ScriptedLook, gone: Gone
) -> None:
    attempts: list[str | None] = []

    def work() -> str:
        attempts.append(look.newest)
        if len(attempts) == 1:
            fail()
        return "announced"

    look.states.put(REFUSED)
    assert gone.has_happened.wait(LONGEST_WAIT_S)
    results: list[str] = []
    waiting = Thread(target=lambda: results.append(probe.persist(work)))
    waiting.start()
    seen = look.looks
    while look.looks < seen + 3:
        gone.has_happened.wait(0.01)
    assert [REFUSED] == attempts
    look.states.put(None)
    waiting.join(LONGEST_WAIT_S)
    assert ["announced"] == results
    assert [REFUSED, None] == attempts


def test_work_that_fails_although_the_database_answers_is_done_twice_only(probe: DatabaseProbe) -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        fail()

    with pytest.raises(StoreError, match="did not answer"):
        probe.persist(work)
    assert [1, 1] == attempts


def test_a_damaged_database_is_not_waited_for(probe: DatabaseProbe) -> None:
    attempts: list[int] = []

    def work() -> None:
        attempts.append(1)
        raise StoreDamaged("laps.db", "page 7 cannot be read")

    with pytest.raises(StoreDamaged):
        probe.persist(work)
    assert [1] == attempts


def test_the_end_waits_for_nobody(probe: DatabaseProbe, look: ScriptedLook, gone: Gone) -> None:
    look.states.put(REFUSED)
    assert gone.has_happened.wait(LONGEST_WAIT_S)
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            probe.persist(fail)
        except StoreError as error:
            errors.append(error)

    waiting = Thread(target=wait)
    waiting.start()
    probe.close()
    waiting.join(LONGEST_WAIT_S)
    assert not waiting.is_alive()
    assert 1 == len(errors)
