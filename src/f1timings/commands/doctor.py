"""``f1timings doctor``: check this machine and the telemetry that arrives, and show what to do."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Annotated, Final

import typer

from f1timings.clock import ServerClock
from f1timings.commands.options import with_setting_flags
from f1timings.commands.running_server import call_server
from f1timings.config import Settings, load_settings
from f1timings.doctor.checks import run_checks
from f1timings.doctor.situation import HeardRig, Machine, Situation, is_restricted
from f1timings.errors import FolderInUse
from f1timings.intake.receiving import receive_burst
from f1timings.intake.udp import bind_socket
from f1timings.meeting.drivers import PLACEHOLDER
from f1timings.pipeline import Pipeline
from f1timings.rigs.health import RigFacts, hints
from f1timings.rigs.status import RigStatus
from f1timings.store import Stamped
from f1timings.store.data_folder import DataFolder
from f1timings.timing.events import ParticipantsChanged, SessionChanged
from f1timings.web.first_hour.checks import OWNER_PATH, CheckBody, CheckListBody
from f1timings.web.first_hour.stored import stored_without_server

_MARKS: Final = {"good": "ok   ", "hint": "hint ", "wrong": "WRONG"}
_PAUSE_S: Final = 0.05
_TICK_S: Final = 0.5


@with_setting_flags
def doctor(
    *,
    seconds: Annotated[
        float, typer.Option(min=0, max=600, help="How long to listen for telemetry if no server runs.")
    ] = 5.0,
    **flags: object,
) -> None:
    """Check this machine and the telemetry, and show what to do. Exit code 1 if something is wrong."""
    settings = load_settings(**flags)
    findings = _ask_server(settings)
    if findings is None:
        findings = _check_without_server(settings, seconds)
    for finding in findings:
        print(f"{_MARKS[finding.state]} {finding.text}")
        if finding.remedy:
            print(f"      {finding.remedy}")
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _ask_server(settings: Settings) -> Sequence[CheckBody] | None:
    """The checks of the server that owns the data folder; None if none runs."""
    if not settings.data_dir.is_dir():
        return None
    try:
        DataFolder.acquire(settings.data_dir).release()
    except FolderInUse:
        print("The server of this data folder runs; it says:")
        return CheckListBody.model_validate(call_server(settings.data_dir, "GET", OWNER_PATH)).items
    return None


def _check_without_server(settings: Settings, seconds: float) -> Sequence[CheckBody]:
    machine = Machine.without_server(settings)
    listener = _Listener()
    if not machine.telemetry_error:
        print(f"No server runs in {settings.data_dir}. Listening for {seconds:g} s …", flush=True)
        listener.listen(settings, seconds)
    situation = Situation(
        machine=machine,
        rigs=list(listener.rigs()),
        strays=listener.strays,
        refused=listener.refused,
        strangers=listener.strangers(),
        stored=stored_without_server(settings),
    )
    return [CheckBody.of(finding) for finding in run_checks(situation)]


class _Listener:
    """Receives telemetry and recognises it as the server does, without storing anything."""

    def __init__(self) -> None:
        self._clock = ServerClock()
        self._rigs: dict[str, str] = {}  # by session
        self._hiding: set[str] = set()
        self._pipeline = Pipeline(self._handle_events)
        self.strays = self._pipeline.strays
        self.refused = self._pipeline.refused
        self.strangers = self._pipeline.lock.strangers

    def listen(self, settings: Settings, seconds: float) -> None:
        """Receive for some seconds.

        Raises:
            ConfigError: the port is in use.
        """
        with closing(bind_socket(settings.udp_host, settings.udp_port)) as receiver:
            until = time.monotonic() + seconds
            ticked_at = time.monotonic()
            while time.monotonic() < until:
                burst = receive_burst(receiver, self._clock.now)
                for data, source in burst.datagrams:
                    self._pipeline.feed(data, source[0], source[1], settings.udp_port, burst.received_at)
                if time.monotonic() - ticked_at >= _TICK_S:
                    ticked_at = time.monotonic()
                    self._pipeline.tick(self._clock.now())
                if not burst.datagrams:
                    time.sleep(_PAUSE_S)

    def rigs(self) -> Iterator[HeardRig]:
        """The rigs that were heard; those that stopped meanwhile are silent."""
        for key, status in self._pipeline.rigs.items():
            newest = self._pipeline.taps.of(key)
            yield HeardRig(
                name=key,
                rig=key,
                address=status.address,
                hints=hints(self._facts(status)),
                is_restricted=is_restricted(newest, status.player_car_index),
            )

    def _facts(self, status: RigStatus) -> RigFacts:
        hides_names = status.key in self._hiding
        return RigFacts.of(status, status, self._clock.now(), hides_names=hides_names)

    def _handle_events(self, entries: Sequence[Stamped]) -> None:
        for entry in entries:
            match entry.event:
                case SessionChanged(session):
                    self._rigs[session.id] = session.rig
                case ParticipantsChanged(session_id, participants):
                    others = [person for person in participants if not (person.is_ai or person.is_player)]
                    if any(other.name in (None, PLACEHOLDER) for other in others):
                        self._hiding.add(self._rigs.get(session_id, ""))
