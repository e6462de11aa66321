"""The limits of every field of every operation are those that the OpenAPI document states.

Schemathesis sends values at each limit and beyond it, and the methods that an operation does not have: they
get 405 with the right methods in ``Allow``. The other checks are those of ``test_every_role.py``. This is a
file of its own so that both can run at the same time.
"""

from __future__ import annotations

from pathlib import Path

from f1timings.access.roles import Role
from tests.api_fuzz.run import SAMPLE_OF_LIMITS, run_schemathesis


def test_every_limit_is_as_documented(prepared: Path, tmp_path: Path) -> None:
    outcome = run_schemathesis(prepared, tmp_path / "data", Role.ADMIN, SAMPLE_OF_LIMITS)
    assert outcome.is_clean, outcome.report
