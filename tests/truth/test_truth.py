"""The laps found are the laps driven, in every format, over many seeds, with all kinds of incidents."""

from __future__ import annotations

import pytest

from f1timings.packets import FORMATS
from tests.stories import seeds
from tests.truth.comparing import KINDS, short, timed

# Each kind of session at 20 and at 60 packets a second; the last is a qualifying at 60.
SEEDS = sorted({*seeds(10), 12})


@pytest.mark.parametrize("packet_format", FORMATS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_laps_found_are_the_laps_driven(packet_format: int, seed: int) -> None:
    outcome = timed(short(KINDS[seed % len(KINDS)], packet_format, seed))
    assert outcome.driven == outcome.found
    assert outcome.results[0] == outcome.results[1]
    assert 0 == outcome.recovered
