"""A real server in its own process, on free ports, for tests that stop or kill it."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from prometheus_client.parser import text_string_to_metric_families

from f1timings.commands.running_server import call_server
from f1timings.web.access.token_routes import OWNER_PATH
from tests.command_line import run_command
from tests.forked_command import ForkedCommand
from tests.migrated import copy_migrated
from tests.waiting import LONGEST_WAIT_S

Value = TypeVar("Value")


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that is free at this moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def read_until_stable(read: Callable[[], Value]) -> Value:
    """Read a value every second until it is the same twice in a row."""
    previous, value = None, read()
    while previous != value:
        time.sleep(1.0)
        previous, value = value, read()
    return value


class Answer(NamedTuple):
    """An answer of the server; ``json`` is None if the body is not JSON."""

    status: int
    json: Any
    headers: dict[str, str]


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def serve_arguments(folder: Path, **ports: int) -> list[str | Path]:
    """Return the arguments of ``serve`` with a data folder, on loopback, by default at free ports."""
    port, udp_port = ports.get("port", free_port()), ports.get("udp_port", free_port(socket.SOCK_DGRAM))
    hosts: list[str | Path] = ["serve", "--host", "127.0.0.1", "--udp-host", "127.0.0.1"]
    return [*hosts, "--port", str(port), "--udp-port", str(udp_port), "--data-dir", folder]


class RunningServer:
    """``f1timings serve`` in its own process; a new data folder gets a copy of a migrated SQLite file.

    Args:
        tls: trusts the certificate of a server with https; None for http.
    """

    def __init__(
        self, data_dir: Path, database_url: str | None = None, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.udp_port = free_port(socket.SOCK_DGRAM)
        self._database_url = database_url
        self._tls = tls
        self.address = f"{'http' if tls is None else 'https'}://127.0.0.1:{self.port}"
        self._log = data_dir.parent / f"{data_dir.name}.log"
        self._process: ForkedCommand | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, *flags: str) -> None:
        """Start the server with further flags, and wait until it is ready."""
        self._create_data_dir()
        self._process = ForkedCommand(*self._arguments(*flags), stdout=self._log, stderr=self._log)
        self.until(lambda: self.get("/api/health/ready")["status"] == "ready")

    def _create_data_dir(self) -> None:
        """Create a missing data folder with empty tables: the migrations take a fifth of each start."""
        if self._database_url is None and not self.data_dir.exists():
            self.data_dir.mkdir(parents=True)
            copy_migrated(self.data_dir)

    def refused_start(self, *flags: str) -> tuple[int, str]:
        """Start a server that ends by itself; return its exit code and what it printed on stderr."""
        ended = run_command(*self._arguments(*flags))
        return ended.returncode, ended.stderr

    @property
    def log(self) -> str:
        """What the server has printed since its first start."""
        return self._log.read_text(errors="replace")

    def _arguments(self, *flags: str) -> list[str]:
        arguments = ["serve", "--host", "127.0.0.1", "--port", str(self.port)]
        arguments += ["--udp-host", "127.0.0.1", "--udp-port", str(self.udp_port)]
        arguments += ["--data-dir", str(self.data_dir)]
        if self._database_url:
            arguments += ["--database-url", self._database_url]
        return [*arguments, *flags]

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def metrics(self, token: str) -> dict[str, float]:
        """The metrics that have no labels, by their names without the prefix."""
        request = urllib.request.Request(
            f"{self.address}/metrics", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=LONGEST_WAIT_S, context=self._tls) as answer:
            families = list(text_string_to_metric_families(answer.read().decode()))
        return {
            sample.name.removeprefix("f1timings_"): sample.value
            for family in families
            for sample in family.samples
            if not sample.labels
        }

    def kill(self) -> None:
        """Kill the server with ``kill -9``."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop the server as Ctrl+C does."""
        self._end(signal.SIGINT)

    def get(self, path: str, **query: object) -> Any:
        """The JSON of a GET request; None for 404."""
        url = f"{self.address}{path}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        try:
            with urllib.request.urlopen(url, timeout=LONGEST_WAIT_S, context=self._tls) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                if refusal.code == 404:
                    return None
                raise

    def token(self, role: str, kind: str = "token") -> str:
        """A new token of a role, as ``f1timings token create`` gets it from the server.

        Args:
            kind: ``display`` for a token that may be part of an address.
        """
        body = {"name": "a test", "role": role, "kind": kind}
        return str(call_server(self.data_dir, "POST", OWNER_PATH, body=body)["token"])

    def ask(
        self, method: str, path: str, body: object = None, token: str | None = None, **headers: str
    ) -> Answer:
        """Send a request and return its answer, whatever the status.

        Args:
            body: sent as JSON; bytes as they are.
            token: of the requester; anonymous if None.
            headers: further headers, with ``_`` for ``-`` in their names.
        """
        all_headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            all_headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            all_headers.setdefault("Content-Type", "application/json")
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{self.address}{urllib.parse.quote(path, safe='/?&=%~:')}"
        request = urllib.request.Request(url, data, all_headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=LONGEST_WAIT_S, context=self._tls) as answer:
                return Answer(answer.status, _json(answer.read()), dict(answer.headers))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return Answer(refusal.code, _json(refusal.read()), dict(refusal.headers))

    def everything(self, path: str, **query: object) -> list[Any]:
        """The items of all pages of a list."""
        items: list[Any] = []
        cursor: dict[str, object] = {}
        while True:
            page = self.get(path, limit=1000, **query, **cursor)
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = {"cursor": page["next"]}

    def until(self, condition: Callable[[], bool], seconds: float = LONGEST_WAIT_S) -> None:
        """Wait until a condition is true; fail after ``seconds``.

        Asking takes a third of the time at most, so that the server has the machine to itself.
        """
        deadline = time.monotonic() + seconds
        while True:
            asked = time.monotonic()
            try:
                if condition():
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            assert time.monotonic() < deadline, self.log[-3000:]
            time.sleep(min(1.0, max(0.05, 2 * (time.monotonic() - asked))))

    def settled(self, path: str, **query: object) -> list[Any]:
        """The items of all pages of a list, once they no longer change."""
        return read_until_stable(lambda: self.everything(path, **query))

    def _end(self, signal_number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            os.kill(process.pid, signal_number)
        process.wait(LONGEST_WAIT_S)
