"""What the web uses from the rest of the program; ``app`` passes it in, there are no globals."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Protocol, TypeVar

from fastapi import FastAPI

from f1timings.clock import ServerClock
from f1timings.doctor.checks import Finding
from f1timings.doctor.game_menu import Listening
from f1timings.doctor.situation import HeardRig
from f1timings.errors import StoreError
from f1timings.intake.forwarding.forwarder import Forwarder
from f1timings.live.fanout.hub import Hub
from f1timings.outlines.records import Outline, OutlineKey
from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.rigs.joined import JoinedRigs
from f1timings.rigs.lock import SourceLock
from f1timings.store import Desk, Reads, Stamped
from f1timings.timing.running_order import RunningOrder
from f1timings.web.access.control import AccessControl
from f1timings.web.observed.figures import Figures
from f1timings.web.readiness import Readiness

T = TypeVar("T")
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def _refuse_records(_records: Sequence[Stamped]) -> None:
    raise StoreError("this server accepts no records from commands")


class ActRunner(Protocol):
    """Runs a person's act; see :meth:`f1timings.store.Store.act`."""

    def __call__(self, by: str, action: Callable[[Desk], T], request_key: str | None = None) -> T:
        """Run the action as one transaction."""
        ...


def _refuse_acts(by: str, action: Callable[[Desk], T], request_key: str | None = None) -> T:  # noqa: ARG001
    raise StoreError("this server accepts no changes")


def _at_loopback() -> Listening:
    return Listening(("127.0.0.1",), 20777)


def _no_findings(_rigs: Sequence[HeardRig]) -> Sequence[Finding]:
    return ()


def _never_restricted(_rig: str) -> bool | None:
    return None


def _no_order(_rig: str) -> RunningOrder | None:
    return None


def _no_outline(_key: OutlineKey) -> Outline | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that the web uses.

    Attributes:
        reads: the store's named queries.
        hub: sends messages to screens.
        rigs: the rigs heard since the start, as people see them.
        readiness: returns the state of each part at this moment.
        listening: returns where games send to.
        page_addresses: returns the addresses at which other devices open the pages, the most likely first;
            empty if only this machine does.
        run_checks: checks this machine, the telemetry of these rigs, and other senders.
        is_restricted: whether the game of a rig shows only a part of its car to others; None if not known.
        version: of the program.
        lifespan: runs from before the first request until after the last; the hub runs around it.
        secret: authenticates the commands of this server's owner.
        store_records: stores the records of such a command; returns after the commit.
        order: returns the running order of the session that a rig drives, None if it drives none; call it in
            the event loop's thread, which receives the datagrams.
        outline: returns the outline of a circuit, None before its first complete lap.
        act: runs a person's act as one transaction.
        figures: reads what operators observe; callable from any thread.
        newest_change: returns the number of the newest change in the database; by default it grows with each
            call, so that nothing is kept.
        forwarding: sends telemetry on to other programs.
        lock: which addresses may send, and which others try to.
        data_dir: the data folder, where exports are written.
        clock: server time and steady time.
        access: accounts and permissions.
        backups: makes the backups of the database.
    """

    reads: Reads
    hub: Hub
    rigs: JoinedRigs
    readiness: Callable[[], Readiness]
    version: str
    lifespan: Lifespan | None = None
    secret: str = field(default_factory=secrets.token_urlsafe, repr=False)
    store_records: Callable[[Sequence[Stamped]], None] = _refuse_records
    listening: Callable[[], Listening] = _at_loopback
    page_addresses: Callable[[], tuple[str, ...]] = tuple
    run_checks: Callable[[Sequence[HeardRig]], Sequence[Finding]] = _no_findings
    is_restricted: Callable[[str], bool | None] = _never_restricted
    order: Callable[[str], RunningOrder | None] = _no_order
    outline: Callable[[OutlineKey], Outline | None] = _no_outline
    act: ActRunner = _refuse_acts
    figures: Callable[[], Figures] = Figures
    newest_change: Callable[[], int] = field(default_factory=lambda: count().__next__)
    forwarding: Forwarder = field(default_factory=Forwarder)
    lock: SourceLock = field(default_factory=lambda: SourceLock({}))
    access: AccessControl
    backups: BackupKeeper
    data_dir: Path = Path("data")
    clock: ServerClock
