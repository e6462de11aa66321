"""The data of the servers that Schemathesis tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api_fuzz.run import prepare_data


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "data"
    prepare_data(folder)
    return folder
