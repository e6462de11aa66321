"""If a network loses, reorders and duplicates datagrams, no lap is wrong, invented or missing."""

from __future__ import annotations

from functools import partial

import pytest

from f1timings.packets import FORMATS
from tests.chaos.forms import count_of
from tests.network.faults import add_faults
from tests.truth.comparing import KINDS, differing, short, timed


def rig_of(emission: object) -> int:
    return emission.rig  # type: ignore[attr-defined, no-any-return]


# Each kind of session in each format at least once.
@pytest.mark.parametrize("seed", range(count_of(500, len(KINDS) * len(FORMATS))))
def test_no_lap_is_wrong_invented_or_missing(seed: int) -> None:
    packet_format = FORMATS[seed % len(FORMATS)]
    network = partial(add_faults, loss=0.05, reorder=0.10, duplicate=0.05, seed=seed, stream=rig_of)
    outcome = timed(short(KINDS[seed % len(KINDS)], packet_format, 1000 + seed), network)
    assert outcome.driven.keys() == outcome.found.keys()
    for key, driven in outcome.driven.items():
        found = outcome.found[key]
        assert [] == differing(driven, found), key
        assert driven[0] == found[0], key


def test_a_sector_of_the_games_list_may_be_a_millisecond_off_and_no_other() -> None:
    driven = (75_227, 19_616, 22_769, 32_842, True, "flying", "completed")
    assert [] == differing(driven, driven)
    listed = (75_227, 19_616, 22_769, 32_843, True, None, "completed")
    assert [] == differing(driven, listed)
    assert [(32_842, 32_844)] == differing(driven, (75_227, 19_616, 22_769, 32_844, True, None, "completed"))
    # The sectors of a lap that was seen sum up to its time.
    shifted = (75_227, 19_616, 22_770, 32_841, True, "flying", "completed")
    assert [(22_769, 22_770), (32_842, 32_841)] == differing(driven, shifted)


@pytest.mark.parametrize("seed", range(count_of(70, len(FORMATS))))
def test_a_very_bad_network_causes_gaps_but_no_wrong_times(seed: int) -> None:
    """If 40 % of the datagrams are lost, laps may be missing, but the laps found are right."""
    packet_format = FORMATS[seed % len(FORMATS)]
    network = partial(add_faults, loss=0.40, reorder=0.20, duplicate=0.10, seed=seed, stream=rig_of)
    outcome = timed(short("race", packet_format, 2000 + seed), network)
    assert outcome.found.keys() <= outcome.driven.keys()
    for key, found in outcome.found.items():
        assert found[0] == outcome.driven[key][0], key
