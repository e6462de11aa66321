"""Sends every received datagram on to the targets: those of all rigs, and those of its rig."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from f1timings.intake.forwarding.echoes import EchoMemory
from f1timings.intake.forwarding.outlet import Outlet, TargetState
from f1timings.intake.forwarding.resolving import Found, PlaceWatch, TargetPlace, find_place
from f1timings.meeting.people import RigCard
from f1timings.meeting.room.forwarding import ForwardTarget

_log = logging.getLogger(__name__)


class ChangedRecords(Protocol):
    """The records that an act changed."""

    @property
    def changes(self) -> Sequence[tuple[object, object]]:
        """Each as it was and as it is."""
        ...


class Forwarder:
    """Sends on from :meth:`start` to :meth:`close`, in the thread of the event loop.

    Without a target, a datagram costs one look at :attr:`is_on`.

    Args:
        read: reads the targets; callable from any thread.
        rig_of: the rig that sends from an address and port to one of our ports, None if it is not settled.
        own_port: the UDP port at which this program receives.

    Attributes:
        is_on: whether there is a target to send to.
        copies: datagrams that were not sent on, because the same bytes had come from another source.
    """

    def __init__(
        self,
        read: Callable[[], Sequence[ForwardTarget]] = tuple,
        *,
        rig_of: Callable[[str, int, int], str | None] = lambda _address, _port, _listen_port: None,
        own_port: Callable[[], int] = lambda: 0,
    ) -> None:
        self._read = read
        self._rig_of = rig_of
        self._own_port = own_port
        self.is_on = False
        self.copies = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._outlets: dict[str, Outlet] = {}
        self._to_all: list[Outlet] = []
        self._by_rig: dict[str, list[Outlet]] = {}
        self._echoes = EchoMemory()
        self._places = PlaceWatch(self._find, self._deliver)

    def start(self) -> None:
        """Begin to send; called in the event loop."""
        self._loop = asyncio.get_running_loop()
        self._set_targets(self._read())

    def close(self) -> None:
        """Send no more; called in the event loop."""
        self._places.stop()
        self._loop = None
        for outlet in self._outlets.values():
            outlet.close()
        self._sort_outlets()

    def forward(self, data: bytes, address: str, port: int, listen_port: int) -> None:
        """Send a datagram on, unless it is one that was sent on already and comes back."""
        outlets = self._to_all
        if self._by_rig:
            outlets = [*outlets, *self._by_rig.get(self._rig_of(address, port, listen_port) or "", ())]
        source = (address, port)
        first = self._echoes.first_source(data)
        # A game may send the same bytes again in a pause, from where it sent them first.
        if first is not None and first != source:
            self._handle_echo(address)
        elif outlets:
            if first is None:
                self._echoes.remember(data, source)
            for outlet in outlets:
                outlet.send(data)

    def states(self) -> Mapping[str, TargetState]:
        """The state of each target, by its id; callable from any thread."""
        return {id_: outlet.report() for id_, outlet in list(self._outlets.items())}

    def find(self, host: str, port: int, *, allows_internet: bool) -> Found:
        """Where datagrams for a host would go, or why nowhere. May wait for a name server."""
        return find_place(host, port, own_port=self._own_port(), allows_internet=allows_internet)

    def after_commit(self, batch: Any) -> None:
        """Do nothing: what the games send changes no target."""

    def after_act(self, act: ChangedRecords) -> None:
        """Read the targets again if one has changed, or rigs may have been joined; in any thread."""
        if any(isinstance(record, ForwardTarget | RigCard) for change in act.changes for record in change):
            self._call_in_loop(self._set_targets, self._read())

    def _find(self, target: ForwardTarget) -> Found:
        return self.find(target.host, target.port, allows_internet=target.allows_internet)

    def _deliver(self, target: ForwardTarget, found: Found) -> None:
        self._call_in_loop(self._handle_found, target, found)

    def _call_in_loop(self, call: Callable[..., None], *arguments: object) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(call, *arguments)

    def _set_targets(self, targets: Sequence[ForwardTarget]) -> None:
        """Keep the sockets and counters of targets that are as they were."""
        if self._loop is None:
            return
        former = self._outlets
        kept = {id_: outlet for id_, outlet in former.items() if outlet.target in targets}
        self._outlets = {target.id: kept.get(target.id) or Outlet(target) for target in targets}
        for id_ in former.keys() - kept.keys():
            former[id_].close()
        self._sort_outlets()
        self._places.watch([target for target in targets if target.is_on])

    def _handle_found(self, target: ForwardTarget, found: Found) -> None:
        outlet = self._outlets.get(target.id)
        if self._loop is None or outlet is None or outlet.target != target:
            return
        before = outlet.state
        outlet.handle_found(found, self._taken_before(outlet))
        if outlet.state not in (before, "on"):
            _log.warning("telemetry is not sent on to %s:%d: %s", target.host, target.port, outlet.state)
        self._sort_outlets()

    def _taken_before(self, outlet: Outlet) -> set[tuple[TargetPlace, str | None]]:
        others = [other for other in self._outlets.values() if other is not outlet and other.is_open]
        return {(other.place, other.target.rig) for other in others if other.place is not None}

    def _sort_outlets(self) -> None:
        self._to_all, self._by_rig = [], {}
        for outlet in self._outlets.values():
            if outlet.is_open and outlet.target.rig is None:
                self._to_all.append(outlet)
            elif outlet.is_open and outlet.target.rig is not None:
                self._by_rig.setdefault(outlet.target.rig, []).append(outlet)
        self.is_on = bool(self._to_all or self._by_rig)
        if not self.is_on:
            self._echoes.clear()

    def _handle_echo(self, address: str) -> None:
        self.copies += 1
        for outlet in self._outlets.values():
            if outlet.is_at(address) and outlet.handle_return():
                target = outlet.target
                _log.warning(
                    "nothing more is sent on to %s:%d: it sends back what it gets", target.host, target.port
                )
                self._sort_outlets()
