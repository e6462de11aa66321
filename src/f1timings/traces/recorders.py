"""The recorders of traces of all rigs: who records how much, and which lap has a trace already."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from f1timings.timing.events import ParticipantsChanged
from f1timings.timing.records import Lap, Session
from f1timings.traces.lap_trace import LapTrace
from f1timings.traces.recorder import TraceRecorder, most_samples

MOST_KEEPING_OTHERS: Final = 8
"""The rigs that keep other cars at the same time; they take 100 MB."""
_MOST_TRACED: Final = 1_000
_SILENT_S: Final = 600.0


class TraceRecorders(dict[str, TraceRecorder]):
    """The recorder of each rig, by its key."""

    def __init__(self) -> None:
        super().__init__()
        self._traced = _TracedLaps()
        self._cars_of_game: dict[str, tuple[str, frozenset[int]]] = {}
        self._followed_at: dict[str, float] = {}

    def begin(self, rig: str, packet_format: int) -> None:
        """Begin to record the traces of a rig; all rigs together have a bounded memory for it."""
        most = most_samples(len(self.keys() | {rig}))
        for recorder in self.values():
            recorder.limit(most)
        self[rig] = TraceRecorder(packet_format, most)

    def follow(self, rig: str, session: Session, now: float) -> None:
        """Keep the other cars of a rig's session if it is online, for a few rigs at once.

        If a rig has ended no lap for ten minutes, another one may take its place.

        Args:
            now: seconds since 1970.
        """
        if session.is_online is None:
            return
        self._followed_at[rig] = now
        if session.is_online and not self[rig].keeps_others:
            keeping = [key for key, other in self.items() if other.keeps_others]
            if len(keeping) >= MOST_KEEPING_OTHERS:
                longest = min(keeping, key=lambda key: self._followed_at[key])
                if now - self._followed_at[longest] < _SILENT_S:
                    return
                self[longest].keep_others(False)
        self[rig].keep_others(session.is_online)

    def handle_participants(self, rig: str, changed: ParticipantsChanged) -> None:
        """Note which cars of a session the game drives: nobody compares with them."""
        of_game = (car.car_index for car in changed.participants if car.is_driven_by_game)
        self._cars_of_game[rig] = changed.session_id, frozenset(of_game)

    def take(self, rig: str, lap: Lap, *, session: Session | None, now: float) -> LapTrace | None:
        """The trace of a lap that has just ended; None if there is none, or nothing new.

        A rig always has the traces of its own car. Of all rigs in a lobby, one has those of another car.

        Args:
            session: the session under way.
            now: seconds since 1970.
        """
        recorder = self[rig]
        if session is None or session.id != lap.session_id:
            return recorder.take(lap)
        self.follow(rig, session, now)
        if lap.car_index == session.player_car_index:
            trace = recorder.take(lap)
        elif lap not in self._traced and not self._is_of_game(rig, lap):
            trace = recorder.take_other(lap)
        else:
            return None
        if trace is not None and session.is_online:
            self._traced.add(lap)
        return trace

    def _is_of_game(self, rig: str, lap: Lap) -> bool:
        session_id, cars = self._cars_of_game.get(rig, ("", frozenset()))
        return session_id == lap.session_id and lap.car_index in cars


class _TracedLaps:
    """The laps that got a trace lately, whichever rig recorded them."""

    def __init__(self) -> None:
        self._laps: OrderedDict[tuple[int | None, ...], None] = OrderedDict()

    def __contains__(self, lap: Lap) -> bool:
        return _key(lap) in self._laps

    def add(self, lap: Lap) -> None:
        """Add a lap, and forget the oldest one if there are many."""
        self._laps[_key(lap)] = None
        if len(self._laps) > _MOST_TRACED:
            self._laps.popitem(last=False)


def _key(lap: Lap) -> tuple[int | None, ...]:
    """What all rigs of a lobby agree on about a lap; they need not agree on the number of the car."""
    return lap.session_uid, lap.lap_number, lap.lap_time_ms, lap.sector1_ms, lap.sector2_ms
