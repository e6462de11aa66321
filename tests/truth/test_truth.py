"""The laps found are the laps driven, in every format, over many seeds, with all kinds of incidents."""

from __future__ import annotations

from typing import Final

import pytest

from f1timings.packets import FORMATS
from tests.stories import seeds
from tests.truth.comparing import KINDS, rate_hz, short, timed

USUAL: Final = 10
# Each kind of session at 20 and at 60 packets a second; the last is a qualifying at 60.
SEEDS: Final = sorted({*seeds(USUAL), 12})


def is_told(packet_format: int, seed: int) -> bool:
    """Whether ``make test`` has this case; ``make stories`` has all of them.

    Each kind of session is driven in each format at 20 packets a second. At 60 it takes three times as long:
    each kind is driven in two or three formats, and each format has some.
    """
    return rate_hz(seed) == 20 or (FORMATS.index(packet_format) + seed // 3) % 3 == 0


CASES: Final = [
    (packet_format, seed)
    for seed in SEEDS
    for packet_format in FORMATS
    if len(SEEDS) > USUAL + 1 or is_told(packet_format, seed)
]


@pytest.mark.parametrize(("packet_format", "seed"), CASES)
def test_the_laps_found_are_the_laps_driven(packet_format: int, seed: int) -> None:
    outcome = timed(short(KINDS[seed % len(KINDS)], packet_format, seed))
    assert outcome.driven == outcome.found
    assert outcome.results[0] == outcome.results[1]
    assert 0 == outcome.recovered
