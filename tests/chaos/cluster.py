"""A PostgreSQL server of the tests' own, which may be killed, restarted and frozen."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import psycopg

from tests.server.running import free_port
from tests.waiting import LONGEST_WAIT_S

_PROCESSES: Final = Path("/proc")
# PostgreSQL refuses to run as root.
_USER_INSTEAD_OF_ROOT: Final = "postgres"
_SETTINGS: Final = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=4MB",
    "max_connections=60",
    # The tests end the server, never the machine.
    "fsync=off",
)


def why_no_cluster() -> str | None:
    """Why no server can be started on this machine; None if one can."""
    missing = [name for name in ("initdb", "postgres") if shutil.which(name) is None]
    if missing:
        return f"PostgreSQL's {missing[0]} is not installed"
    return None if (_PROCESSES / "self/stat").exists() else "this system does not list processes in /proc"


class Cluster:
    """A server with one empty database, in a folder of its own; a context manager.

    Attributes:
        url: the address of the database.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="f1timings-cluster-"))
        self._owner: dict[str, Any] = {"user": _USER_INSTEAD_OF_ROOT} if os.geteuid() == 0 else {}
        if self._owner:
            shutil.chown(self._folder, _USER_INSTEAD_OF_ROOT)
        self._data = self._folder / "data"
        self._port = free_port()
        self._server: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://tests@127.0.0.1:{self._port}/template1"

    def __enter__(self) -> Self:
        words = ("initdb", "--no-sync", "--auth=trust", "--username=tests", "--locale=C", "--encoding=UTF8")
        self._run(*words, "--no-instructions", f"--pgdata={self._data}")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.thaw()
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                ["postgres", "-D", str(self._data), "-p", str(self._port), *settings],
                cwd=self._folder, stdout=log, stderr=log, **self._owner,
            )  # fmt: skip
        deadline = time.monotonic() + LONGEST_WAIT_S
        while not self._answers():
            assert time.monotonic() < deadline, (self._folder / "log").read_text()
            time.sleep(0.02)

    def kill(self) -> None:
        """End the server at once, as ``pg_ctl stop -m immediate`` does; the next start recovers."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(LONGEST_WAIT_S)
            self._server = None

    def drop_connections(self) -> int:
        """End every other connection, and wait until each has ended; return how many there were."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            return len(ended.fetchall())

    def freeze(self) -> None:
        """Stop all processes of the server, as a machine that hangs: its connections stay open."""
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let all processes of the server go on."""
        for process in self._processes():
            with contextlib.suppress(ProcessLookupError):  # the process of a connection that has just ended
                os.kill(process, signal.SIGCONT)

    def _processes(self) -> Sequence[int]:
        """The first process of the server, then its children: once it is stopped, there are no new ones."""
        if self._server is None:
            return ()
        return self._server.pid, *_children(self._server.pid)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, *words: str) -> None:
        ended = subprocess.run(
            words, cwd=self._folder, capture_output=True, text=True, check=False, **self._owner
        )
        assert 0 == ended.returncode, ended.stderr


def _children(parent: int) -> list[int]:
    children = []
    for stat in _PROCESSES.glob("[0-9]*/stat"):
        try:
            # The name of a process, in brackets, may have spaces in it.
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == parent:
            children.append(int(stat.parent.name))
    return children
