"""A process to be killed or starved: records numbered datagrams and prints how many the system has.

Run as ``python -m tests.intake.recorder.recording_child FOLDER [MOST_BYTES_OF_A_FILE]``; with a limit, the
system refuses larger files, as a full disk would.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

from f1timings.intake.recorder.recording import Recorder, Rotation
from tests.intake.recorder.recording import EVENING, NO_BUDGET, RIG, noise

DATA = noise(64)


def numbered(number: int) -> bytes:
    """A datagram that says which one it is."""
    return number.to_bytes(4, "big") + DATA[number % len(DATA)].data


def main(folder: Path, limit: int | None) -> None:
    """Record for ever, about 3 MB a second."""
    rotation = Rotation(max_bytes=1024 * 1024, flush_s=0.01)
    if limit is not None:
        refuse_larger_files(limit)
        rotation = replace(rotation, max_bytes=1 << 30)
    recorder = Recorder(folder, NO_BUDGET, rotation=rotation)
    recorder.start()
    for number in count():
        recorder.record(numbered(number), RIG, 54321, 20777, EVENING + number)
        if number % 25 == 0:
            state = recorder.state
            print(state.datagrams, state.failing_since is not None, state.error, flush=True)
            time.sleep(0.01)


def refuse_larger_files(limit: int) -> None:
    """Have writing beyond ``limit`` bytes fail in every file of this process."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
