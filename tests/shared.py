"""The folders of the real packets and the specification, next to the repository; without them tests skip."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
REAL_PACKETS = SHARED / "real-packets"
SPEC = SHARED / "spec"

# The formats with a published specification and with captures of real games. A later format is tested by
# round trips and by the simulator until it has both.
PUBLISHED = range(2020, 2027)

needs_shared = pytest.mark.skipif(
    not REAL_PACKETS.is_dir(), reason="the real packets are not next to this checkout (../shared)"
)
