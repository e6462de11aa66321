"""Garbage collections that stop the server only shortly: each looks at what is new since the one before.

A full collection stops every thread, about half a millisecond for each thousand objects that it looks at.
Most of them belong to the program, to rigs and to sessions that are remembered. Those are freed without any
collection as soon as nobody needs them. So what has survived a full collection is set aside ("frozen"), and
not looked at again until nobody drives. Only objects that refer to each other in a circle, and are dropped
meanwhile, have to wait for that; how many is bounded.

The C library keeps memory that a burst needed, scattered among what is in use. It is returned at each look.
Few heaps, and large blocks outside them, leave less of it in pages that are partly used.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

_LOOK_S: Final = 10.0
# Parameters of glibc, from its malloc.h.
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
# By itself, the C library makes eight heaps for each core, and takes blocks of up to 32 MiB from them. All
# threads of Python wait for one lock anyway.
_HEAPS: Final = 2
_LARGE_BYTES: Final = 128 << 10


class GarbageCollector:
    """Decides what full collections look at; a context manager, which begins with one over everything.

    Args:
        quiet_limit: objects set aside after which everything is collected if nobody drives.
        limit: the same while somebody drives.

    Attributes:
        set_aside: how many objects were set aside since everything was collected; at most.
    """

    def __init__(self, *, quiet_limit: int = 20_000, limit: int = 500_000) -> None:
        self._quiet_limit, self._limit = quiet_limit, limit
        self.set_aside = self._base = 0

    def __enter__(self) -> Self:
        use_few_heaps()
        self.collect_all()
        gc.callbacks.append(self._handle_collection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        gc.callbacks.remove(self._handle_collection)

    async def watch(self, is_driven: Callable[[], bool]) -> None:
        """Look at all objects again when that is due, and return free memory; runs until it is cancelled."""
        while True:
            await asyncio.sleep(_LOOK_S)
            self.look(is_driven)
            await asyncio.to_thread(return_free_memory)

    def look(self, is_driven: Callable[[], bool]) -> None:
        """Collect everything if enough was set aside.

        Args:
            is_driven: whether any rig sends; asked only if it matters.
        """
        if self.set_aside < self._quiet_limit:
            return
        # Many have been freed since they were counted.
        self.set_aside = gc.get_freeze_count() - self._base
        if self.set_aside >= (self._limit if is_driven() else self._quiet_limit):
            self.collect_all()

    def collect_all(self) -> None:
        """Collect all garbage: with a few hundred thousand objects, a stop of 0.1 to 0.3 s."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self.set_aside, self._base = 0, gc.get_freeze_count()

    def _handle_collection(self, phase: str, facts: dict[str, int]) -> None:
        """Set aside what has survived a full collection."""
        if phase == "stop" and facts["generation"] == 2:
            # Without those that were set aside before.
            self.set_aside += len(gc.get_objects())
            gc.freeze()


def use_few_heaps() -> None:
    """Let the C library take large blocks from the system, and all others from few heaps, from now on."""
    set_parameter = _of_glibc("mallopt")
    if set_parameter is not None:
        set_parameter(_M_ARENA_MAX, _HEAPS)
        set_parameter(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def return_free_memory() -> None:
    """Return to the system what the C library keeps: 20 ms for 80 MiB, 3 ms if there is little."""
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _of_glibc(function: str) -> Callable[..., int] | None:
    """A function that only glibc has; None with another C library."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return getattr(library, function, None) if hasattr(library, "gnu_get_libc_version") else None
