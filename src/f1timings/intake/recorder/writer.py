"""The recorder's thread: takes datagrams from the inbox to the disk, and looks after what is there."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Final

from f1timings.intake.captures.folder import next_capture
from f1timings.intake.recorder.file import RecorderFile
from f1timings.intake.recorder.inbox import Entry, Inbox
from f1timings.intake.recorder.retention import CaptureBudget
from f1timings.intake.recorder.settings import Rotation, Surroundings
from f1timings.intake.recorder.state import CaptureRate, Losses, RecorderState
from f1timings.intake.recorder.trouble import Trouble
from f1timings.intake.recorder.upkeep import Upkeep

_log = logging.getLogger(__name__)

_MIB: Final = 1024**2
#: Between two writes the thread holds the interpreter; with this much at once for about 0.1 ms.
_BATCH_BYTES: Final = 96 * 1024
#: A file is never a larger part of the budget than this; otherwise one file more or less would decide.
_FILES_IN_BUDGET: Final = 8


class RecorderWriter:
    """All that the recorder does off the event loop.

    Attributes:
        state: as of the last turn.
    """

    def __init__(
        self,
        folder: Path,
        inbox: Inbox,
        budget: CaptureBudget,
        rotation: Rotation,
        surroundings: Surroundings,
    ) -> None:
        """Prepare; nothing is touched yet."""
        self.state = RecorderState()
        self._folder = folder
        self._inbox = inbox
        self._budget = budget
        self._rotation = rotation
        self._surroundings = surroundings
        self._max_file_bytes = min(rotation.max_bytes, budget.max_bytes // _FILES_IN_BUDGET)
        self._upkeep = Upkeep(folder, budget, surroundings)
        self._trouble = Trouble(f"record telemetry in {folder}")
        self._pace = CaptureRate(surroundings.ticks())
        self._losses = Losses()
        self._file: RecorderFile | None = None
        self._batch: list[Entry] = []
        self._datagrams = 0
        self._bytes = 0
        self._unwritten = 0
        self._stopped_because: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Record until told to stop."""
        while not stop.is_set():
            until = time.monotonic() + self._rotation.flush_s
            self._turn()
            self._upkeep.work(until, stop)
            stop.wait(max(0.0, until - time.monotonic()))

    def end(self, patience_s: float) -> None:
        """Write what is left, and pack it; what takes longer than ``patience_s`` is for the next start."""
        self._try_to_record()
        self._finish_file()
        self._unwritten += len(self._batch) + len(self._inbox)
        self._upkeep.finish(time.monotonic() + patience_s)
        self._tell()

    def _turn(self) -> None:
        if not self._trouble.rests(self._surroundings.ticks()):
            self._try_to_record()
        self._tell()

    def _try_to_record(self) -> None:
        try:
            self._record()
        except OSError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 - a fault of our own; nobody else watches over this thread
            self._unwritten += len(self._batch)  # it may lie in them, and must not come back for ever
            self._batch = []
            self._fail(error)
        else:
            self._trouble.over()

    def _record(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._mind_the_room()
        if self._stopped_because is None:
            self._write_pending()
        if self._file is not None and self._age_s(self._file) >= self._rotation.max_age_s:
            self._finish_file()

    def _mind_the_room(self) -> None:
        """Stop before the disk is full, and go on when there is room again."""
        free, keep = self._surroundings.free_bytes(self._folder), self._budget.keep_free_bytes
        if self._stopped_because is None and free < keep:
            self._stopped_because = (
                f"{free // _MIB} MiB are free on the disk of {self._folder}, and {keep // _MIB} MiB are kept "
                "for the database. Free some room; laps are timed and stored all the same."
            )
            _log.error("Telemetry is not recorded for now: %s", self._stopped_because)
            self._finish_file()
            self._upkeep.ask()
        elif self._stopped_because is not None and free >= self._budget.resume_free_bytes:
            self._stopped_because = None
            _log.warning("The disk of %s has room again; telemetry is recorded.", self._folder)

    def _write_pending(self) -> None:
        for _ in range(1 + self._rotation.max_pending_bytes // _BATCH_BYTES):
            self._batch = self._batch or self._inbox.take(_BATCH_BYTES)
            if not self._batch:
                return
            self._write_batch(self._file or self._begin_file())

    def _write_batch(self, file: RecorderFile) -> None:
        """The batch stays until the disk has taken it; so a short failure loses nothing."""
        before = file.size
        refused = file.append(self._batch)
        self._bytes += file.size - before
        self._datagrams += len(self._batch) - refused
        self._unwritten += refused
        self._batch = []
        if file.size >= self._max_file_bytes:
            self._finish_file()

    def _begin_file(self) -> RecorderFile:
        path = next_capture(self._folder, self._surroundings.now())
        self._file = RecorderFile(path, self._surroundings.ticks())
        self._upkeep.being_written = path
        return self._file

    def _finish_file(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
            self._upkeep.being_written = None
            self._upkeep.ask()

    def _fail(self, error: Exception) -> None:
        self._finish_file()
        self._trouble.met(error, self._surroundings.now(), self._surroundings.ticks())

    def _age_s(self, file: RecorderFile) -> float:
        return self._surroundings.ticks() - file.opened_at

    def _tell(self) -> None:
        ticks = self._surroundings.ticks()
        dropped = self._inbox.dropped + self._unwritten
        self._losses.look(dropped, ticks)
        finished = self._upkeep.finished
        failing = self._trouble if self._trouble.since is not None else self._upkeep.trouble
        self.state = RecorderState(
            files=finished.files + (self._file is not None),
            bytes_on_disk=finished.bytes + (self._file.size if self._file is not None else 0),
            bytes_per_hour=self._pace.per_hour(self._bytes, ticks),
            datagrams=self._datagrams,
            dropped=dropped,
            pending_bytes=self._inbox.pending_bytes,
            failing_since=failing.since,
            error=failing.error,
            stopped_because=self._stopped_because,
        )
