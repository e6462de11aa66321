"""The whole house put together: the only place that knows every room."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from fastapi import FastAPI

from f1timings import __version__
from f1timings.config import Settings
from f1timings.intake.recorder.recorder import CaptureBudget, Recorder
from f1timings.intake.udp import UdpListener
from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.limits import HubLimits
from f1timings.live.views.board import BoardWatch
from f1timings.live.views.registration import register_views
from f1timings.live.views.rig_source import RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.pipeline import Pipeline
from f1timings.store import (
    Committed,
    CommittedAct,
    Condition,
    Listing,
    Page,
    Reads,
    Stamped,
    Store,
    sqlite_url,
)
from f1timings.store.data_folder import DataFolder, captures_folder
from f1timings.store.reads.rigs import names_at_rigs
from f1timings.timing.engine import KnownSession
from f1timings.timing.occurrences import OCCURRENCE_NAMES
from f1timings.timing.records import Session
from f1timings.web import pages
from f1timings.web.access.accounts.access import Access, set_admin
from f1timings.web.access.accounts.setup_code import address_of_pages
from f1timings.web.announcements import acted_announcements, announcements
from f1timings.web.application import create_web
from f1timings.web.older.notices import OlderNotices
from f1timings.web.services import Readiness, Services

T = TypeVar("T")

_log = logging.getLogger(__name__)

_TICK_S = 0.5
_GIB = 1 << 30
# What a rig can still be driving after our restart.
_RECALLED = 200
_RECALLED_PER_RIG = 3


class Application:
    """One server: listens, times, keeps, shows.

    The store opens when this is made, the rest with the web's lifespan; all closes with that in the opposite
    order, the store after the last lap.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = DataFolder.acquire(settings.data_dir)
        self._hub = Hub(HubLimits.of(settings.max_screens), build=pages.build())
        self._sessions = SessionWatch()
        self._board = BoardWatch(lambda query: self._store.reads.get_leaderboard(query))
        try:
            url = settings.database_url or sqlite_url(settings.data_dir)
            self._store = Store.open(url, on_committed=self._announce, on_acted=self._announce_act)
        except BaseException:
            self._folder.release()
            raise
        self._notices = OlderNotices(self._store.reads)
        self._seats = names_at_rigs(self._store.reads)
        self._secret = secrets.token_urlsafe()
        try:
            self._access = _access(settings, self._store, self._secret)
        except BaseException:
            self._store.close()
            self._folder.release()
            raise
        self._pipeline = Pipeline(self._keep, recall(self._store.reads))
        sources = RigSources(self._pipeline, self._sessions, lambda rig: self._seats.get(rig))
        register_views(self._hub, sources, self._board)
        self._recorder = _recorder(settings)
        self._listener = UdpListener(settings.udp_host, settings.udp_port, self._receive)
        self.web = create_web(
            Services(
                reads=self._store.reads,
                hub=self._hub,
                rig_statuses=lambda: self._pipeline.rigs,
                order=lambda rig: self._pipeline.order(rig),
                readiness=self._readiness,
                version=__version__,
                lifespan=self._lifespan,
                secret=self._secret,
                take_records=self._take_records,
                act=self._store.act,
                access=self._access,
                data_dir=settings.data_dir,
            )
        )

    @property
    def hub(self) -> Hub:
        """Where screens are told what happens."""
        return self._hub

    def close(self) -> None:
        """Write what is queued and give the data folder up."""
        if self._recorder is not None:
            self._recorder.close()
        self._store.close()
        self._folder.release()

    @contextlib.asynccontextmanager
    async def _lifespan(self, _web: FastAPI) -> AsyncIterator[None]:
        ticking: asyncio.Task[None] | None = None
        try:
            # What was made up to here stays: a full collection over it would stop the loop for 100 ms.
            gc.collect()
            gc.freeze()
            if self._recorder is not None:
                self._recorder.start()
            await self._listener.start()
            self._folder.tell_commands(self._settings.port, self._secret)
            ticking = asyncio.create_task(self._tick())
            _log.info("telemetry at UDP port %d", self._listener.port)
            _log.info("data in %s", self._settings.data_dir.resolve())
            yield
        finally:
            if ticking is not None:
                ticking.cancel()
            await self._listener.close()
            await asyncio.to_thread(self.close)

    def _receive(self, data: bytes, address: str, port: int, received_at: float) -> None:
        listen_port = self._listener.port
        if self._recorder is not None:
            self._recorder.record(data, address, port, listen_port, received_at)
        self._pipeline.feed(data, address, port, listen_port, received_at)

    def _keep(self, entries: Sequence[Stamped]) -> None:
        self._store.submit(entries)
        self._sessions.handle_events(entry.event for entry in entries)

    def _take_records(self, entries: Sequence[Stamped]) -> None:
        self._store.submit(entries)
        self._store.flush()

    def _announce(self, changes: Sequence[Committed]) -> None:
        """Tell the screens what is safely stored; called in the writer's thread."""
        self._board.handle_events(change.event for change in changes)
        self._hub.publish_threadsafe(announcements(changes, self._store.reads))
        self._hub.notify_unsubscribed(self._notices.after_commit(changes))

    def _announce_act(self, acted: CommittedAct) -> None:
        """Tell the screens what somebody changed; called in the writer's thread."""
        self._board.mark_changed()
        self._hub.publish_threadsafe(acted_announcements(acted, self._store.reads))
        self._hub.notify_unsubscribed(self._notices.after_act(acted))
        self._seats = names_at_rigs(self._store.reads)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            self._pipeline.tick(time.time())

    def _readiness(self) -> Readiness:
        writer = self._store.writer_state()
        checks = {
            "database": "ok" if writer.error is None else f"cannot be written: {writer.error}",
            "udp": "ok" if self._listener.receive_buffer_bytes else "not listening",
        }
        ready = all(check == "ok" for check in checks.values())
        return Readiness(ready=ready, checks=checks | {"captures": self._captures_check()})

    def _captures_check(self) -> str:
        """Timing goes on without captures, so that they do not make the server unready."""
        if self._recorder is None:
            return "switched off"
        state = self._recorder.state
        return state.stopped_because or state.error or "ok"


def _access(settings: Settings, store: Store, secret: str) -> Access:
    """Who may do what, with the account that the settings ask for.

    Raises:
        ConfigError: the password can be none.
    """
    access = Access.made(
        store.transact,
        secret,
        address=address_of_pages(settings.host, settings.port),
        allowed_hosts=(settings.allowed_hosts or "").split(","),
    )
    if settings.admin_password is not None:
        set_admin(access.keeper, settings.admin_password.get_secret_value())
    return access


def _recorder(settings: Settings) -> Recorder | None:
    if not settings.capture:
        return None
    budget = CaptureBudget(int(settings.capture_max_gb * _GIB), int(settings.capture_keep_free_gb * _GIB))
    return Recorder(captures_folder(settings.data_dir), budget)


def recall(reads: Reads) -> dict[str, dict[int, KnownSession]]:
    """The newest sessions of every rig with their laps: a session under way goes on after a restart."""
    known: dict[str, dict[int, KnownSession]] = {}
    for stored in reads.list_sessions(Page(limit=_RECALLED, sort="-opened_at")).items:
        session = stored.session
        of_rig = known.setdefault(session.rig, {})
        if len(of_rig) < _RECALLED_PER_RIG and session.uid not in of_rig:
            of_rig[session.uid] = _recalled(reads, session)
    return known


def _recalled(reads: Reads, session: Session) -> KnownSession:
    laps = [stored.as_timed for stored in _all_of(session.id, reads.list_laps)]
    occurrences = [
        stored.record
        for kind in OCCURRENCE_NAMES
        for stored in _all_of(session.id, partial(reads.list_occurrences, kind))
    ]
    return KnownSession(session, laps, occurrences)


def _all_of(session_id: str, read: Callable[[Page, Sequence[Condition]], Listing[T]]) -> Iterator[T]:
    """All rows that a list has of one session."""
    page: Page | None = Page(limit=1000)
    while page is not None:
        listing = read(page, [Condition("session_id", "eq", session_id)])
        yield from listing.items
        page = None if listing.next is None else Page(limit=1000, cursor=listing.next)


def create_app(settings: Settings) -> FastAPI:
    """The application for any ASGI server.

    Raises:
        ConfigError: the data folder or a port cannot be used.
        FolderInUse: another server owns the data folder.
    """
    return Application(settings).web
