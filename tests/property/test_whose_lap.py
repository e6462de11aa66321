"""Every lap belongs to the person who drove it, or to nobody; none is missing, none is stored twice.

Clock steps, seat changes, network cuts, saves, second runs under one UID and restarts happen at random.
"""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path
from typing import Final

import pytest

from tests.property.lap_stories.story import Story
from tests.stories import LAP_STORIES

#: The stories of each run of the tests.
USUAL: Final = 10
#: More stories: ``F1TIMINGS_LAP_STORIES=1000 pytest tests/property/test_whose_lap.py``.
STORIES: Final = int(os.environ.get(LAP_STORIES, USUAL))
FIRST: Final = int(os.environ.get("F1TIMINGS_FIRST_LAP_STORY", "0"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + STORIES))
def test_every_lap_belongs_to_who_drove_it(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(seed, seconds=600.0)
    rows = story.tell(tmp_path, monkeypatch)
    assert [] == story.faults(rows), f"\n{story}"
    # Among many stories there are some without a calm lap.
    assert story.laps_of_one_driver() or seed >= USUAL, f"no lap had to have its driver\n{story}"


def test_the_laps_of_a_story_began_their_time_before_their_end_or_earlier() -> None:
    # In this story a flashback goes back over the line, into a lap that began long before.
    (rig, *_) = Story(123, seconds=600.0).rigs
    deque(rig.datagrams(), maxlen=0)
    assert rig.laps
    late = [lap for lap in rig.laps if min(lap.began) > lap.ended_at - lap.lap_time_ms / 1000 + 0.1]
    assert [] == late
