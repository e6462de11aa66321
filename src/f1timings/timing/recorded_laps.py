"""The recorded laps of one car: the newest record of each lap number, in the branch that counts now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from f1timings.timing.history import CarHistory, HistoryLap, mended_lap
from f1timings.timing.records import Lap, LapState, Session, lap_id

_FIRST_WITH_MINUTES = 2023


class RecordedLaps:
    """The laps of one car by lap number.

    Args:
        session: session of the laps; its ids are in all of them.
        known: laps that an earlier process recorded for this car, of any branch.

    Attributes:
        car_index: the car.
        participant: the name in the game that new laps carry, None if unknown.
        laps: those that no flashback has undone, by lap number.
    """

    def __init__(self, session: Session, car_index: int, known: Iterable[Lap] = ()) -> None:
        self._session = session
        self.car_index = car_index
        self.participant: str | None = None
        self.laps: dict[int, Lap] = {}
        self._branches: dict[int, int] = {}
        self._applied: dict[int, HistoryLap] = {}
        self._doubted: set[int] = set()
        self._remember(known)

    def lap_id(self, number: int) -> str:
        """The id of a lap in the branch that counts now."""
        return lap_id(self._session.id, self.car_index, number, self._branches.get(number, 0))

    @property
    def sectors_wrap(self) -> bool:
        """Whether sector times in lap data have 16 bits and no minutes."""
        return self._session.packet_format < _FIRST_WITH_MINUTES

    def has_time(self, number: int) -> bool:
        """Whether the lap is recorded with a time."""
        lap = self.laps.get(number)
        return lap is not None and lap.lap_time_ms is not None

    def is_completed(self, number: int) -> bool:
        """Whether the lap is recorded as completed."""
        lap = self.laps.get(number)
        return lap is not None and lap.state is LapState.COMPLETED

    def build(self, number: int, lap_time_ms: int | None, *, recovered: bool) -> Lap:
        """A lap in the branch that counts now; it is partial without a time."""
        return Lap(
            id=self.lap_id(number),
            session_id=self._session.id,
            session_uid=self._session.uid,
            rig=self._session.rig,
            car_index=self.car_index,
            participant=self.participant,
            lap_number=number,
            branch=self._branches.get(number, 0),
            lap_time_ms=lap_time_ms,
            sector1_ms=None,
            sector2_ms=None,
            sector3_ms=None,
            is_valid=None,
            compound=None,
            state=LapState.PARTIAL if lap_time_ms is None else LapState.COMPLETED,
            recovered=recovered,
        )

    def record(self, lap: Lap) -> Lap:
        """Make this the newest record of the lap."""
        self.laps[lap.lap_number] = lap
        self._applied.pop(lap.lap_number, None)
        return lap

    def rename(self, participant: str | None) -> list[Lap]:
        """Give all laps another participant; return those that changed."""
        if participant == self.participant:
            return []
        self.participant = participant
        return [self.record(replace(lap, participant=participant)) for lap in self.laps.values()]

    def move(self, session: Session) -> list[Lap]:
        """Give all laps the rig of this session; their ids stay."""
        self._session = session
        self.laps = {number: replace(lap, rig=session.rig) for number, lap in self.laps.items()}
        return list(self.laps.values())

    def handle_gap(self) -> None:
        """Handle a gap or a flashback: the recorded laps may have been undone and driven again meanwhile."""
        self._doubted = {number for number, lap in self.laps.items() if lap.state is LapState.COMPLETED}

    def supersede_from(self, number: int) -> list[Lap]:
        """Undo the laps with a time from this number on; the next drive of each is another branch."""
        undone = [lap for lap in self.laps.values() if lap.lap_number >= number and lap.lap_time_ms]
        return [self._supersede(lap) for lap in sorted(undone, key=lambda lap: lap.lap_number)]

    def apply_history(self, history: CarHistory, first_open_lap: int) -> list[Lap]:
        """Complete and correct the laps before ``first_open_lap`` by a session history.

        A lap from before a gap that has another time now was undone by a flashback in the gap: the game does
        not change the time of a lap. What the history lists is the lap that was driven after it.

        Returns:
            The laps that changed, those that were undone too.
        """
        entries = [entry for number, entry in history.laps.items() if number < first_open_lap]
        undone = [
            self._supersede(self.laps[entry.lap_number]) for entry in entries if self._is_another(entry)
        ]
        changed = (self._apply_entry(entry, history) for entry in entries)
        return [*undone, *(lap for lap in changed if lap is not None)]

    def _is_another(self, entry: HistoryLap) -> bool:
        """Whether an entry is of another drive of a lap that is recorded from before a gap."""
        if entry.lap_number not in self._doubted or entry.lacks_first_sector:
            return False
        lap = self.laps.get(entry.lap_number)
        return lap is not None and lap.lap_time_ms not in (None, entry.lap_time_ms)

    def _apply_entry(self, entry: HistoryLap, history: CarHistory) -> Lap | None:
        number = entry.lap_number
        if self._applied.get(number) == entry:
            return None
        before = self.laps.get(number)
        lap = before or self.build(number, None, recovered=True)
        if lap.state is LapState.DELETED:
            return None
        mended = mended_lap(lap, entry, history)
        if mended != before:
            self.record(mended)
        self._applied[number] = entry
        return None if mended == before else mended

    def _supersede(self, lap: Lap) -> Lap:
        del self.laps[lap.lap_number]
        self._doubted.discard(lap.lap_number)
        self._applied.pop(lap.lap_number, None)
        self._branches[lap.lap_number] = lap.branch + 1
        return replace(lap, state=LapState.SUPERSEDED)

    def _remember(self, known: Iterable[Lap]) -> None:
        for lap in sorted(known, key=lambda lap: lap.branch):
            if lap.state is LapState.SUPERSEDED:
                self._branches[lap.lap_number] = lap.branch + 1
                self.laps.pop(lap.lap_number, None)
            else:
                self._branches[lap.lap_number] = lap.branch
                self.laps[lap.lap_number] = lap
            self.participant = lap.participant or self.participant
