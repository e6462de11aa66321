"""Every operation, called with generated requests as each role, behaves as the OpenAPI document states.

This is a sample of what ``make fuzz`` does at length. Schemathesis checks that there is no status of 500 or
more; that statuses, content types, headers and bodies are those of the document; that requests which the
document does not allow are refused; and that other methods get 405 with the right methods in ``Allow``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api_fuzz.run import (
    ROLES,
    SAMPLE,
    SAMPLE_OF_LIMITS,
    Amount,
    prepare_data,
    run_schemathesis,
)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "data"
    prepare_data(folder)
    return folder


# Only the admin tries the limits of every field: most requests of the other roles are refused before that.
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "anonymous")
def test_every_operation_behaves_as_documented(prepared: Path, tmp_path: Path, role: str) -> None:
    amount: Amount = SAMPLE_OF_LIMITS if role == "admin" else SAMPLE
    outcome = run_schemathesis(prepared, tmp_path / "data", role, amount)
    assert outcome.is_clean, outcome.report
