"""Watches which circuits the rigs drive, and reports when the circuit of the room changes."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from f1timings.errors import StoreError
from f1timings.live.fanout.sheet import Contents
from f1timings.live.views.board import CommittedEvents
from f1timings.live.views.freshness import OFFLINE_S
from f1timings.live.views.room import room_contents
from f1timings.live.views.session_watch import SessionWatch
from f1timings.meeting.people import Meeting
from f1timings.meeting.room.circuit import RoomCircuit, follow
from f1timings.meeting.room.records import BoardChoice, RoomCircuitChanged
from f1timings.rigs.registry import RigStatus

# Sixty rigs that appear at once change sixty sessions: all of them are looked at together.
_AT_MOST_EVERY_S = 0.1


class CommittedChanges(Protocol):
    """The changes of one stored act."""

    @property
    def changes(self) -> Sequence[tuple[object, object]]:
        """Each record before and after the act; None where it did not exist."""


@dataclass(slots=True, kw_only=True)
class _Heard:
    """When a rig was heard, by server time and by steady time, and its newest circuit."""

    received_at: float
    at: float
    circuit: str | None = None
    circuit_at: float = 0.0


class DrivingRigs:
    """The circuits of the rigs that are driving.

    Args:
        rigs: every rig since the start, by key.
        clock: seconds of steady time: a step of the wall clock silences no rig.
    """

    def __init__(
        self, rigs: Callable[[], Mapping[str, RigStatus]], sessions: SessionWatch, clock: Callable[[], float]
    ) -> None:
        self._rigs = rigs
        self._sessions = sessions
        self._clock = clock
        self._heard: dict[str, _Heard] = {}

    def circuits(self) -> dict[str, str]:
        """The circuit of each rig that is not offline, by the rig's key."""
        now = self._clock()
        found = ((key, self._circuit(key, status, now)) for key, status in self._rigs().items())
        return {key: circuit for key, circuit in found if circuit is not None}

    def _circuit(self, rig: str, status: RigStatus, now: float) -> str | None:
        heard = self._heard.get(rig)
        if heard is None:
            heard = self._heard[rig] = _Heard(received_at=status.last_received_at, at=now)
        if heard.received_at != status.last_received_at:
            heard.received_at, heard.at = status.last_received_at, now
        session = self._sessions.newest(status.key, status.session_uid).session
        if session is not None and session.track is not None:
            heard.circuit, heard.circuit_at = session.track, now
        # A session that has just begun has no circuit yet: the rig does not stop driving meanwhile.
        is_driving = now - heard.at < OFFLINE_S and now - heard.circuit_at < OFFLINE_S
        return heard.circuit if is_driving else None


class RoomWatch:
    """Keeps the circuit of the room.

    It belongs to the event loop's thread, except for the two methods of a listener.

    Args:
        read: reads what decides about the board of the open meeting; callable from any thread.
        store: stores an event without waiting.
        clock: seconds of steady time.
        wait_s: how long most of the driving rigs must drive another circuit before the room follows.
    """

    def __init__(
        self,
        driving: DrivingRigs,
        *,
        read: Callable[[], BoardChoice],
        store: Callable[[RoomCircuitChanged], None],
        clock: Callable[[], float],
        wait_s: float,
    ) -> None:
        self._driving = driving
        self._read = read
        self._store = store
        self._clock = clock
        self._wait_s = wait_s
        self._choice = read()
        self._room = RoomCircuit(circuit=self._choice.followed)
        # The newest choice that the writer's thread has read.
        self._stored: deque[BoardChoice] = deque(maxlen=1)
        self._circuits: Mapping[str, str] = {}
        self._looked_at = -math.inf

    def look_soon(self) -> None:
        """Look at the rigs because a session has changed, unless they were looked at right before."""
        if self._clock() - self._looked_at >= _AT_MOST_EVERY_S:
            self.look()

    def look(self) -> None:
        """Look at the rigs; called about twice a second."""
        self._looked_at = self._clock()
        self._take_stored()
        self._circuits = self._driving.circuits()
        room = follow(self._room, self._circuits, self._clock(), wait_s=self._wait_s)
        if room.circuit is not None and room.circuit != self._room.circuit:
            try:
                self._store(RoomCircuitChanged(meeting_id=self._choice.meeting_id, circuit=room.circuit))
            except StoreError:
                return  # the database accepts nothing, which the writer has logged: the next look tries again
        self._room = room

    def contents(self) -> Contents:
        """The contents of the view ``room``, as the last look found them."""
        self._take_stored()
        return room_contents(self._choice, self._circuits)

    def after_commit(self, batch: CommittedEvents) -> None:
        """Read the stored circuit again if it has changed; from any thread."""
        if any(isinstance(event, RoomCircuitChanged) for event in batch.events):
            self._stored.append(self._read())

    def after_act(self, act: CommittedChanges) -> None:
        """Read the open meeting again if an act may have changed it; from any thread."""
        if any(isinstance(record, Meeting) for change in act.changes for record in change):
            self._stored.append(self._read())

    def _take_stored(self) -> None:
        if self._stored:
            self._choice = self._stored.pop()
            self._room = self._room.stored_as(self._choice.followed)
