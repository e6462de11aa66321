"""Of the rigs of one lobby, with one session UID, one is cut off for 30 s or more: no lap is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from random import Random

import pytest

from f1timings.packets import FORMATS
from f1timings.simulator import Emission
from tests.chaos.forms import count_of
from tests.truth.comparing import address, short, timed

_RIG = 1
_DURATIONS_S = (30.0, 60.0, 120.0)


def cut_off(emissions: Iterable[Emission], since: float, until: float) -> Iterator[Emission]:
    """The datagrams without those of one rig between two moments."""
    return (sent for sent in emissions if sent.rig != _RIG or not since <= sent.at < until)


@pytest.mark.parametrize("seed", range(count_of(200, 2)))
def test_a_rig_that_is_gone_for_a_while_leaves_gaps_but_no_wrong_lap(seed: int) -> None:
    chance = Random(seed)
    since = chance.uniform(5.0, 250.0)
    network = partial(cut_off, since=since, until=since + chance.choice(_DURATIONS_S))
    outcome = timed(short("lobby", FORMATS[seed % len(FORMATS)], 3000 + seed), network)
    others = {key: facts for key, facts in outcome.driven.items() if key[1] != address(_RIG)}
    assert others
    assert others == {key: facts for key, facts in outcome.found.items() if key[1] != address(_RIG)}
    of_rig = {key: facts for key, facts in outcome.found.items() if key[1] == address(_RIG)}
    assert of_rig.keys() <= outcome.driven.keys()
    for key, found in of_rig.items():
        driven = outcome.driven[key]
        assert driven[0] == found[0], key
        # Sectors from the game's list of laps are rounded one by one.
        for ours, true in zip(found[1:4], driven[1:4], strict=True):
            assert ours is None or (true is not None and abs(ours - true) <= 1), key
