"""Maintenance of finished captures: pack them, and thin or delete old ones to stay within the budget."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from f1timings.errors import CaptureError
from f1timings.intake.captures.folder import CaptureFile, list_captures, remove_leftovers
from f1timings.intake.recorder.environment import RecorderEnvironment
from f1timings.intake.recorder.retention import LAST_STAGE, CaptureBudget, next_to_shrink
from f1timings.intake.recorder.retries import RetryState
from f1timings.intake.recorder.rewrite import Steps, pack, thin

_log = logging.getLogger(__name__)

_ROUND_EVERY_S: Final = 60.0
#: Seconds of rest per second of work: timing has priority, and maintenance is never urgent.
_REST_FACTOR: Final = 3.0


@dataclass(frozen=True, slots=True)
class CaptureUsage:
    """Number of captures and their size on the disk in bytes."""

    files: int = 0
    bytes: int = 0


class Maintenance:
    """Works through the folder every minute and on request, in steps of a few milliseconds.

    Attributes:
        current_file: the capture that is being written and must not be changed.
        finished: all other captures, when the folder was last listed.
        retries: whether changing captures works.
    """

    def __init__(self, folder: Path, budget: CaptureBudget, environment: RecorderEnvironment) -> None:
        """Prepare; the first round removes what a crash left."""
        self.current_file: Path | None = None
        self.finished = CaptureUsage()
        self.retries = RetryState("pack, thin or delete captures")
        self._folder = folder
        self._budget = budget
        self._environment = environment
        self._next_round_at = self._environment.monotonic()
        self._round: Steps | None = self._first_round()
        self._round_succeeded = True

    def request_round(self) -> None:
        """Start a round as soon as the current one is done: a capture was finished, or the disk is full."""
        self._next_round_at = self._environment.monotonic()

    def run(self, until: float, stop: threading.Event) -> None:
        """Work, with rests, until a time of ``time.monotonic`` or until there is nothing to do."""
        while (started := time.monotonic()) < until and self._step():
            rest_s = _REST_FACTOR * (time.monotonic() - started)
            if stop.wait(min(rest_s, max(0.0, until - time.monotonic()))):
                return

    def finish(self, until: float) -> None:
        """Work without rests until a time of ``time.monotonic``; the next start does the rest."""
        while time.monotonic() < until and self._step():
            pass
        if self._round is not None:
            self._round.close()
            self._round = None

    def _step(self) -> bool:
        """Do one step; False if there is nothing to do."""
        if self._round is None:
            monotonic = self._environment.monotonic()
            if monotonic < self._next_round_at:
                return False
            self._next_round_at = monotonic + _ROUND_EVERY_S
            self._round = self._full_round()
        try:
            next(self._round)
        except StopIteration:
            self._round = None
        return True

    def _first_round(self) -> Steps:
        yield from self._attempt(self._remove_leftovers())

    def _remove_leftovers(self) -> Steps:
        remove_leftovers(self._folder)
        yield

    def _full_round(self) -> Steps:
        self._round_succeeded = True
        yield from self._attempt(self._pack_all())
        yield from self._attempt(self._shrink_to_budget())
        if self._round_succeeded:
            self.retries.report_success()

    def _pack_all(self) -> Steps:
        for file in self._list_finished():
            if not file.is_packed and self._has_space_to_rewrite(file):
                yield from self._attempt(pack(file))

    def _shrink_to_budget(self) -> Steps:
        tried: set[Path] = set()  # do not try a file again in this round if it could not be changed
        while files := [file for file in self._list_finished() if file.path not in tried]:
            if self._excess_bytes() <= 0:
                return
            file = next_to_shrink(files)
            tried.add(file.path)
            yield from self._attempt(self._shrink(file))

    def _shrink(self, file: CaptureFile) -> Steps:
        if file.stage == LAST_STAGE or not self._has_space_to_rewrite(file):
            file.path.unlink()
            _log.info("Deleted the capture %s to free disk space.", file.path)
            return
        try:
            yield from thin(file, file.stage + 1)
        except CaptureError as error:
            # A damaged capture may be rescued by hand, so keep it unchanged until it is the next to delete.
            _log.warning("%s It is not thinned.", error)
            file.path.replace(file.path_of_form(LAST_STAGE, is_packed=file.is_packed))

    def _attempt(self, steps: Steps) -> Steps:
        try:
            yield from steps
        except Exception as error:  # noqa: BLE001 - an error of one capture must not end the maintenance
            self._round_succeeded = False
            self.retries.report_failure(error, self._environment.now(), self._environment.monotonic())

    def _list_finished(self) -> list[CaptureFile]:
        files = [file for file in list_captures(self._folder) if file.path != self.current_file]
        self.finished = CaptureUsage(len(files), sum(file.path.stat().st_size for file in files))
        return files

    def _excess_bytes(self) -> int:
        current = self.current_file.stat().st_size if self.current_file is not None else 0
        return self._budget.excess_bytes(self.finished.bytes + current, self._free_bytes())

    def _has_space_to_rewrite(self, file: CaptureFile) -> bool:
        """Whether the new form fits on the disk as well; half of the reserved space may be used for it."""
        return self._free_bytes() - file.path.stat().st_size >= self._budget.keep_free_bytes // 2

    def _free_bytes(self) -> int:
        return self._environment.free_bytes(self._folder)
