"""What the writer remembers from one batch to the next of what attribution reads: it rarely changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, Generic, NamedTuple, TypeVar

from f1timings.meeting.attribution import Calendar, SessionFacts
from f1timings.meeting.leaderboard import Best
from f1timings.meeting.people import Assignment

K = TypeVar("K")
V = TypeVar("V")

# More values of one kind are never kept: the senders of telemetry decide how many names there are.
_MOST: Final = 20_000
# With and without the occupants of the cars: the present session of each of 64 rigs.
_MOST_SESSIONS: Final = 128
# Laps do not arrive in the order in which they began.
_EARLIER: Final = timedelta(hours=1)


class NameOwner(NamedTuple):
    """The driver of a name in the games, None for no driver; and when that driver was deleted."""

    driver_id: str | None
    deleted_at: datetime | None


class Kept(Generic[K, V]):
    """Values by key, and which keys have none.

    Args:
        most: of more keys, all are forgotten.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: dict[K, V | None] = {}

    def get_all(self, keys: Collection[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The values of these keys; those that are not known are read at once."""
        known = self._known
        if any(key not in known for key in keys):
            if len(known) + len(keys) > self._most:
                known.clear()
            missing = [key for key in keys if key not in known]
            found = read(missing)
            known.update((key, found.get(key)) for key in missing)
        values = ((key, known[key]) for key in keys)
        return {key: value for key, value in values if value is not None}

    def put(self, key: K, value: V | None) -> None:
        """Note what is stored now under a key; None for nothing."""
        self._known[key] = value

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()


class KeptAssignments:
    """The assignments of rigs that lasted at or after a moment."""

    def __init__(self) -> None:
        self._by_rig: dict[str, tuple[datetime, list[Assignment]]] = {}

    def get_all(
        self, rigs: Iterable[str], earliest: datetime, read: Callable[[list[str], datetime], list[Assignment]]
    ) -> list[Assignment]:
        """All assignments of these rigs that lasted at or after a moment, some earlier ones with them.

        Args:
            read: reads the assignments of some rigs that lasted at or after a moment.
        """
        known = self._by_rig
        wanted = sorted(rigs)
        missing = [rig for rig in wanted if rig not in known or known[rig][0] > earliest]
        if missing:
            since = earliest - _EARLIER
            found: dict[str, list[Assignment]] = {rig: [] for rig in missing}
            for assignment in read(missing, since):
                found[assignment.rig].append(assignment)
            known.update((rig, (since, lasting)) for rig, lasting in found.items())
        return [assignment for rig in wanted for assignment in known[rig][1]]


class Remembered:
    """What a transaction may use instead of reading it again.

    It is valid for one number of the newest change. An act, and any other program that writes to the same
    database, gives the newest change another number.

    Attributes:
        calendar: of the meetings; None if it is not known.
        game_names: by the name in the games.
        shown_names: of drivers, by id.
        clearings: when each board was last cleared, by meeting and then by key of the circuit.
        assignments: by the rig that remains.
        sessions: the facts of sessions, by id and whether the occupants of its cars are needed.
        bests: rows of the boards, by id.
        joins: the rig that remains, by the rig that was joined into it; None if it is not known.
    """

    def __init__(self) -> None:
        self._seq: int | None = None
        self._forget()

    def begin(self, seq: int) -> None:
        """Begin a transaction in which ``seq`` is the number of the newest change.

        What it notes is uncertain until :meth:`keep`: it may fail.
        """
        if self._seq != seq:
            self._forget()
        self._seq = None

    def keep(self, seq: int) -> None:
        """Keep what the transaction noted: it is committed, with ``seq`` as the newest change."""
        self._seq = seq

    def _forget(self) -> None:
        self.calendar: Calendar | None = None
        self.game_names: Kept[str, NameOwner] = Kept()
        self.shown_names: Kept[str, str] = Kept()
        self.clearings: Kept[str, Mapping[str, datetime]] = Kept()
        self.assignments = KeptAssignments()
        self.sessions: Kept[tuple[str, bool], SessionFacts] = Kept(_MOST_SESSIONS)
        self.bests: Kept[str, Best] = Kept()
        self.joins: Mapping[str, str] | None = None
