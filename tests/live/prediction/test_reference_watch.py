"""The boards of running laps are read in another thread: after changes, and only while somebody asks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future

import pytest

from f1timings.errors import StoreError
from f1timings.live.prediction.board_times import BoardTimes
from f1timings.live.prediction.reference_watch import ReadBoards, ReferenceWatch
from f1timings.timing.events import LapRecorded
from tests.live.prediction.boards import board_of, board_time
from tests.web import records

BOARD = board_of(board_time("d:ada", 1, 80_000))


class Batch:
    events = (LapRecorded(records.lap(1)),)

    def __init__(self, *, has_changed_boards: bool = True) -> None:
        self.has_changed_boards = has_changed_boards


class Reads:
    """Stands in for the database, and for the thread that asks it.

    Attributes:
        asked: what each reading wanted.
        error: is raised by the next readings.
    """

    def __init__(self) -> None:
        self.now = 100.0
        self.asked: list[dict[str, set[str]]] = []
        self.error: StoreError | None = None
        self.is_complete = True
        self._under_way: list[tuple[Callable[[], ReadBoards], Future[ReadBoards]]] = []
        self.watch = ReferenceWatch(self, submit=self._submit, clock=lambda: self.now)

    def read(self, wanted: Mapping[str, Collection[str]]) -> ReadBoards:
        self.asked.append({circuit: set(entrants) for circuit, entrants in wanted.items()})
        if self.error is not None:
            raise self.error
        return ReadBoards(dict.fromkeys(wanted, BOARD), self.is_complete)

    def _submit(self, read: Callable[[], ReadBoards]) -> Future[ReadBoards]:
        future: Future[ReadBoards] = Future()
        self._under_way.append((read, future))
        return future

    def finish(self) -> None:
        """Let the readings under way finish."""
        for read, future in self._under_way:
            try:
                future.set_result(read())
            except StoreError as error:
                future.set_exception(error)
        self._under_way.clear()

    def look(
        self, circuit: str = "Monza", entrant: str = "d:ada", *, after_s: float = 2.0
    ) -> BoardTimes | None:
        """Ask twice, so that a reading begins and is taken."""
        self.now += after_s
        self.watch.get(circuit, entrant)
        self.finish()
        return self.watch.get(circuit, entrant)


def test_nothing_is_read_before_somebody_asks() -> None:
    reads = Reads()
    reads.watch.after_commit(Batch())
    reads.finish()
    assert [] == reads.asked
    assert reads.look() is BOARD
    assert [{"Monza": {"d:ada"}}] == reads.asked


def test_asking_never_waits_for_a_reading() -> None:
    reads = Reads()
    assert [None, None] == [reads.watch.get("Monza", "d:ada") for _ in range(2)]
    assert [] == reads.asked


def test_it_is_read_again_after_a_change_only() -> None:
    reads = Reads()
    for _ in range(5):
        reads.look()
    assert len(reads.asked) == 1
    reads.watch.after_commit(Batch())
    reads.look()
    reads.watch.after_commit(Batch(has_changed_boards=False))
    reads.look()
    reads.watch.after_act(None)
    reads.look()
    assert len(reads.asked) == 3


def test_many_changes_are_read_once_a_second() -> None:
    reads = Reads()
    for _ in range(41):
        reads.watch.after_commit(Batch())
        reads.look(after_s=0.1)
    assert len(reads.asked) <= 5


def test_a_new_entrant_or_circuit_is_read() -> None:
    reads = Reads()
    reads.look()
    reads.look(entrant="d:ben")
    reads.look("Spa", "d:ben")
    assert reads.asked[-2:] == [
        {"Monza": {"d:ada", "d:ben"}},
        {"Monza": {"d:ada", "d:ben"}, "Spa": {"d:ben"}},
    ]


def test_who_was_not_asked_for_is_forgotten() -> None:
    reads = Reads()
    reads.look()
    reads.look("Spa", "d:ben", after_s=60.0)
    assert reads.asked[-1] == {"Spa": {"d:ben"}}


def test_the_number_of_circuits_is_bounded() -> None:
    reads = Reads()
    for at in range(30):
        reads.watch.get(f"Circuit {at}", "d:ada")
    reads.look("Circuit 0")
    reads.look("Circuit 0")
    assert max(map(len, reads.asked)) == 8


def test_a_reading_that_left_something_out_is_followed_by_another() -> None:
    reads = Reads()
    reads.is_complete = False
    reads.look()
    reads.is_complete = True
    reads.look()
    reads.look()
    assert len(reads.asked) == 2


def test_a_database_that_does_not_answer_is_asked_again_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reads = Reads()
    reads.error = StoreError("the disk is full")
    with caplog.at_level(logging.WARNING):
        assert [None, None] == [reads.look() for _ in range(2)]
    assert [record.message for record in caplog.records] == [
        "the laps with which running laps are compared cannot be read: the disk is full"
    ]
    reads.error = None
    assert reads.look() is BOARD
