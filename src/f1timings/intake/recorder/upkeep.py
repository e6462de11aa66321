"""What the recorder does with finished captures: pack them, and shrink old ones to stay within the budget."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from f1timings.errors import CaptureError
from f1timings.intake.captures.folder import CaptureFile, captures, tidy
from f1timings.intake.recorder.retention import LAST_STAGE, CaptureBudget, next_to_shrink
from f1timings.intake.recorder.rewrite import Steps, pack, thin
from f1timings.intake.recorder.settings import Surroundings
from f1timings.intake.recorder.trouble import Trouble

_log = logging.getLogger(__name__)

_EVERY_S: Final = 60.0
#: For each second of work so many of rest: timing comes first, and this is never urgent.
_REST: Final = 3.0


@dataclass(frozen=True, slots=True)
class Usage:
    """How many captures there are and what they take on the disk, in bytes."""

    files: int = 0
    bytes: int = 0


class Upkeep:
    """Goes round the folder when asked to and every minute, a few milliseconds at a time.

    Attributes:
        being_written: the capture to leave alone.
        finished: all others, at the last look.
        trouble: with changing captures.
    """

    def __init__(self, folder: Path, budget: CaptureBudget, surroundings: Surroundings) -> None:
        """Prepare; the first round begins by tidying up after a crash."""
        self.being_written: Path | None = None
        self.finished = Usage()
        self.trouble = Trouble("pack, thin or delete captures")
        self._folder = folder
        self._budget = budget
        self._surroundings = surroundings
        self._next_at = self._surroundings.ticks()
        self._round: Steps | None = self._first_round()
        self._all_well = True

    def ask(self) -> None:
        """Go round as soon as the round under way is done: a capture was finished, or the disk is full."""
        self._next_at = self._surroundings.ticks()

    def work(self, until: float, stop: threading.Event) -> None:
        """Work, with rests, until a time of ``time.monotonic``, or until nothing is left to do."""
        while (started := time.monotonic()) < until and self._step():
            rest_s = _REST * (time.monotonic() - started)
            if stop.wait(min(rest_s, max(0.0, until - time.monotonic()))):
                return

    def finish(self, until: float) -> None:
        """Work without rests; what is not done by then is left for the next start."""
        while time.monotonic() < until and self._step():
            pass
        if self._round is not None:
            self._round.close()
            self._round = None

    def _step(self) -> bool:
        """Do a little; False when there is nothing to do."""
        if self._round is None:
            ticks = self._surroundings.ticks()
            if ticks < self._next_at:
                return False
            self._next_at = ticks + _EVERY_S
            self._round = self._whole_round()
        try:
            next(self._round)
        except StopIteration:
            self._round = None
        return True

    def _first_round(self) -> Steps:
        yield from self._attempt(self._tidied())

    def _tidied(self) -> Steps:
        tidy(self._folder)
        yield

    def _whole_round(self) -> Steps:
        self._all_well = True
        yield from self._attempt(self._pack_all())
        yield from self._attempt(self._keep_within_budget())
        if self._all_well:
            self.trouble.over()

    def _pack_all(self) -> Steps:
        for file in self._look():
            if not file.packed and self._fits(file):
                yield from self._attempt(pack(file))

    def _keep_within_budget(self) -> Steps:
        tried: set[Path] = set()  # what could not be changed must not be tried for ever
        while files := [file for file in self._look() if file.path not in tried]:
            if self._excess_bytes() <= 0:
                return
            file = next_to_shrink(files)
            tried.add(file.path)
            yield from self._attempt(self._shrunk(file))

    def _shrunk(self, file: CaptureFile) -> Steps:
        if file.stage == LAST_STAGE or not self._fits(file):
            file.path.unlink()
            _log.info("Deleted the capture %s to make room.", file.path)
            return
        try:
            yield from thin(file, file.stage + 1)
        except CaptureError as error:
            # Damaged: what cannot be read here may be rescued by hand until it is this file's turn to go.
            _log.warning("%s It is not thinned.", error)
            file.path.replace(file.as_form(LAST_STAGE, file.packed))

    def _attempt(self, steps: Steps) -> Steps:
        try:
            yield from steps
        except Exception as error:  # noqa: BLE001 - one capture must not end the care for all others
            self._all_well = False
            self.trouble.met(error, self._surroundings.now(), self._surroundings.ticks())

    def _look(self) -> list[CaptureFile]:
        files = [file for file in captures(self._folder) if file.path != self.being_written]
        self.finished = Usage(len(files), sum(file.path.stat().st_size for file in files))
        return files

    def _excess_bytes(self) -> int:
        written = self.being_written.stat().st_size if self.being_written is not None else 0
        return self._budget.excess_bytes(self.finished.bytes + written, self._free_bytes())

    def _fits(self, file: CaptureFile) -> bool:
        """Whether its new form has room beside it; half of what is kept free may serve for a while."""
        return self._free_bytes() - file.path.stat().st_size >= self._budget.keep_free_bytes // 2

    def _free_bytes(self) -> int:
        return self._surroundings.free_bytes(self._folder)
