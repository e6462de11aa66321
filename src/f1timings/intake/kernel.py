"""What the operating system keeps for a UDP socket until we read it, and what it dropped instead."""

from __future__ import annotations

import logging
import os
import socket
import sys
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)

#: A second of forty rigs at 60 Hz fits, so that a pause of the program for a backup or a page costs nothing.
RECEIVE_BUFFER_BYTES: Final = 4 * 1024 * 1024
_LEAST_ASKED: Final = 64 * 1024
_REMEDIES: Final = {
    "linux": (
        "run `sudo sysctl -w net.core.rmem_max={0}`, and to keep it over a restart put the line "
        "`net.core.rmem_max={0}` into /etc/sysctl.d/60-f1timings.conf; in a container do so on its host"
    ),
    "darwin": "run `sudo sysctl -w kern.ipc.maxsockbuf={1}`, and put `kern.ipc.maxsockbuf={1}` into "
    "/etc/sysctl.conf to keep it over a restart",
}
_OTHER_REMEDY: Final = "raise the largest socket buffer of this system to {0} bytes"


def ask_for_receive_buffer(listening: socket.socket, wanted: int = RECEIVE_BUFFER_BYTES) -> int:
    """Ask for a large receive buffer and return the bytes that were granted, in the units of the asking."""
    _ask(listening, wanted)
    granted = listening.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    # Linux sets aside, and reports, twice what is asked for, to cover its own bookkeeping.
    return granted // 2 if sys.platform == "linux" else granted


def _ask(listening: socket.socket, wanted: int) -> None:
    """Linux and Windows cap what is too much; the BSDs and macOS refuse it, so ask for less and less."""
    while wanted >= _LEAST_ASKED:
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, wanted)
        except OSError:
            wanted //= 2
        else:
            return


def warn_of_small_buffer(
    granted: int, wanted: int = RECEIVE_BUFFER_BYTES, platform: str = sys.platform
) -> None:
    """Say once, with the remedy, that the system keeps less for us than was asked for."""
    if granted >= wanted:
        return
    # macOS counts its bookkeeping into the limit, so the limit must lie above what is asked for.
    remedy = _REMEDIES.get(platform, _OTHER_REMEDY).format(wanted, wanted * 2)
    _log.warning(
        "The system keeps only %d KiB of unread telemetry instead of %d KiB, so a busy moment may lose "
        "datagrams: %s, then start F1Timings again.",
        granted // 1024,
        wanted // 1024,
        remedy,
    )


def dropped_datagrams(listening: socket.socket, table: Path | None = None) -> int | None:
    """Datagrams the kernel threw away because this socket's buffer was full; None where it does not tell.

    Args:
        table: the kernel's list of UDP sockets, as in Linux's ``/proc/net/udp``.
    """
    if table is None:
        table = Path("/proc/net/udp6" if listening.family == socket.AF_INET6 else "/proc/net/udp")
    try:
        inode = str(os.fstat(listening.fileno()).st_ino)
        lines = table.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    # Columns: the inode is the tenth, the drops are the last.
    return next((int(line[-1]) for line in map(str.split, lines[1:]) if line[9] == inode), None)
