"""The whole server: the only module that creates its parts and connects them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from fastapi import FastAPI

from f1timings import __version__
from f1timings.clock import ServerClock
from f1timings.config import Settings
from f1timings.doctor.addresses import public_addresses
from f1timings.doctor.checks import Finding, run_checks
from f1timings.doctor.game_menu import Listening, say_where_to_send
from f1timings.doctor.local_name import LocalName
from f1timings.doctor.situation import HeardRig, Machine, Situation, is_restricted
from f1timings.errors import StoreDamaged, StoreError
from f1timings.garbage import GarbageCollector
from f1timings.intake.forwarding.forwarder import Forwarder
from f1timings.intake.recorder.recording import Recorder
from f1timings.intake.udp import UdpListener
from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.limits import HubLimits
from f1timings.live.lock_watch import LockWatch
from f1timings.live.outline_watch import SAMPLE_S, OutlineWatch
from f1timings.live.room_watch import DrivingRigs, RoomWatch
from f1timings.live.stage.staff_views import StaffViews
from f1timings.live.stage.watch import StageWatch
from f1timings.live.views.board import BoardWatch
from f1timings.live.views.registration import RoomContents, register_views
from f1timings.live.views.rig_source import RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.meeting.room.forwarding import ForwardTarget
from f1timings.meeting.room.records import RoomCircuitChanged
from f1timings.pipeline import Pipeline
from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.recovery.opening import explain, explaining_damage, open_store, start_fresh
from f1timings.rigs.joined import JoinedRigs
from f1timings.store import Desk, Reads, Stamped, Store
from f1timings.store.acts.assignments import end_doubtful_seats
from f1timings.store.circuits.outlines import OutlineKeeper
from f1timings.store.counter import ClockKeeper
from f1timings.store.data_folder import Control, DataFolder, captures_folder
from f1timings.store.reads.recall import StoreArchive, recall, recall_rigs
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import SessionChanged
from f1timings.web import pages
from f1timings.web.access.credentials.opening import open_access
from f1timings.web.announcements import Announcer
from f1timings.web.application import create_web
from f1timings.web.backups.listener import BackupNotes
from f1timings.web.commit_listeners import CommitListener, CommitListeners
from f1timings.web.driver_names import DriverNames
from f1timings.web.first_hour.stored import stored_at_server
from f1timings.web.observed.figures import (
    BackupFigures,
    Figures,
    ForwardingFigures,
    IntakeFigures,
    RecordingFigures,
    free_bytes,
    list_rig_figures,
    total_refused,
    total_strays,
)
from f1timings.web.older.notifications import OlderNotifications
from f1timings.web.readiness import Check, Readiness, captures_check, database_check
from f1timings.web.reference_laps import reference_watch
from f1timings.web.services import Services

_log = logging.getLogger(__name__)

# Who acts, in the log of acts, if no person does.
_OWN_NAME = "F1Timings"
_TICK_S = 0.5
_KEEP_CLOCK_S = 60.0
_QUIET_S = 30.0
_KEEP_CLOCK_TIMEOUT_S = 5.0
# How often the server looks whether its machine has other addresses than before.
_ADDRESSES_EVERY_S = 15.0


class Application:
    """One server: it receives telemetry, times laps, stores them, and serves the web.

    The constructor opens the store. The web's lifespan starts everything else and, at its end, closes all in
    reverse order: the store last, after the last lap.

    Attributes:
        pipeline: receives the datagrams.
        outlines: learns the outlines of circuits.
    """

    def __init__(self, settings: Settings, *, is_fresh_wanted: bool = False) -> None:
        self._settings = settings
        self._damage: StoreDamaged | None = None
        self._secret = secrets.token_urlsafe()
        self._clock = ServerClock()
        self._started_at = self._clock.now()
        self._hub = Hub(HubLimits.of(settings.max_screens), clock=self._clock.now, build=pages.build())
        self._sessions = SessionWatch()
        with contextlib.ExitStack() as opened:
            self._folder = opened.enter_context(DataFolder.acquire(settings.data_dir))
            if is_fresh_wanted:
                _log.warning("%s", start_fresh(settings, self._clock))
            opened.enter_context(explaining_damage(settings))
            self._store = opened.enter_context(self._open_store(is_fresh_wanted=is_fresh_wanted))
            # A database that does not answer must not hold up the end.
            self._clock_keeper = ClockKeeper(
                partial(self._store.transact, timeout=_KEEP_CLOCK_TIMEOUT_S), self._clock
            )
            opened.callback(self._keep_clock_once)
            self._backups = BackupKeeper.of_server(settings, now=self._clock.now)
            opened.callback(self._backups.close)
            self._driver_names = DriverNames(self._store.reads)
            board = BoardWatch(self._store.reads.get_leaderboard)
            recorded = self._store.reads.as_recorded()
            self._joined = JoinedRigs(
                lambda: self.pipeline.rigs, lambda: self._store.reads.joins, clock=self._clock.now
            )
            self._references = opened.enter_context(reference_watch(self._store.reads, self._clock.steady))
            self._room = self._watch_room()
            self._forwarding = self._open_forwarding()
            self._lock = LockWatch(
                self._store.reads.get_record, lambda those: self.pipeline.admit_only(those)
            )
            self._staff_views = StaffViews(self._store.reads.list_records)
            self._listeners = CommitListeners(
                self._store.reads, self._commit_listeners(board), persist=self._store.persist
            )
            self._access = open_access(settings, self._store, self._secret, clock=self._clock)
            self._open_pipeline(recorded)
            self._acting = opened.enter_context(ThreadPoolExecutor(1, "acts"))
            self.outlines = OutlineWatch(
                self.pipeline, self._store.reads.list_outlines(), clock=self._clock.now
            )
            self._outline_keeper = OutlineKeeper(
                partial(self._store.transact, timeout=_KEEP_CLOCK_TIMEOUT_S), self.outlines.take_changed
            )
            opened.callback(self._keep_outlines_once)
            register_views(self._hub, self._rig_sources(), board=board, of_room=self._room_contents())
            self._recorder = Recorder.of_server(settings, captures_folder(settings.data_dir), self._clock.now)
            if self._recorder is not None:
                opened.callback(self._recorder.close)
            self._udp = UdpListener(
                settings.udp_host, settings.udp_port, self._receive, clock=self._clock.now
            )
            self._local_name = LocalName(self._page_addresses, settings.port, scheme=settings.scheme)
            self.web = create_web(self._services())
            self._opened = opened.pop_all()

    def _rig_sources(self) -> RigSources:
        return RigSources(
            self.pipeline,
            self._sessions,
            self._driver_names.at,
            clock=self._clock.now,
            joined=self._joined,
            outline_revision=self.outlines.revision,
            people=self._driver_names.known,
            boards=self._references,
        )

    def _open_pipeline(self, recorded: Reads) -> None:
        self.pipeline = Pipeline(
            self._handle_events,
            recall(recorded),
            recall_rigs(recorded),
            archive=StoreArchive(recorded, self._store.waiting),
            on_taken_over=self._end_doubtful_seats,
        )
        self._hub.follow_rigs(self.pipeline.knows_rig)

    @property
    def hub(self) -> Hub:
        """The hub to which screens connect."""
        return self._hub

    def close(self) -> None:
        """Store what is queued, then close the store and release the data folder."""
        self._opened.close()

    def _open_store(self, *, is_fresh_wanted: bool) -> Store:
        return open_store(
            self._settings,
            is_fresh_wanted=is_fresh_wanted,
            on_committed=lambda changes: self._listeners.after_commit(changes),
            on_acted=lambda act: self._listeners.after_act(act),
            on_damage=self._handle_damage,
            clock=self._clock,
        )

    def _commit_listeners(self, board: BoardWatch) -> tuple[CommitListener, ...]:
        """What happens after each commit, in this order."""
        return (
            board,
            Announcer(self._store.reads, self._hub.publish_threadsafe),
            OlderNotifications(self._store.reads, self._hub),
            self._driver_names,
            self._references,
            self._room,
            self._staff_views,
            self._forwarding,
            self._lock,
            BackupNotes(self._backups),
        )

    def _open_forwarding(self) -> Forwarder:
        return Forwarder(
            lambda: self._store.reads.list_records(ForwardTarget),
            rig_of=self._rig_at,
            own_port=lambda: self._udp.port,
        )

    def _watch_room(self) -> RoomWatch:
        return RoomWatch(
            DrivingRigs(self._joined.statuses, self._sessions, self._clock.steady),
            read=self._store.reads.get_board_choice,
            store=self._store_circuit,
            clock=self._clock.steady,
            wait_s=self._settings.circuit_wait_s,
        )

    def _room_contents(self) -> RoomContents:
        stage = StageWatch(
            self._joined.statuses, self._sessions, clock=self._clock.now, steady=self._clock.steady
        )
        return RoomContents(
            room=self._room.contents,
            stage=stage.contents,
            screens=self._staff_views.screens.contents,
            slides=self._staff_views.slides.contents,
        )

    def _services(self) -> Services:
        return Services(
            reads=self._store.reads,
            hub=self._hub,
            rigs=self._joined,
            outline=self.outlines.get,
            order=lambda rig: self.pipeline.order(self._joined.sending(rig)),
            readiness=self._readiness,
            listening=self._listening,
            page_addresses=self._page_addresses,
            run_checks=self._run_checks,
            is_restricted=self._is_restricted,
            version=__version__,
            lifespan=self._lifespan,
            secret=self._secret,
            store_records=self._store_records,
            act=self._store.act,
            newest_change=lambda: self._store.changes.value,
            forwarding=self._forwarding,
            lock=self.pipeline.lock,
            figures=self._figures,
            access=self._access,
            data_dir=self._settings.data_dir,
            clock=self._clock,
            backups=self._backups,
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _web: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as started:
            started.push_async_callback(asyncio.to_thread, self._close_at_end)
            collector = started.enter_context(GarbageCollector())
            if self._recorder is not None:
                self._recorder.start()
            self._lock.start()
            started.push_async_callback(self._udp.close)
            await self._udp.start()
            started.callback(self._forwarding.close)
            self._forwarding.start()
            self._folder.save_control(Control(self._settings.scheme, self._settings.port, self._secret))
            self._backups.start()
            collecting = collector.watch(lambda: self.pipeline.is_heard(self._clock.now() - _QUIET_S))
            for work in (self._tick(), self._keep_clock(), self._learn_outlines(), collecting):
                started.callback(asyncio.create_task(work).cancel)
            waiting = asyncio.create_task(
                say_where_to_send(self._listening, lambda: bool(self.pipeline.rigs))
            )
            started.callback(waiting.cancel)
            started.push_async_callback(self._local_name.close)
            naming = asyncio.create_task(self._announce())
            started.callback(naming.cancel)
            _log.info("telemetry at UDP port %d", self._udp.port)
            _log.info("data in %s", self._settings.data_dir.resolve())
            yield

    async def _announce(self) -> None:
        if self._settings.announce:
            await self._local_name.keep_announced(_ADDRESSES_EVERY_S)

    def _listening(self) -> Listening:
        return Listening.at(self._settings.udp_host, self._udp.port)

    def _page_addresses(self) -> tuple[str, ...]:
        return public_addresses(self._settings.host)

    def _run_checks(self, rigs: Sequence[HeardRig]) -> list[Finding]:
        machine = Machine.of_server(self._settings, self._udp.port, self._udp.receive_buffer_bytes)
        situation = Situation(
            machine=machine,
            rigs=rigs,
            strays=dict(self.pipeline.strays),
            refused={**self.pipeline.refused, **self._udp.flooded},
            strangers=self.pipeline.lock.strangers(),
            stored=stored_at_server(self._backups, self._clock.now()),
        )
        return run_checks(situation)

    def _is_restricted(self, rig: str) -> bool | None:
        key = self._joined.sending(rig)
        status = self.pipeline.rigs.get(key)
        newest = dict(self.pipeline.taps.of(key))
        return None if status is None else is_restricted(newest, status.player_car_index)

    def _close_at_end(self) -> None:
        try:
            self.close()
        except StoreError as error:
            _log.error("%s. `f1timings rebuild` brings laps back from the captures.", error)

    def _receive(self, data: bytes, address: str, port: int, received_at: float) -> None:
        listen_port, may_send = self._udp.port, True
        try:
            may_send = self.pipeline.feed(data, address, port, listen_port, received_at)
        finally:
            if may_send and self._recorder is not None:
                self._recorder.record(data, address, port, listen_port, received_at)
            # After it, because only now the rig of a new port is known.
            if may_send and self._forwarding.is_on:
                self._forwarding.forward(data, address, port, listen_port)

    def _rig_at(self, address: str, port: int, listen_port: int) -> str | None:
        rig = self.pipeline.rig_at(address, port, listen_port)
        return None if rig is None else self._joined.remaining(rig)

    def _handle_events(self, entries: Sequence[Stamped]) -> None:
        self._store.submit(entries)
        self._sessions.handle_events(entry.event for entry in entries)
        if any(isinstance(entry.event, SessionChanged) for entry in entries):
            self._room.look_soon()

    def _end_doubtful_seats(self, rig: str, since: float, until: float) -> None:
        """Let no lap of a rig go to a person who may sit at the one that had its place."""
        action = partial(end_doubtful_seats, rig=rig, since=instant(since), until=instant(until))
        self._acting.submit(self._act, action)

    def _act(self, action: Callable[[Desk], None]) -> None:
        try:
            self._store.act(_OWN_NAME, action)
        except StoreError as error:
            _log.error("seats that are in doubt were not ended: %s", error)

    def _store_circuit(self, event: RoomCircuitChanged) -> None:
        self._store.submit([Stamped(self._clock.now(), event)])

    def _store_records(self, entries: Sequence[Stamped]) -> None:
        self._store.submit(entries)
        self._store.flush()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_S)
            step_s = self._clock.follow_wall_clock()
            if step_s:
                self._udp.follow_step(step_s)
                self.pipeline.follow_step(step_s)
            self.pipeline.tick(self._udp.handled_until())
            self._room.look()
            self.outlines.look()
            self._hub.report_storage(self._store.lasting_trouble())

    async def _keep_clock(self) -> None:
        while True:
            await asyncio.sleep(_KEEP_CLOCK_S)
            await asyncio.to_thread(self._keep_clock_once)
            self._outline_keeper.collect()
            await asyncio.to_thread(self._store_outlines)

    def _keep_clock_once(self) -> None:
        if self._damage is None:
            self._clock_keeper.save()

    async def _learn_outlines(self) -> None:
        while True:
            await asyncio.sleep(SAMPLE_S if self.outlines.is_following else _TICK_S)
            self.outlines.sample()

    def _keep_outlines_once(self) -> None:
        self._outline_keeper.collect()
        self._store_outlines()

    def _store_outlines(self) -> None:
        if self._damage is None:
            self._outline_keeper.save()

    def _handle_damage(self, damage: StoreDamaged) -> None:
        """Say on the console how to go on; telemetry is still received."""
        self._damage = explain(damage, self._settings)
        _log.error("%s", self._damage)

    def _figures(self) -> Figures:
        return Figures(
            since=self._started_at,
            intake=IntakeFigures.of(self._udp),
            rigs=list_rig_figures(self._joined.statuses(), self._clock.now()),
            strays=total_strays(self.pipeline.strays),
            refused=total_refused(self.pipeline, self._udp.flooded),
            writer=self._store.writer_state(),
            commits=self._store.commit_times(),
            recording=RecordingFigures.of(self._recorder),
            forwarding=ForwardingFigures.of(self._forwarding),
            screens=len(self._hub.screens()),
            viewers=self._hub.client_count,
            free_bytes=free_bytes(self._settings.data_dir),
            backups=BackupFigures.of(self._backups),
        )

    def _readiness(self) -> Readiness:
        return Readiness(
            database=database_check(self._damage, self._store.trouble or self._store.writer_state().error),
            udp=Check("ok" if self._udp.receive_buffer_bytes else "not listening"),
            captures=captures_check(None if self._recorder is None else self._recorder.state),
        )


def create_app(settings: Settings, *, is_fresh_wanted: bool = False) -> FastAPI:
    """Create the application for an ASGI server.

    Args:
        settings: of the server.
        is_fresh_wanted: replace a damaged SQLite file by a fresh one first.

    Raises:
        ConfigError: the data folder or a port cannot be used.
        FolderInUse: another server owns the data folder.
        StoreError: the database cannot be opened, or is damaged.
    """
    return Application(settings, is_fresh_wanted=is_fresh_wanted).web
