"""Read a UDP socket in bursts, and a thread that does so where the event loop cannot watch sockets."""

from __future__ import annotations

import asyncio
import selectors
import socket
import threading
from collections.abc import Callable
from typing import Any, Final, NamedTuple

#: Most datagrams to read before other tasks get their turn.
BURST: Final = 128
#: Above the largest UDP payload, so that an overlong datagram arrives whole and is counted as ``wrong_size``.
#: The bytes object is shrunk in place; copying from a reused buffer was measured to be 5 to 10 % slower.
LARGEST: Final = 65_536
#: Pause after an error of the socket, so that a permanent error does not occupy a whole processor.
PAUSE_S: Final = 0.02
_MOST_BURSTS_PENDING: Final = 64


class Burst(NamedTuple):
    """The datagrams of one read of the socket.

    Attributes:
        received_at: server time, seconds since 1970, the same for all.
        datagrams: data and socket address of each.
        error: the error that ended the read; None if the socket was empty or the burst is full.
    """

    received_at: float
    datagrams: list[tuple[bytes, Any]]
    error: OSError | None


def receive_burst(listening: socket.socket, clock: Callable[[], float]) -> Burst:
    """Read all waiting datagrams of a non-blocking socket, at most ``BURST``; ``clock`` gives server time."""
    received_at = clock()
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
    """A thread that receives bursts and delivers them in the event loop.

    When 64 bursts wait for the loop, the thread stops reading and the system's buffer fills. A stalled
    program then drops datagrams, which the system counts, instead of using up all memory.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        listening: socket.socket,
        deliver: Callable[[Burst], None],
        *,
        clock: Callable[[], float],
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._listening = listening
        self._deliver = deliver
        self._stopping = threading.Event()
        self._free_slots = threading.Semaphore(_MOST_BURSTS_PENDING)
        self._wake_receiver, self._wake_sender = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="f1timings-udp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; nothing is delivered after this."""
        self._stopping.set()
        self._wake_sender.send(b"\0")
        self._thread.join()
        self._wake_sender.close()
        self._wake_receiver.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listening, selectors.EVENT_READ)
            selector.register(self._wake_receiver, selectors.EVENT_READ)
            while self._acquire_slot():
                selector.select()
                if self._stopping.is_set():
                    return
                self._schedule_delivery(receive_burst(self._listening, self._clock))

    def _acquire_slot(self) -> bool:
        """Wait until fewer than 64 bursts are pending; False if the thread is to stop."""
        while not self._stopping.is_set():
            if self._free_slots.acquire(timeout=0.05):
                return True
        return False

    def _schedule_delivery(self, burst: Burst) -> None:
        try:
            self._loop.call_soon_threadsafe(self._deliver_in_loop, burst)
        except RuntimeError:  # the loop was closed before the listener
            self._stopping.set()
        if burst.error is not None:
            self._stopping.wait(PAUSE_S)

    def _deliver_in_loop(self, burst: Burst) -> None:
        self._free_slots.release()
        if not self._stopping.is_set():
            self._deliver(burst)
