"""The receive buffer of a UDP socket: its size, and the datagrams dropped because it was full."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import sys
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)

#: Room for one second of forty rigs at 60 Hz: a pause of the program, as for a backup, loses nothing.
RECEIVE_BUFFER_BYTES: Final = 4 * 1024 * 1024
_SMALLEST_REQUEST_BYTES: Final = 64 * 1024
# Linux: a size above the limit of the system, for root and other administrators of its network. Python has no
# name for it.
_FORCED_SIZE: Final = 33
_COMMANDS: Final = {
    "linux": "sudo sysctl -w net.core.rmem_max={0}",
    # The limit of macOS includes its bookkeeping, so the limit must be above the requested size.
    "darwin": "sudo sysctl -w kern.ipc.maxsockbuf={1}",
}
_REMEDIES: Final = {
    "linux": (
        f"run `{_COMMANDS['linux']}`; to make it permanent, add the line "
        "`net.core.rmem_max={0}` to /etc/sysctl.d/60-f1timings.conf. For a container, do this on its host"
    ),
    "darwin": f"run `{_COMMANDS['darwin']}`; to make it permanent, add "
    "`kern.ipc.maxsockbuf={1}` to /etc/sysctl.conf",
}
_OTHER_REMEDY: Final = "raise the largest socket buffer of this system to {0} bytes"


def request_receive_buffer(listening: socket.socket, wanted: int = RECEIVE_BUFFER_BYTES) -> int:
    """Request a large receive buffer and return the bytes granted, in the same units as the request."""
    _set_buffer_size(listening, wanted)
    if sys.platform != "linux":
        return listening.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    if _granted_on_linux(listening) < wanted:
        with contextlib.suppress(OSError):
            listening.setsockopt(socket.SOL_SOCKET, _FORCED_SIZE, wanted)
    return _granted_on_linux(listening)


def _granted_on_linux(listening: socket.socket) -> int:
    """Linux reserves, and reports, twice the requested size, to cover its own bookkeeping."""
    return listening.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2


def _set_buffer_size(listening: socket.socket, wanted: int) -> None:
    """Set the largest possible size: Linux and Windows reduce a large request, BSD and macOS refuse it."""
    while wanted >= _SMALLEST_REQUEST_BYTES:
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, wanted)
        except OSError:
            wanted //= 2
        else:
            return


def warn_if_small(granted: int, wanted: int = RECEIVE_BUFFER_BYTES, platform: str = sys.platform) -> None:
    """Log a warning with the remedy if the system granted less than was requested."""
    if granted >= wanted:
        return
    remedy = _REMEDIES.get(platform, _OTHER_REMEDY).format(wanted, wanted * 2)
    _log.warning(
        "The system buffers only %d KiB of unread telemetry instead of %d KiB, so datagrams may be lost at "
        "busy moments. Remedy: %s. Then restart F1Timings.",
        granted // 1024,
        wanted // 1024,
        remedy,
    )


def raising_command(wanted: int = RECEIVE_BUFFER_BYTES, platform: str = sys.platform) -> str:
    """The command that raises the largest receive buffer of a system, or what to raise if it is not known."""
    return _COMMANDS.get(platform, _OTHER_REMEDY).format(wanted, wanted * 2)


def count_dropped_datagrams(listening: socket.socket, table: Path | None = None) -> int | None:
    """Datagrams that the system dropped because this socket's buffer was full; None if it does not report it.

    Args:
        table: the kernel's list of UDP sockets, in the form of Linux's ``/proc/net/udp``.
    """
    if table is None:
        table = Path("/proc/net/udp6" if listening.family == socket.AF_INET6 else "/proc/net/udp")
    try:
        inode = str(os.fstat(listening.fileno()).st_ino)
        lines = table.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    # The tenth column is the inode, the last one the number of drops.
    return next((int(line[-1]) for line in map(str.split, lines[1:]) if line[9] == inode), None)
