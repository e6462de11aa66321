"""A server for the tests: a store on SQLite, the hub, the web, and uvicorn on a free loopback port."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
import uvicorn
from fastapi import FastAPI

from f1timings.access.roles import Role
from f1timings.clock import ServerClock
from f1timings.intake.forwarding.forwarder import Forwarder
from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.limits import HubLimits
from f1timings.outlines.records import Outline, OutlineKey
from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.recovery.backups.making import SqliteSource
from f1timings.rigs.joined import JoinedRigs
from f1timings.rigs.lock import SourceLock
from f1timings.rigs.registry import RigStatus
from f1timings.store import DATABASE_FILE, Stamped, Store, StoredEvent, sqlite_url
from f1timings.store.data_folder import backups_folder
from f1timings.timing.events import (
    LapRecorded,
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.running_order import RunningOrder
from f1timings.traces.blobs import encode
from f1timings.traces.lap_trace import LapTrace
from f1timings.web.access.control import AccessControl
from f1timings.web.access.credentials.changes import Requester
from f1timings.web.announcements import Announcer
from f1timings.web.application import Services, create_web
from f1timings.web.commit_listeners import CommitListeners
from f1timings.web.observed.figures import Figures
from f1timings.web.readiness import Readiness
from f1timings.web.serving import uvicorn_settings
from f1timings.web.serving.connections import ConnectionLimits
from tests.migrated import copy_migrated
from tests.traces.test_blobs import lap_like
from tests.waiting import LONGEST_WAIT_S, until
from tests.web import records

# One for all clients: each of their own would load the certificates of the authorities, which no test needs.
_NO_AUTHORITIES: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class World:
    """The store, the hub and the web application, connected as in ``f1timings.app``."""

    def __init__(self, folder: Path, limits: HubLimits | None = None) -> None:
        self.clock = ServerClock()
        self.hub = Hub(limits, clock=self.clock.now)
        copy_migrated(folder)
        self.store = Store.open(
            sqlite_url(folder),
            clock=self.clock.now,
            advance_to=self.clock.advance_to,
            on_committed=lambda changes: self.listeners.after_commit(changes),
            on_acted=lambda act: self.listeners.after_act(act),
        )
        announcer = Announcer(self.store.reads, self.hub.publish_threadsafe)
        self.listeners = CommitListeners(self.store.reads, (announcer,))
        self.statuses: dict[str, RigStatus] = {}
        self.lock = SourceLock(self.statuses)
        self.orders: dict[str, RunningOrder] = {}
        self.outlines: dict[OutlineKey, Outline] = {}
        self.readiness = Readiness()
        self.forwarding_port = 20777
        self.figures = Figures()
        self.console: list[str] = []
        self.access = AccessControl.create(self.store.transact, write=self.console.append, clock=self.clock)
        source = SqliteSource(folder / DATABASE_FILE, is_in_use=True)
        self.backups = BackupKeeper(source, backups_folder(folder), None, now=self.clock.now)
        self.backups.start()
        self.services = Services(
            clock=self.clock,
            reads=self.store.reads,
            hub=self.hub,
            rigs=JoinedRigs(lambda: self.statuses, lambda: self.store.reads.joins, clock=ServerClock().now),
            readiness=lambda: self.readiness,
            version="0.1.0",
            order=lambda rig: self.orders.get(rig),
            outline=lambda key: self.outlines.get(key),
            act=self.store.act,
            figures=lambda: self.figures,
            newest_change=lambda: self.store.changes.value,
            lock=self.lock,
            forwarding=Forwarder(own_port=lambda: self.forwarding_port),
            access=self.access,
            data_dir=folder,
            backups=self.backups,
        )
        self.app: FastAPI = create_web(self.services)

    def commit(self, *events: StoredEvent, at: float = 1_795_000_000.0) -> None:
        """Store events and wait until they are official and announced."""
        self.store.submit([Stamped(at, event) for event in events])
        self.store.flush()

    def token(self, role: Role) -> str:
        """A new token of that role, for ``Authorization: Bearer``."""
        return self.access.tokens.add(f"a {role}", role, by=Requester("the test"))[1]

    def commit_trace(self) -> None:
        """Store the first lap of the race again, with a trace of one second."""
        trace = LapTrace.of_blob(encode(lap_like(1)))
        lap = LapRecorded(records.lap(1, 83_001))
        self.store.submit([Stamped(1_795_000_000.0, lap, trace=trace)])
        self.store.flush()

    def commit_race(self) -> None:
        """Store a rig and its race: three cars, laps, stints, a pit visit, incidents, a classification."""
        self.commit(
            records.rig(),
            SessionChanged(records.session()),
            ParticipantsChanged(
                records.SESSION_ID,
                (
                    records.participant(19, "VERSTAPPEN"),
                    records.participant(3, "LECLERC"),
                    records.participant(0, None),
                ),
            ),
            *(LapRecorded(records.lap(number, 83_000 + number)) for number in range(1, 6)),
            LapRecorded(
                records.lap(1, 90_500, car_index=3, participant="LECLERC", is_valid=False, start="standing")
            ),
            OccurrenceRecorded(records.stint(1, 1, 3, "soft")),
            OccurrenceRecorded(records.stint(2, 4, None, "hard")),
            OccurrenceRecorded(records.pit_visit()),
            OccurrenceRecorded(records.incident()),
            OccurrenceRecorded(records.incident(601_000, car_index=19, is_superseded=True)),
            SessionClassified(
                records.SESSION_ID,
                (records.entry(1, 19, "VERSTAPPEN"), records.entry(2, 3, "LECLERC", points=18)),
            ),
        )


@contextmanager
def open_world(folder: Path, limits: HubLimits | None = None) -> Iterator[World]:
    """A world, closed at the end."""
    world = World(folder, limits)
    try:
        yield world
    finally:
        world.backups.close()
        world.store.close()


def open_client(base_url: str, headers: Mapping[str, str] | None = None) -> httpx.Client:
    """A client of a served world; the caller closes it."""
    return httpx.Client(
        base_url=base_url, headers=headers, trust_env=False, timeout=LONGEST_WAIT_S, verify=_NO_AUTHORITIES
    )


def free_port() -> int:
    """A loopback port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _QuickServer(uvicorn.Server):
    """A uvicorn server that ends at once, not at its next look a tenth of a second later."""

    async def main_loop(self) -> None:
        self._loop, self._is_ending = asyncio.get_running_loop(), asyncio.Event()
        looks = 0
        while not await self.on_tick(looks):
            looks += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_ending.wait(), 0.1)

    def end(self) -> None:
        """Let it end; from any thread, once it has started."""
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._is_ending.set)


@contextmanager
def serve(app: FastAPI, port: int | None = None, *, limits: ConnectionLimits | None = None) -> Iterator[str]:
    """Run uvicorn in a thread, with the settings of the real server; gives ``127.0.0.1:PORT``."""
    with serve_with_server(app, port, limits=limits) as (address, _server):
        yield address


@contextmanager
def serve_with_server(
    app: FastAPI, port: int | None = None, *, limits: ConnectionLimits | None = None
) -> Iterator[tuple[str, uvicorn.Server]]:
    """As :func:`serve`; gives the uvicorn server too."""
    port = port or free_port()
    server = _QuickServer(uvicorn_settings.settings(app, "127.0.0.1", port, limits=limits))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"127.0.0.1:{port}", server
    finally:
        server.end()
        thread.join(LONGEST_WAIT_S)
