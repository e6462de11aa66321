"""Wireshark's own tools read recorded captures without errors."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from f1timings.intake.captures.folder import list_capture_paths
from f1timings.intake.datagrams import Datagram
from tests.intake.recorder.recording import EVENING, SMALL, noise, recording

_FIELDS = ("frame.time_epoch", "ip.src", "ipv6.src", "udp.srcport", "udp.dstport", "udp.payload")


@pytest.fixture(scope="module")
def tshark() -> str:
    """The path of tshark; it must be installed on the build server."""
    path = shutil.which("tshark")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("tshark is not installed here: add it to the apt-get step (apt-get install tshark)")
    if path is None:
        pytest.skip("tshark is not installed (apt-get install tshark)")
    return path


def output(tshark: str, *arguments: str) -> list[str]:
    result = subprocess.run([tshark, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert 0 == result.returncode, result.stderr
    return result.stdout.splitlines()


def dissected(tshark: str, path: Path) -> list[Datagram]:
    """Return the datagrams that tshark reads."""
    fields = [argument for field in _FIELDS for argument in ("-e", field)]
    datagrams = []
    for line in output(tshark, "-n", "-r", str(path), "-T", "fields", *fields):
        at, ipv4, ipv6, port, listen_port, data = line.split("\t")
        datagrams.append(Datagram(float(at), ipv4 or ipv6, int(port), int(listen_port), bytes.fromhex(data)))
    return datagrams


SENT = [
    *noise(20),
    Datagram(EVENING + 1 / 3, "fe80::20", 54321, 20778, b"\x00\x01\x02"),
    Datagram(EVENING + 0.5, "10.255.255.254", 1024, 20777, b"\xff" * 60_000),
]


@pytest.mark.parametrize("ending", [".pcapng", ".pcapng.zst"])
def test_tshark_reads_the_same_datagrams_open_and_packed(tmp_path: Path, tshark: str, ending: str) -> None:
    with recording(tmp_path, rotation=replace(SMALL, max_bytes=1 << 30)) as run:
        run.write(SENT)
        if ending == ".pcapng.zst":
            run.finish_capture()
        (path,) = list_capture_paths(tmp_path)
        assert path.name.endswith(ending)
        assert SENT == dissected(tshark, path)


def test_tshark_reports_correct_checksums_and_no_malformed_packet(tmp_path: Path, tshark: str) -> None:
    with recording(tmp_path) as run:
        run.record(SENT)
    checks = ("-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-T", "fields")
    fields = ("-e", "ip.checksum.status", "-e", "udp.checksum.status", "-e", "_ws.malformed")
    (path,) = list_capture_paths(tmp_path)
    good, absent = "1", "3"  # the UDP checksum is optional over IPv4
    expected = [f"{good}\t{absent}\t"] * 20 + [f"\t{good}\t", f"{good}\t{absent}\t"]
    assert expected == output(tshark, "-n", *checks, *fields, "-r", str(path))
