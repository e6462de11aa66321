"""Settings for all tests."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from tests.shared_statements import share_compiled_statements

# No test measures time: an example that is slow because the machine is busy is not a fault.
settings.register_profile("no_clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no_clock")

# The longest files go first, so that none is left for the end when the other workers have nothing to do. Then
# those that wait most of the time, for real servers and a browser: several at once use the cores well. Then
# those that calculate for long.
_FIRST: Final = (
    "api_fuzz",
    "evening",
    "server",
    "browser",
    "chaos",
    "soak",
    "truth",
    "store",
    "property",
    "traces",
)
_TESTS: Final = Path(__file__).parent

# Thousands of tests commit to databases of their own. In memory no commit waits for a disk, and a killed
# process leaves the same files there. Tests of full disks mount their own, and those of a power loss note
# what SQLite synced.
_MEMORY: Final = Path("/dev/shm")
_NEEDED_BYTES: Final = 4 * 1024**3
_TEMPORARY: Final = "PYTEST_DEBUG_TEMPROOT"


def pytest_configure(config: pytest.Config) -> None:
    # Nearly all that is imported and collected stays.
    gc.disable()
    is_chosen = config.getoption("basetemp") is not None or _TEMPORARY in os.environ
    if not is_chosen and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _NEEDED_BYTES:
        os.environ[_TEMPORARY] = str(_MEMORY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    share_compiled_statements()
    # Modules and tests stay until the end: a collection of garbage need not look at them again and again.
    gc.collect()
    gc.freeze()
    gc.enable()


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(_TESTS).parts[0]
    return _FIRST.index(folder) if folder in _FIRST else len(_FIRST)
