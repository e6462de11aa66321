"""What the web asks of the rest of the program, handed in by ``app``; there are no globals."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from fastapi import FastAPI

from f1timings.errors import StoreError
from f1timings.live.fanout.hub import Hub
from f1timings.rigs.registry import RigStatus
from f1timings.store import Desk, Reads, Stamped
from f1timings.timing.running_order import RunningOrder
from f1timings.web.access.control import AccessControl

T = TypeVar("T")
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the server can do its work.

    Attributes:
        ready: every check is well.
        checks: what each part says about itself, by its name (``database``, ``udp``).
    """

    ready: bool
    checks: Mapping[str, str]


def _refuse_records(_records: Sequence[Stamped]) -> None:
    raise StoreError("this server takes no records from commands")


class ActRunner(Protocol):
    """Lets somebody change what people entered; see :meth:`f1timings.store.Store.act`."""

    def __call__(self, by: str, action: Callable[[Desk], T], request_key: str | None = None) -> T:
        """Do it, as one transaction."""
        ...


def _refuse_acts(by: str, action: Callable[[Desk], T], request_key: str | None = None) -> T:  # noqa: ARG001
    raise StoreError("this server takes no changes")


def _no_order(_rig: str) -> RunningOrder | None:
    return None


@dataclass(frozen=True, slots=True)
class Services:
    """All that the web uses.

    Attributes:
        reads: the store's named queries.
        hub: where screens are told what happens.
        rig_statuses: every rig that sent something since the start, by key.
        readiness: asked at each ``/api/health/ready``.
        version: of the program.
        lifespan: what starts before the first request and ends after the last; the hub runs around it.
        secret: what a command of this server's owner shows.
        store_records: keeps what such a command brings; returns when it is safely stored.
        order: the running order of the session that a rig drives, None if it drives none; to be asked in the
            thread that takes the datagrams, which is the event loop's.
        act: lets somebody change what people entered.
        data_dir: the data folder, where exports go.
        access: who may do what; by itself it keeps no accounts, and lets nobody change anything.
    """

    reads: Reads
    hub: Hub
    rig_statuses: Callable[[], Mapping[str, RigStatus]]
    readiness: Callable[[], Readiness]
    version: str
    lifespan: Lifespan | None = None
    secret: str = field(default_factory=secrets.token_urlsafe, repr=False)
    store_records: Callable[[Sequence[Stamped]], None] = _refuse_records
    order: Callable[[str], RunningOrder | None] = _no_order
    act: ActRunner = _refuse_acts
    access: AccessControl = field(default_factory=AccessControl.create)
    data_dir: Path = Path("data")
