"""Emptying a UDP socket in bursts, and a thread that does so where the event loop cannot watch sockets."""

from __future__ import annotations

import asyncio
import selectors
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

#: Datagrams taken at most before something else gets its turn.
BURST: Final = 128
#: Above the largest UDP payload: an overlong datagram arrives whole, to be counted as of a wrong size. The
#: bytes are cut to size in place; a reused buffer copied into ``bytes`` measured 5 to 10 % dearer.
LARGEST: Final = 65_536
#: Rest after a fault of the socket, so that a lasting one does not take a whole processor.
PAUSE_S: Final = 0.02
_MOST_BURSTS_WAITING: Final = 64


class Burst(NamedTuple):
    """What one look at the socket found.

    Attributes:
        received_at: seconds since 1970, one time for all.
        datagrams: data and socket address each.
        error: the fault that ended the look; None where the socket was empty or the burst full.
    """

    received_at: float
    datagrams: list[tuple[bytes, Any]]
    error: OSError | None


def receive_burst(listening: socket.socket) -> Burst:
    """Take what a non-blocking socket holds, at most ``BURST`` datagrams."""
    received_at = time.time()
    datagrams: list[tuple[bytes, Any]] = []
    error: OSError | None = None
    receive = listening.recvfrom
    try:
        while len(datagrams) < BURST:
            datagrams.append(receive(LARGEST))
    except BlockingIOError:
        pass
    except OSError as fault:
        error = fault
    return Burst(received_at, datagrams, error)


class ReceiverThread:
    """Receives in a thread and hands bursts to the event loop, which it does not let fall behind for ever.

    When the loop has a number of bursts waiting, the thread stops reading and the system's buffer fills; so
    a stalled program drops datagrams, counted by the system, rather than eats all memory.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, listening: socket.socket, deliver: Callable[[Burst], None]
    ) -> None:
        self._loop = loop
        self._listening = listening
        self._deliver = deliver
        self._stopping = threading.Event()
        self._room = threading.Semaphore(_MOST_BURSTS_WAITING)
        self._woken, self._waker = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="f1timings-udp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; nothing is delivered after this."""
        self._stopping.set()
        self._waker.send(b"\0")
        self._thread.join()
        self._waker.close()
        self._woken.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while self._wait_for_room():
                selector.select()
                if self._stopping.is_set():
                    return
                self._hand_over(receive_burst(self._listening))

    def _wait_for_room(self) -> bool:
        while not self._stopping.is_set():
            if self._room.acquire(timeout=0.05):
                return True
        return False

    def _hand_over(self, burst: Burst) -> None:
        try:
            self._loop.call_soon_threadsafe(self._in_loop, burst)
        except RuntimeError:  # the loop was closed without closing the listener
            self._stopping.set()
        if burst.error is not None:
            self._stopping.wait(PAUSE_S)

    def _in_loop(self, burst: Burst) -> None:
        self._room.release()
        if not self._stopping.is_set():
            self._deliver(burst)
