"""Measure which lines of the program the tests run, and fail if there are too few; a plugin of pytest.

``make test`` loads it with ``-p scripts.coverage_floor --coverage-floor PERCENT``. Each worker of xdist
measures its own process with slipcover, which slows tests down far less than coverage.py does. Servers and
commands that tests start in processes of their own are not measured, so the true coverage is higher.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
import slipcover  # type: ignore[import-untyped]
from slipcover.importer import FileMatcher, ImportManager  # type: ignore[import-untyped]

SOURCE: Final = Path(__file__).parents[1] / "src" / "f1timings"
_NAME: Final = "f1timings_coverage"
_LEAST_COVERED: Final = 10
# A probe that has run so often makes slipcover remove the probes of all lines seen so far. For that, it looks
# at every function of the program, a tenth of a second each time; a run of a probe is next to nothing.
_RUNS_BEFORE_REMOVAL: Final = 200_000

Coverage = dict[str, Any]
"""As slipcover writes it: ``files``, each with its ``executed_lines`` and ``missing_lines``."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--coverage-floor", type=float, default=0.0, help="fail if fewer percent of the lines are run"
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Measuring(config), _NAME)


class _Slipcover(slipcover.Slipcover):  # type: ignore[misc]
    """Removes its probes while no garbage is collected: in Python 3.11 both together end in a crash."""

    def deinstrument_seen(self) -> None:
        """Remove the probes of lines that were run."""
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            super().deinstrument_seen()
        finally:
            if was_enabled:
                gc.enable()


class _Measuring:
    """The measurement of this process, and in the process that starts the workers, the sum of theirs."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._sum: Coverage | None = None
        self._slipcover = _Slipcover(source=[str(SOURCE)], d_miss_threshold=_RUNS_BEFORE_REMOVAL)
        ImportManager(self._slipcover, FileMatcher(sources=[SOURCE])).__enter__()

    def pytest_sessionfinish(self) -> None:
        """In a worker: give the measurement to the process that started it."""
        output: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_NAME] = json.dumps(self._slipcover.get_coverage())

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker has ended."""
        measured = getattr(node, "workeroutput", {}).get(_NAME)
        if measured is not None:
            self._add(json.loads(measured))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        result = yield
        if not hasattr(self._config, "workeroutput"):
            if self._sum is None:
                self._add(self._slipcover.get_coverage())
            if self._percent() < self._config.getoption("coverage_floor"):
                session.testsfailed += 1
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._sum is None:
            return
        terminalreporter.section("lines that the tests run")
        for path, percent in _least_covered(self._sum["files"]):
            terminalreporter.write_line(f"{percent:6.1f} %  {path}")
        floor = self._config.getoption("coverage_floor")
        verdict = "" if self._percent() >= floor else f", and at least {floor:g} % are needed"
        terminalreporter.write_line(f"{self._percent():6.1f} %  of all lines{verdict}")

    def _add(self, measured: Coverage) -> None:
        if self._sum is None:
            self._sum = measured
        else:
            slipcover.merge_coverage(self._sum, measured)

    def _percent(self) -> float:
        assert self._sum is not None
        return float(self._sum["summary"]["percent_covered"])


def _least_covered(files: Mapping[str, Any]) -> list[tuple[str, float]]:
    percents = [(path, float(file["summary"]["percent_covered"])) for path, file in files.items()]
    return sorted(percents, key=lambda entry: entry[1])[:_LEAST_COVERED]
