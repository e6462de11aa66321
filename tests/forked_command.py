"""``f1timings`` in a process of its own, forked from one that has imported the program already.

The imports take most of the processor time of a start. Apart from them, a forked process is like one that a
user starts: it has its own memory, folder, environment and signals, and can be killed.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
import time
from collections.abc import Mapping
from contextlib import chdir
from functools import cache
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from subprocess import TimeoutExpired

from f1timings.commands.main import main
from tests.source_code import ROOT
from tests.waiting import LONGEST_WAIT_S

#: The variable of the environment that names a file of Python code; a forked process runs it first.
RUN_FIRST = "TESTS_RUN_FIRST"

# An interpreter reads these variables when it starts; a forked process would not.
_OF_THE_INTERPRETER = ("PYTHON", "LD_", "DYLD_")


def _of_the_interpreter(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_OF_THE_INTERPRETER)}


_BEFORE = _of_the_interpreter(os.environ)


class ForkedCommand:
    """A running ``f1timings``. It is ended when the tests end, if it is not ended before.

    Attributes:
        pid: the number of the process.
    """

    def __init__(
        self, *arguments: str | Path, stdout: Path, stderr: Path, environment: Mapping[str, str] = os.environ
    ) -> None:
        """Start it in the present folder.

        Args:
            stdout, stderr: the files to which its output is appended.
        """
        assert _BEFORE == _of_the_interpreter(environment), "only a new interpreter reads these variables"
        for path in (stdout, stderr):
            path.touch()  # it can be read at once
        self._words = [str(argument) for argument in arguments]
        self._process = _context().Process(
            target=_run,
            args=(self._words, str(Path.cwd()), dict(environment), str(stdout), str(stderr)),
            daemon=True,
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float = LONGEST_WAIT_S) -> int:
        """Wait for the end, and return the exit code.

        Raises:
            TimeoutExpired: it still runs after so many seconds.
        """
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise TimeoutExpired(self._words, timeout)
        return code

    def terminate(self) -> None:
        """Ask it to end, by SIGTERM."""
        self._process.terminate()

    def kill(self) -> None:
        """End it by SIGKILL."""
        self._process.kill()


@cache
def _context() -> ForkServerContext | SpawnContext:
    """Where there is no fork, each process imports the program itself."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.imported_before"])
    with chdir(ROOT):  # the tests can be imported there
        forkserver.ensure_running()
    return context


def _run(words: list[str], folder: str, environment: Mapping[str, str], stdout: str, stderr: str) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if hasattr(time, "tzset"):
        time.tzset()
    for path, number in ((stdout, 1), (stderr, 2)):
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.dup2(file, number)
        os.close(file)
    if RUN_FIRST in environment:
        runpy.run_path(environment[RUN_FIRST])
    sys.argv = ["f1timings", *words]
    main(words)
