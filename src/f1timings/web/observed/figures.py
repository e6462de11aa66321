"""The figures that operators observe, read from counters that exist, outside of the event loop."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self

from f1timings.intake.forwarding.forwarder import Forwarder
from f1timings.intake.recorder.recording import Recorder
from f1timings.intake.udp import UdpListener
from f1timings.pipeline import Pipeline
from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.rigs.status import RigStatus
from f1timings.store.events.commit_times import CommitTimes
from f1timings.store.stored import WriterState

Recording = Literal["ok", "off", "paused", "failing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeFigures:
    """What arrived since the start, and what was lost of it.

    Attributes:
        datagrams: read from the socket.
        kernel_dropped: dropped by this machine's kernel, because its buffer was full; None if it does not
            say so.
        receive_errors: errors of the socket, by name.
        unprocessed: datagrams of which the processing failed, by the type of the error. ``StoreBusy`` and
            ``StoreError`` are those with events that the queue to the database refused.
        waiting: read and not handled yet.
        overflowed: read and dropped, because too many of their address waited, by address.
    """

    datagrams: int = 0
    kernel_dropped: int | None = 0
    receive_errors: Mapping[str, int] = field(default_factory=dict)
    unprocessed: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0
    overflowed: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, udp: UdpListener) -> Self:
        """From the listener; callable from any thread."""
        return cls(
            datagrams=udp.datagrams,
            kernel_dropped=udp.dropped_datagrams(),
            receive_errors=dict(udp.receive_errors),
            unprocessed=dict(udp.sink_errors),
            waiting=udp.waiting,
            overflowed=dict(udp.flooded),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RigFigures:
    """The stream of one rig.

    Attributes:
        key: of the rig; an address, so only for staff.
        lost_updates: lost between the rig and this machine, since the start.
    """

    key: str
    is_live: bool
    datagrams: int
    lost_updates: int
    updates_per_s: float | None
    rejected: Mapping[str, int]

    @classmethod
    def of(cls, key: str, status: RigStatus, now: float) -> Self:
        """From the status of a rig; callable from any thread."""
        rejected = dict(status.rejected)
        return cls(
            key=key,
            is_live=status.is_live(now),
            datagrams=sum(dict(status.packets).values()) + sum(rejected.values()),
            lost_updates=status.stream.lost_updates,
            updates_per_s=status.stream.updates_per_s,
            rejected=rejected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFigures:
    """The captures.

    Attributes:
        dropped: datagrams that are missing in them since the start; the timing has them.
    """

    state: Recording = "off"
    dropped: int = 0
    bytes_on_disk: int = 0
    pending_bytes: int = 0

    @classmethod
    def of(cls, recorder: Recorder | None) -> Self:
        """From the recorder, None if it is switched off."""
        if recorder is None:
            return cls()
        state = recorder.state
        word: Recording = "failing" if state.error is not None else "ok"
        return cls(
            state="paused" if state.stopped_because is not None else word,
            dropped=state.dropped,
            bytes_on_disk=state.bytes_on_disk,
            pending_bytes=state.pending_bytes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingFigures:
    """What was sent on to other programs, over all targets that exist now."""

    targets: int = 0
    sent: int = 0
    dropped: int = 0

    @classmethod
    def of(cls, forwarder: Forwarder) -> Self:
        """From the forwarder; callable from any thread."""
        states = forwarder.states().values()
        return cls(
            targets=sum(state.state == "on" for state in states),
            sent=sum(state.sent for state in states),
            dropped=sum(state.dropped for state in states),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFigures:
    """The backups of the database.

    Attributes:
        newest_at: when the newest good one was made, seconds since 1970; None if there is none.
        is_failing: the last attempt failed, or changes wait for longer than they should.
        copied_at: when the newest one in the second folder was made; None if none is known there.
        is_copy_old: laps of a day or more are missing in the second folder.
    """

    newest_at: float | None = None
    is_failing: bool = False
    copied_at: float | None = None
    is_copy_old: bool = False

    @classmethod
    def of(cls, keeper: BackupKeeper) -> Self:
        """From the keeper; callable from any thread."""
        state = keeper.state()
        copied = None if state.second is None else state.second.newest
        return cls(
            newest_at=None if state.newest is None else state.newest.made_at.timestamp(),
            is_failing=state.problem is not None or state.is_late,
            copied_at=None if copied is None else copied.made_at.timestamp(),
            is_copy_old=state.old_copy is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that is observed, at one moment.

    Attributes:
        since: when the server started, seconds since 1970.
        strays: rejected datagrams of senders that are no rigs, by reason.
        refused: datagrams that were refused because of their sender, by reason.
        screens: connections that have subscribed to views.
        viewers: all connections for live updates.
        free_bytes: on the disk of the data folder; None if it is not known.
    """

    since: float = 0.0
    intake: IntakeFigures = field(default_factory=IntakeFigures)
    rigs: Sequence[RigFigures] = ()
    strays: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    writer: WriterState = field(
        default_factory=lambda: WriterState(queued=0, committed=0, rejected=0, failing_since=None, error=None)
    )
    commits: CommitTimes = field(default_factory=CommitTimes)
    recording: RecordingFigures = field(default_factory=RecordingFigures)
    forwarding: ForwardingFigures = field(default_factory=ForwardingFigures)
    screens: int = 0
    viewers: int = 0
    free_bytes: int | None = None
    backups: BackupFigures = field(default_factory=BackupFigures)

    @property
    def rejected(self) -> Mapping[str, int]:
        """Rejected datagrams of rigs and of other senders, by reason."""
        total = Counter(self.strays)
        for rig in self.rigs:
            total.update(rig.rejected)
        return total


def list_rig_figures(statuses: Mapping[str, RigStatus], now: float) -> list[RigFigures]:
    """The figures of all rigs; callable from any thread."""
    return [RigFigures.of(key, status, now) for key, status in list(statuses.items())]


def total_strays(strays: Mapping[str, Counter[str]]) -> Mapping[str, int]:
    """Rejected datagrams by reason, over all senders that are no rigs."""
    total: Counter[str] = Counter()
    for reasons in list(strays.values()):
        total.update(dict(reasons))
    return total


def total_refused(pipeline: Pipeline, flooded: Mapping[str, int]) -> Mapping[str, int]:
    """Datagrams that were refused, by reason.

    Args:
        flooded: those that were dropped because their address had too many waiting, by address.
    """
    return {
        "not_admitted": pipeline.lock.refused,
        "too_much": sum(dict(pipeline.refused).values()),
        "flood": sum(dict(flooded).values()),
    }


def free_bytes(folder: Path) -> int | None:
    """Free space on the disk of a folder; None if it is not known."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
