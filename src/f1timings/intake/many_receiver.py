"""Read many datagrams with one system call, where the system has ``recvmmsg`` (Linux)."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, Final, Self

from f1timings.intake.receiving import BURST, LARGEST, Burst

# Between the places of two datagrams; a power of two would put all of them in the same sets of the cache.
_STRIDE: Final = LARGEST + 24 * 64
_NAME_BYTES: Final = 28  # of an IPv6 socket address; one of IPv4 needs less
_NAME: Final = struct.Struct(f"{_NAME_BYTES}s4x")
_IPV4_NAME: Final = struct.Struct(">2xH4s")
_IPV6_NAME: Final = struct.Struct(">2xHI16s")
_IPV6_SCOPE: Final = struct.Struct("=24xI")
#: Remembered sources; a flood from forged ports must not fill the memory.
_MOST_SOURCES: Final = 4_096


class _Buffer(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _MessageHeader(ctypes.Structure):
    """Linux's ``struct msghdr``; without ancillary data."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("buffers", ctypes.POINTER(_Buffer)),
        ("buffer_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    """Linux's ``struct mmsghdr``: a header, and the bytes that were received."""

    _fields_ = (("header", _MessageHeader), ("length", ctypes.c_uint32))


class ManyReceiver:
    """Reads the waiting datagrams of a non-blocking socket, up to ``BURST`` with one call.

    ``recvfrom`` gives up the interpreter lock for each datagram, and may then wait for it until the switch
    interval of the interpreter has passed. This call keeps the lock: it never waits, and a full burst takes
    about 0.1 ms.
    """

    def __init__(self, listening: socket.socket, call: Callable[..., int]) -> None:
        """Prepare the memory; only the pages that datagrams have filled are used.

        Args:
            call: ``recvmmsg`` of the C library.
        """
        self._call = call
        self._family = listening.family
        self._octets = mmap.mmap(-1, BURST * _STRIDE)
        self._names = bytearray(BURST * _NAME.size)
        self._sources: dict[bytes, tuple[Any, ...]] = {}
        self._messages = (_Message * BURST)()
        octets_at = ctypes.addressof(ctypes.c_char.from_buffer(self._octets))
        names_at = ctypes.addressof(ctypes.c_char.from_buffer(self._names))
        self._buffers = (_Buffer * BURST)()
        for number, message in enumerate(self._messages):
            self._buffers[number] = _Buffer(octets_at + number * _STRIDE, LARGEST)
            message.header.name, message.header.name_length = names_at + number * _NAME.size, _NAME_BYTES
            message.header.buffers = ctypes.pointer(self._buffers[number])
            message.header.buffer_count = 1
        words = ctypes.sizeof(_Message) // 4
        self._lengths = memoryview(self._messages).cast("B").cast("I")[_Message.length.offset // 4 :: words]
        self._places = range(0, BURST * _STRIDE, _STRIDE)

    @classmethod
    def open(cls, listening: socket.socket) -> Self | None:
        """A receiver for a socket; None if this system cannot read many datagrams at once."""
        if sys.platform != "linux" or sys.byteorder != "little":  # the layout of the messages is of these
            return None
        try:
            # A library of this kind keeps the interpreter lock during its calls.
            call = ctypes.PyDLL(None, use_errno=True).recvmmsg
        except (OSError, AttributeError):
            return None
        call.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p)
        receiver = cls(listening, call)
        # A sandbox may refuse the call.
        return receiver if receiver._receive(listening, 0) == 0 else None

    def receive_burst(self, listening: socket.socket, clock: Callable[[], float]) -> Burst:
        """Like :func:`f1timings.intake.receiving.receive_burst`."""
        received_at = clock()
        count = self._receive(listening, BURST)
        if count < 0:
            return Burst(received_at, [], _error_of(ctypes.get_errno()))
        octets, sources = self._octets, self._sources
        names = _NAME.iter_unpack(memoryview(self._names)[: count * _NAME.size])
        datagrams = [
            (octets[at : at + length], sources.get(name) or self._new_source(name))
            for at, length, (name,) in zip(self._places, self._lengths[:count].tolist(), names, strict=False)
        ]
        return Burst(received_at, datagrams, None)

    def _receive(self, listening: socket.socket, most: int) -> int:
        return self._call(
            listening.fileno(), ctypes.addressof(self._messages), most, socket.MSG_DONTWAIT, None
        )

    def _new_source(self, name: bytes) -> tuple[Any, ...]:
        if len(self._sources) >= _MOST_SOURCES:
            self._sources.clear()
        source = self._sources[name] = _source_of(name, self._family)
        return source


def _source_of(name: bytes, family: int) -> tuple[Any, ...]:
    """A socket address in the form in which ``recvfrom`` returns it."""
    if family == socket.AF_INET:
        port, address = _IPV4_NAME.unpack_from(name)
        return socket.inet_ntop(socket.AF_INET, address), port
    port, flow, address = _IPV6_NAME.unpack_from(name)
    (scope,) = _IPV6_SCOPE.unpack_from(name)
    return socket.inet_ntop(socket.AF_INET6, address), port, flow, scope


def _error_of(code: int) -> OSError | None:
    """The error of a failed call; None if nothing has arrived."""
    if code in (errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR):
        return None
    return OSError(code, os.strerror(code))
