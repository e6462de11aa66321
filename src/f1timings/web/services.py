"""What the web asks of the rest of the program, handed in by ``app``; there are no globals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from fastapi import FastAPI

from f1timings.live.hub import Hub
from f1timings.meeting.rigs import RigStatus
from f1timings.store import Reads

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
    """

    reads: Reads
    hub: Hub
    rig_statuses: Callable[[], Mapping[str, RigStatus]]
    readiness: Callable[[], Readiness]
    version: str
    lifespan: Lifespan | None = None
