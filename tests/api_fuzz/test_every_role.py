"""Whoever asks, whatever they send: no fault of ours, no answer but those described, nothing wrong taken.

A sample of what ``make fuzz`` does at length. What Schemathesis looks for: no status of 500 or more; only
described statuses, content types, headers and bodies; what the description refuses is refused; other methods
get 405, and ``Allow`` names the right ones.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api_fuzz.attempt import ROLES, SAMPLE, SAMPLE_OF_BORDERS, Asked, attempt, furnish


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("furnished") / "data"
    furnish(folder)
    return folder


# The borders of every field are tried by who gets furthest: of the others most are turned away before.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
def test_every_operation_keeps_its_word(furnished: Path, tmp_path: Path, role: str) -> None:
    asked: Asked = SAMPLE_OF_BORDERS if role == "admin" else SAMPLE
    outcome = attempt(furnished, tmp_path / "data", role, asked)
    assert outcome.is_clean, outcome.report
