"""Follows the stored lock of the rigs: what is locked or admitted counts for the next datagram."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from f1timings.live.room_watch import CommittedChanges
from f1timings.meeting.room.rig_lock import THE_LOCK, RigLock


class LockWatch:
    """Lets the addresses send that the stored lock admits.

    Args:
        read: reads the stored lock by its type and id; None before the rigs were locked for the first time.
        admit_only: lets only these addresses send, None all; called in the event loop.
    """

    def __init__(
        self,
        read: Callable[[type[RigLock], str], RigLock | None],
        admit_only: Callable[[Sequence[str] | None], None],
    ) -> None:
        self._read = read
        self._admit_only = admit_only
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Apply the stored lock; called in the event loop, before the first datagram is read."""
        self._loop = asyncio.get_running_loop()
        self._admit_only(self._admitted())

    def after_commit(self, batch: Any) -> None:
        """Do nothing: what the games send changes no lock."""

    def after_act(self, act: CommittedChanges) -> None:
        """Apply the lock again if it has changed; in any thread."""
        loop = self._loop
        if loop is not None and any(isinstance(one, RigLock) for change in act.changes for one in change):
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(self._admit_only, self._admitted())

    def _admitted(self) -> Sequence[str] | None:
        return (self._read(RigLock, THE_LOCK) or RigLock()).admitted
