"""How long tests wait for a condition."""

from __future__ import annotations

from typing import Final

#: In seconds. A wait ends when its condition is met; only a fault reaches this limit, not a loaded machine.
LONGEST_WAIT_S: Final = 60.0
