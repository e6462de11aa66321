"""Laps, seats, cuts, pauses, other runs and restarts in any order: no lap goes to the wrong driver."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

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
        ]
    ),
    min_size=4,
    max_size=16,
)


class Evening:
    """A rig, and what was driven on it: each lap takes another time, so its time identifies it."""

    def __init__(self, folder: Path, packet_format: int) -> None:
        self.rig = OneRig(folder, Run(format=packet_format))
        self.is_down = False
        self.seconds = 10.0
        self.rig.seat("Anna")

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
        elif word == "run":
            rig.run = Run(rig.run.uid, rig.run.format)
        elif word == "restart" and not self.is_down:
            rig.restart()
        elif word == "kill" and not self.is_down:
            rig.kill()
            self.is_down = True
        elif word == "start":
            self.start()

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

    @property
    def drivers(self) -> dict[int, str | None]:
        """Who began each lap that was driven, by its time."""
        return {time_ms: name for _, time_ms, name in self.rig.driven}


@pytest.mark.parametrize("packet_format", [2022, 2025])
@settings(max_examples=15, derandomize=True, phases=[Phase.generate])
@given(steps=STEPS)
def test_every_lap_was_driven_and_belongs_to_who_began_it_or_to_nobody(
    packet_format: int, steps: list[str]
) -> None:
    with TemporaryDirectory() as folder:
        evening = Evening(Path(folder), packet_format)
        for word in steps:
            evening.step(word)
        evening.end()
        laps = summary(evening.rig.laps())
        evening.rig.kill()
        drivers = evening.drivers
        for _, _, time_ms, name in laps:
            assert time_ms is not None
            assert name in (drivers[time_ms], None)
        assert len(laps) == len({time_ms for _, _, time_ms, _ in laps}), "a lap counts twice"
        with evening.rig.rebuilt() as store:
            again = summary(laps_of(store))
        assert [lap[:3] for lap in laps] == [lap[:3] for lap in again], "a rebuild gives other laps"
