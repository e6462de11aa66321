"""Laps, seats, cuts, pauses, other runs and restarts in any order: no lap goes to the wrong driver."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from f1timings.store import StoredLap
from f1timings.timing.packet_order import JUMP_S
from tests.evening_of_one_rig import OneRig, Run, laps_of, summary

STEPS = st.lists(
    st.sampled_from(
        [
            "lap",
            "lap",
            "lap",
            "part",
            "cut",
            "mend",
            "Anna",
            "Bodo",
            "rest",
            "restart",
            "kill",
            "start",
            "run",
            "back",
            "return",
            "flash",
            "again",
            "save",
            "load",
        ]
    ),
    min_size=4,
    max_size=16,
)


class Evening:
    """A rig, and what was driven on it: each lap takes another time, so its time identifies it."""

    def __init__(self, folder: Path, packet_format: int) -> None:
        self.rig = OneRig(folder, Run(format=packet_format))
        self.left: list[Run] = []
        self.saved: Run | None = None
        self.is_down = False
        self.seconds = 10.0
        self.rig.seat("Anna")
        self.rig.rest(0.4)
        self.rig.drive(0.4)

    def step(self, word: str) -> None:
        rig = self.rig
        self.seconds += 1.017
        if word == "lap":
            rig.lap(self.seconds)
        elif word == "part":
            rig.drive(3.0)
        elif word in ("cut", "mend"):
            rig.is_cut = word == "cut"
        elif word in ("Anna", "Bodo"):
            rig.seat(word)
            rig.drive(0.4)  # nobody begins a lap at the very moment of sitting down
        elif word == "rest":
            rig.rest(25)
        elif word in ("run", "back", "return"):
            self.change_run(is_return=word != "run", seconds=6 if word == "back" else 0)
        elif word in ("flash", "again", "save", "load"):
            self.change_game(word)
        else:
            self.change_server(word)

    def change_server(self, word: str) -> None:
        """Restart or kill the server if it runs, or start it."""
        if word == "restart" and not self.is_down:
            self.rig.restart()
        elif word == "kill" and not self.is_down:
            self.rig.kill()
            self.is_down = True
        elif word == "start":
            self.start()

    def change_game(self, word: str) -> None:
        """Go back in the game, begin its lap again, or save or load it."""
        if word == "flash" and self.rig.run.time_s > 12:  # another run does not begin so late
            self.rig.flashback(8)
            self.rig.drive(0.4)
        elif word == "again":
            self.rig.restart_lap()
            self.rig.drive(0.4)
        elif word == "save":
            self.saved = deepcopy(self.rig.run)
        elif word == "load" and self.saved is not None:
            self.load(self.saved)

    def change_run(self, *, is_return: bool, seconds: float) -> None:
        """Begin another run, or return to the one before, unless that had only just begun.

        Args:
            seconds: how long the menus take, and the game loads, before it returns.
        """
        if is_return and not self._can_return(seconds):
            return
        if not self.is_down:
            self.rig.store.flush()  # what was driven before is stored
        if is_return:
            self.left[-1], self.rig.run = self.rig.run, self.left[-1]
            self.rig.rest(seconds)
        else:
            self.left.append(self.rig.run)
            self.rig.run = Run(self.rig.run.uid, self.rig.run.format)
        self.rig.drive(0.4)  # nobody sits down at the very moment when a run begins

    def load(self, saved: Run) -> None:
        """Load a save under another UID; what was driven before is stored."""
        if not self.is_down:
            self.rig.store.flush()
        self.left.clear()
        self.rig.rest(3)
        self.rig.load(saved, uid=self.rig.run.uid + 1)
        self.rig.drive(0.4)

    def _can_return(self, seconds: float) -> bool:
        if not self.left or self.left[-1].time_s < 2:
            return False
        # Without a pause, laps and the session clock must show that this is not the same run.
        is_shown = (
            bool(self.rig.run.times or self.left[-1].times)
            and abs(self.left[-1].time_s - self.rig.run.time_s) > JUMP_S + 1
        )
        return seconds > 0 or is_shown

    def start(self) -> None:
        if self.is_down:
            self.rig.start()
            self.rig.store_seats(self.rig.store)
            self.is_down = False

    def end(self) -> None:
        """The network and the server return, and two more laps are driven."""
        self.start()
        self.rig.is_cut = False
        for _ in range(2):
            self.step("lap")
        self.rig.settle()

    def check(self, laps: list[StoredLap]) -> None:
        """Each lap was driven, counts once and has its driver or none; the newest has its driver.

        The server saw the newest lap from line to line, whatever happened before.
        """
        drivers: dict[int | None, set[str | None]] = dict(self.rig.beginners.items())
        stored = {time_ms: name for _, _, time_ms, name in summary(laps)}
        assert len(laps) == len(stored), "a lap counts twice"
        assert stored.keys() <= drivers.keys(), "nobody drove this lap"
        for time_ms, name in stored.items():
            assert name in (*drivers[time_ms], None), f"{name} did not begin the lap of {time_ms} ms"
        _, newest_ms, driver = self.rig.driven[-1]
        assert driver == stored[newest_ms]


@pytest.mark.parametrize("packet_format", [2022, 2025])
@settings(max_examples=15, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(steps=STEPS)
@example(steps=["lap", "part", "kill", "Bodo", "lap", "start"])
@example(steps=["lap", "lap", "kill", "Bodo", "run", "lap", "start"])
@example(steps=["lap", "part", "cut", "Bodo", "lap", "mend"])
@example(steps=["lap", "lap", "cut", "Bodo", "run", "lap", "mend"])
@example(steps=["lap", "part", "rest", "Bodo", "restart", "lap"])
@example(steps=["Bodo", "rest", "restart"])
@example(steps=["cut", "rest", "Bodo", "run"])
@example(steps=["kill", "Bodo", "run", "lap", "start"])
@example(steps=["part", "kill", "run"])
@example(steps=["kill", "Bodo", "run", "lap", "lap"])
@example(steps=["Bodo", "run", "cut", "lap", "lap"])
@example(steps=["part", "Bodo", "run", "lap", "back", "lap"])
@example(steps=["lap", "lap", "run", "lap", "return", "lap"])
@example(steps=["cut", "lap", "mend", "restart", "Anna", "run"])
@example(steps=["lap", "run", "Bodo", "cut", "back", "mend", "lap"])
@example(steps=["lap", "run", "restart", "Anna", "back", "part", "Anna"])
@example(steps=["lap", "lap", "run", "return", "lap"])
@example(steps=["lap", "run", "Bodo", "lap", "restart", "back", "Anna", "lap"])
@example(steps=["Anna", "Anna", "run", "restart"])
@example(steps=["lap", "cut", "flash", "Bodo", "mend"])
@example(steps=["lap", "cut", "part", "flash", "part", "Bodo", "mend"])
@example(steps=["lap", "lap", "part", "kill", "flash", "flash", "Bodo", "start"])
@example(steps=["lap", "kill", "flash", "Bodo", "start"])
@example(steps=["lap", "part", "cut", "Bodo", "again", "mend"])
@example(steps=["lap", "cut", "again", "Bodo", "mend", "lap"])
@example(steps=["lap", "cut", "lap", "flash", "Bodo", "part", "mend"])
@example(steps=["lap", "part", "save", "lap", "cut", "load", "part", "Bodo", "mend"])
@example(steps=["lap", "part", "save", "lap", "Bodo", "load", "lap"])
@example(steps=["lap", "part", "save", "cut", "load", "Bodo", "rest", "mend"])
def test_a_lap_that_was_driven_belongs_to_who_began_it_or_to_nobody(
    packet_format: int, steps: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        evening = Evening(Path(folder), packet_format)
        for word in steps:
            evening.step(word)
        evening.end()
        live = evening.rig.laps()
        evening.rig.kill()
        evening.check(live)
        with evening.rig.rebuilt() as store:
            again = laps_of(store)
        evening.check(again)
        assert_same_laps(live, again, has_restarted=bool({"kill", "restart"} & {*steps}))


def assert_same_laps(live: list[StoredLap], again: list[StoredLap], *, has_restarted: bool) -> None:
    """A rebuild gives the same laps; it knows what a killed or restarted server did not see.

    That is the driver of a lap, a lap whose line no packet showed to the process that saw its begin, and a
    run without a recorded lap, after which the next runs have other numbers.
    """
    rebuilt = {lap[1:3]: lap for lap in summary(again)}
    assert {lap[1:3] for lap in summary(live)} <= rebuilt.keys(), "a rebuild lacks laps"
    assert has_restarted or len(live) == len(rebuilt), "a rebuild gives other laps"
    pairs = [(lap, rebuilt[lap[1:3]]) for lap in summary(live)]
    runs = {(lap[0], other[0]) for lap, other in pairs}
    assert len(runs) == len({run for run, _ in runs}) == len({run for _, run in runs}), "other runs"
    assert has_restarted or all(run == other for run, other in runs), "a rebuild gives other sessions"
    assert all(lap[3] in (other[3], None) for lap, other in pairs), "a rebuild gives other drivers"
