"""Where the real packets and the specification lie, beside the repository; tests skip where they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
REAL_PACKETS = SHARED / "real-packets"
SPEC = SHARED / "spec"

needs_shared = pytest.mark.skipif(
    not REAL_PACKETS.is_dir(), reason="the real packets are not beside this checkout (../shared)"
)
