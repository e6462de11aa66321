"""The server with a certificate of its own: pages, live updates and commands use https."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from websockets.sync.client import connect

from tests.command_line import run_command
from tests.server.running import RunningServer, serve_arguments
from tests.waiting import LONGEST_WAIT_S

ADMIN_PASSWORD = "lights out and away"


class Certificate:
    """A certificate for this machine, in files, and a context that trusts it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        authority = trustme.CA()
        issued = authority.issue_cert("127.0.0.1")
        self.chain, self.key = folder / "chain.pem", folder / "key.pem"
        for blob in issued.cert_chain_pems:
            blob.write_to_path(self.chain, append=True)
        issued.private_key_pem.write_to_path(self.key)
        self.context = ssl.create_default_context()
        authority.configure_trust(self.context)

    @property
    def flags(self) -> tuple[str, ...]:
        return "--tls-certificate", str(self.chain), "--tls-key", str(self.key)


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return Certificate(tmp_path / "certificate")


@pytest.fixture
def server(
    tmp_path: Path, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunningServer]:
    monkeypatch.setenv("F1TIMINGS_ADMIN_PASSWORD", ADMIN_PASSWORD)
    running = RunningServer(tmp_path / "data", tls=certificate.context)
    try:
        running.start(*certificate.flags)
        yield running
    finally:
        running.stop()


def test_pages_live_updates_and_commands_use_https(server: RunningServer, certificate: Certificate) -> None:
    assert "https://" in server.log
    credentials = {"name": "admin", "password": ADMIN_PASSWORD}
    answer = server.ask("POST", "/api/v1/login", credentials, Origin=server.address)
    assert 200 == answer.status
    assert "; Secure" in answer.headers["set-cookie"]
    token = server.token("marshal")  # a command, which calls the server over loopback
    assert 201 == server.ask("POST", "/api/v1/drivers", {"name": "Ann"}, token).status
    address = server.address.replace("https", "wss", 1)
    with connect(f"{address}/ws", ssl=certificate.context, open_timeout=LONGEST_WAIT_S) as socket:
        socket.send(json.dumps({"subscribe": ["board"]}))
        messages = [json.loads(socket.recv(LONGEST_WAIT_S)) for _ in range(2)]
    assert ["hello", "board"] == [message.get("view", "hello") for message in messages]


def test_plain_http_gets_no_answer_there(server: RunningServer) -> None:
    plain = RunningServer(server.data_dir)
    plain.address = server.address.replace("https", "http", 1)
    with pytest.raises((OSError, ValueError)):
        plain.get("/api/health")
    assert server.get("/api/health")


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (["--tls-certificate", "chain"], "https needs both files"),
        (["--tls-key", "key"], "https needs both files"),
        (["--tls-certificate", "missing.pem", "--tls-key", "key"], "There is no file"),
        (["--tls-certificate", "chain", "--tls-key", "other"], "cannot be used"),
        (["--tls-certificate", "text", "--tls-key", "key"], "cannot be used"),
    ],
)
def test_files_that_do_not_fit_are_refused_with_advice(
    tmp_path: Path, certificate: Certificate, flags: list[str], reason: str
) -> None:
    text = tmp_path / "text.pem"
    text.write_text("not a certificate")
    files = {
        "chain": certificate.chain,
        "key": certificate.key,
        "other": Certificate(tmp_path / "another").key,
        "text": text,
        "missing.pem": tmp_path / "missing.pem",
    }
    arguments = [str(files.get(flag, flag)) for flag in flags]
    ended = run_command(*serve_arguments(tmp_path / "data"), *arguments)
    assert 2 == ended.returncode
    assert reason in ended.stderr
    assert not (tmp_path / "data").exists()
