"""Every operation, called with generated requests as each role, behaves as the OpenAPI document states.

This is a sample of what ``make fuzz`` does at length. Schemathesis checks that there is no status of 500 or
more; that statuses, content types, headers and bodies are those of the document; and that requests which the
document does not allow are refused. The limits of every field are tried in ``test_limits.py``, by the admin
only: most requests of the other roles are refused before that.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from f1timings.access.roles import Role
from tests.api_fuzz.run import ROLES, SAMPLE, run_schemathesis


@pytest.mark.parametrize(
    "role", [role for role in ROLES if role != Role.ADMIN], ids=lambda role: role or "anonymous"
)
def test_every_operation_behaves_as_documented(prepared: Path, tmp_path: Path, role: str) -> None:
    outcome = run_schemathesis(prepared, tmp_path / "data", role, SAMPLE)
    assert outcome.is_clean, outcome.report
