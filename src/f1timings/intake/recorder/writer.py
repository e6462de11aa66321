"""The thread of the recorder: it writes datagrams from the queue to the disk and maintains the captures."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Final

from f1timings.intake.captures.folder import next_capture_path
from f1timings.intake.recorder.datagram_queue import DatagramQueue, QueuedDatagram
from f1timings.intake.recorder.environment import RecorderEnvironment
from f1timings.intake.recorder.file import RecorderFile
from f1timings.intake.recorder.maintenance import Maintenance
from f1timings.intake.recorder.retention import CaptureBudget
from f1timings.intake.recorder.retries import RetryState
from f1timings.intake.recorder.rotation import Rotation
from f1timings.intake.recorder.state import CaptureRate, DropLog, RecorderState

_log = logging.getLogger(__name__)

_MIB: Final = 1024**2
#: The thread holds the interpreter lock between two writes: about 0.1 ms for the smallest batch. Before each
#: batch it may wait for the lock until the switch interval has passed. Beside a busy event loop, small
#: batches would write less than arrives, so a batch is larger if much waits.
_SMALLEST_BATCH_BYTES: Final = 96 * 1024
_LARGEST_BATCH_BYTES: Final = 1024 * 1024
_BATCHES_OF_WAITING: Final = 8
#: No file is larger than this part of the budget, so that deleting one file never frees too much.
_FILES_IN_BUDGET: Final = 8


class RecorderWriter:
    """Everything that the recorder does outside the event loop.

    Attributes:
        state: as of the last flush.
    """

    def __init__(
        self,
        *,
        folder: Path,
        queue: DatagramQueue,
        budget: CaptureBudget,
        rotation: Rotation,
        environment: RecorderEnvironment,
    ) -> None:
        """Prepare; no file is touched yet."""
        self.state = RecorderState()
        self._folder = folder
        self._queue = queue
        self._budget = budget
        self._rotation = rotation
        self._environment = environment
        self._max_file_bytes = min(rotation.max_bytes, budget.max_bytes // _FILES_IN_BUDGET)
        self._maintenance = Maintenance(folder, budget, environment)
        self._recording = RetryState(f"record telemetry in {folder}")
        self._rate = CaptureRate(environment.monotonic())
        self._drop_log = DropLog()
        self._file: RecorderFile | None = None
        self._batch: list[QueuedDatagram] = []
        self._datagrams = 0
        self._bytes = 0
        self._unwritten = 0
        self._stopped_because: str | None = None

    def run(self, stop: threading.Event) -> None:
        """Record until ``stop`` is set."""
        while not stop.is_set():
            flush_at = time.monotonic() + self._rotation.flush_s
            if not self._recording.must_wait(self._environment.monotonic()):
                self._try_to_record()
            self._update_state()
            self._maintenance.run(flush_at, stop)
            stop.wait(max(0.0, flush_at - time.monotonic()))

    def finish(self, timeout_s: float) -> None:
        """Write the remaining datagrams and pack the last file; packing stops after ``timeout_s``."""
        self._try_to_record()
        self._finish_file()
        self._unwritten += len(self._batch) + len(self._queue)
        self._maintenance.finish(time.monotonic() + timeout_s)
        self._update_state()

    def _try_to_record(self) -> None:
        try:
            self._record()
        except OSError as error:
            self._handle_failure(error)
        except Exception as error:  # noqa: BLE001 - a bug; nothing else supervises this thread
            self._unwritten += len(self._batch)  # drop the batch: it may be the cause, and would fail again
            self._batch = []
            self._handle_failure(error)
        else:
            self._recording.report_success()

    def _record(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._check_free_space()
        if self._stopped_because is None:
            self._write_pending()
        if self._file is not None and self._age_s(self._file) >= self._rotation.max_age_s:
            self._finish_file()

    def _check_free_space(self) -> None:
        """Stop recording before the disk is full, and resume once it has space again."""
        free, reserved = self._environment.free_bytes(self._folder), self._budget.keep_free_bytes
        if self._stopped_because is None and free < reserved:
            self._stopped_because = (
                f"{free // _MIB} MiB are free on the disk of {self._folder}, and {reserved // _MIB} MiB are "
                "reserved for the database. Free some space. Laps are still timed and stored."
            )
            _log.error("Recording of telemetry is paused: %s", self._stopped_because)
            self._finish_file()
            self._maintenance.request_round()
        elif self._stopped_because is not None and free >= self._budget.resume_free_bytes:
            self._stopped_because = None
            _log.warning("The disk of %s has space again; telemetry is recorded.", self._folder)

    def _write_pending(self) -> None:
        for _ in range(1 + self._rotation.max_pending_bytes // _SMALLEST_BATCH_BYTES):
            self._batch = self._batch or self._queue.pop_batch(self._batch_bytes())
            if not self._batch:
                return
            self._write_batch(self._file or self._begin_file())

    def _batch_bytes(self) -> int:
        share = self._queue.pending_bytes // _BATCHES_OF_WAITING
        return min(_LARGEST_BATCH_BYTES, max(_SMALLEST_BATCH_BYTES, share))

    def _write_batch(self, file: RecorderFile) -> None:
        """Write the current batch. If the disk refuses it, it remains for the next try."""
        size_before = file.size
        rejected = file.append(self._batch)
        self._bytes += file.size - size_before
        self._datagrams += len(self._batch) - rejected
        self._unwritten += rejected
        self._batch = []
        if file.size >= self._max_file_bytes:
            self._finish_file()

    def _begin_file(self) -> RecorderFile:
        path = next_capture_path(self._folder, self._environment.now())
        self._file = RecorderFile(path, self._environment.monotonic())
        self._maintenance.current_file = path
        return self._file

    def _finish_file(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
            self._maintenance.current_file = None
            self._maintenance.request_round()

    def _handle_failure(self, error: Exception) -> None:
        self._finish_file()
        self._recording.report_failure(error, self._environment.now(), self._environment.monotonic())

    def _age_s(self, file: RecorderFile) -> float:
        return self._environment.monotonic() - file.opened_at

    def _update_state(self) -> None:
        monotonic = self._environment.monotonic()
        dropped = self._queue.dropped + self._unwritten
        self._drop_log.update(dropped, monotonic)
        finished = self._maintenance.finished
        failing = self._recording if self._recording.error is not None else self._maintenance.retries
        self.state = RecorderState(
            files=finished.files + (self._file is not None),
            bytes_on_disk=finished.bytes + (self._file.size if self._file is not None else 0),
            bytes_per_hour=self._rate.update(self._bytes, monotonic),
            datagrams=self._datagrams,
            dropped=dropped,
            pending_bytes=self._queue.pending_bytes,
            failing_since=failing.failing_since,
            error=failing.error,
            stopped_because=self._stopped_because,
        )
