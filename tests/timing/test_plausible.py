"""Whatever values the packets have, what timing reports is plausible or unknown."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.packets import FORMATS, identify, read_header
from f1timings.simulator import simulate
from f1timings.timing.engine import Engine
from f1timings.timing.events import LapRecorded, SessionClassified
from f1timings.timing.plausible import PLAUSIBLE, Plausibility
from f1timings.timing.records import ClassificationEntry, Lap
from tests.timing.stories import scenario


@given(st.sampled_from(sorted(PLAUSIBLE)), st.integers() | st.floats())
def test_a_value_passes_exactly_within_its_range(name: str, value: float) -> None:
    plausibility = Plausibility()
    lowest, highest = PLAUSIBLE[name]
    is_plausible = lowest <= value <= highest
    passed = plausibility.known(name, value)
    assert (passed == value) if is_plausible else passed is None
    assert plausibility.counts.total() == (0 if is_plausible or value == 0 else 1)


@given(st.sampled_from(sorted(PLAUSIBLE)), st.floats())
def test_a_time_in_seconds_is_milliseconds_within_the_range_or_unknown(name: str, seconds: float) -> None:
    lowest, highest = PLAUSIBLE[name]
    known = Plausibility().known_ms(name, seconds)
    assert known is None or (lowest <= known <= highest and math.isclose(known, seconds * 1000, abs_tol=0.5))


def is_in_range(name: str, value: float | None) -> bool:
    return value is None or PLAUSIBLE[name].lowest <= value <= PLAUSIBLE[name].highest


@pytest.mark.parametrize("year", FORMATS)
def test_laps_and_results_are_plausible_though_packets_are_damaged(year: int) -> None:
    chance, engine = random.Random(year), Engine("rig")
    laps: list[Lap] = []
    entries: list[ClassificationEntry] = []
    for emission in simulate(scenario("race", year)):
        layout, data = identify(emission.data), bytearray(emission.data)
        header = read_header(emission.data, layout)
        if chance.random() < 0.1:
            for _ in range(20):
                data[chance.randrange(layout.header_size, len(data))] = chance.choice((0, 0x7F, 0xFF))
        for event in engine.feed(bytes(data), layout, header):
            laps += [event.lap] if isinstance(event, LapRecorded) else []
            entries += event.entries if isinstance(event, SessionClassified) else []
    assert laps
    for lap in laps:
        assert is_in_range("lap_data.last_lap", lap.lap_time_ms)
        for sector_ms in (lap.sector1_ms, lap.sector2_ms, lap.sector3_ms):
            assert is_in_range("lap_data.sector", sector_ms)
    for entry in entries:
        assert is_in_range("final_classification.best_lap", entry.best_lap_ms)
        assert is_in_range("final_classification.position", entry.position)
