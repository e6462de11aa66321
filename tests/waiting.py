"""How long tests wait for a condition."""

from __future__ import annotations

from typing import Final

#: In seconds. A wait ends as soon as its condition is met; only a fault, never a loaded machine, reaches this limit.
LONGEST_WAIT_S: Final = 60.0
