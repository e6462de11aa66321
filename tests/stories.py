"""How many random stories a test tells: some in ``make test``, many more in ``make stories``."""

from __future__ import annotations

import os
from typing import Final

#: Sets how many stories ``tests/property/test_whose_lap.py`` tells; tests of smaller stories follow it.
LAP_STORIES: Final = "F1TIMINGS_LAP_STORIES"

# Several tests tell them, each on two databases or in every format.
_OF_LAP_STORIES: Final = 10


def seeds(short_form: int) -> range:
    """The seeds of a test in which things happen at random.

    Args:
        short_form: how many there are in ``make test``.
    """
    return range(max(short_form, int(os.environ.get(LAP_STORIES, "0")) // _OF_LAP_STORIES))
