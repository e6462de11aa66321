"""Rigs share addresses, change ports and addresses, and are joined: no lap goes to another person.

Rests, interleaved streams, new ports, DHCP, seats, joins, restarts and clock steps happen at random.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

from tests.property.rig_stories.story import Story

#: The stories of each run of the tests.
USUAL: Final = 10
#: More stories: ``F1TIMINGS_RIG_STORIES=1000 pytest tests/property/test_which_rig.py``.
STORIES: Final = int(os.environ.get("F1TIMINGS_RIG_STORIES", USUAL))
FIRST: Final = int(os.environ.get("F1TIMINGS_FIRST_RIG_STORY", "0"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + STORIES))
def test_every_lap_belongs_to_who_sat_at_the_rig_that_drove_it(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(seed, seconds=400.0)
    rows = story.tell(tmp_path, monkeypatch)
    assert [] == story.faults(rows), f"\n{story}"
    # Among many stories there are some without a lap of which everything is certain.
    assert story.laps_of_one_driver() or seed >= USUAL, f"no lap had to have its driver\n{story}"
