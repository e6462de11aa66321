"""A process that tests kill or limit: it records numbered datagrams and prints how many are written.

Run as ``python -m tests.intake.recorder.recording_child FOLDER [MAX_FILE_BYTES]``. With a limit, the system
refuses larger files, like a full disk.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

from f1timings.intake.recorder.environment import RecorderEnvironment
from f1timings.intake.recorder.recording import Recorder, Rotation
from tests.intake.recorder.recording import EVENING, NO_BUDGET, RIG, noise

DATA = noise(64)


def numbered_datagram(number: int) -> bytes:
    """Return a datagram that contains its number."""
    return number.to_bytes(4, "big") + DATA[number % len(DATA)].data


def main(folder: Path, limit: int | None) -> None:
    """Record without end, about 3 MB per second."""
    rotation = Rotation(max_bytes=1024 * 1024, flush_s=0.01)
    if limit is not None:
        limit_file_size(limit)
        rotation = replace(rotation, max_bytes=1 << 30)
    recorder = Recorder(folder, NO_BUDGET, rotation=rotation, environment=RecorderEnvironment(now=time.time))
    recorder.start()
    for number in count():
        recorder.record(numbered_datagram(number), RIG, 54321, 20777, EVENING + number)
        if number % 25 == 0:
            state = recorder.state
            print(state.datagrams, state.failing_since is not None, state.error, flush=True)
            time.sleep(0.01)


def limit_file_size(limit: int) -> None:
    """Let this process fail to write a file beyond ``limit`` bytes."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
