"""The names of people for the live views, in memory."""

from __future__ import annotations

from f1timings.meeting.people import Assignment, Driver, GameName, RigCard
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.store import CommittedAct, Reads
from f1timings.store.reads.rigs import list_known_people
from f1timings.web.commit_listeners import CommittedBatch


class DriverNames:
    """The names of people, as screens show them; read again when an act may change them."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._people = list_known_people(reads)

    def at(self, rig: str) -> str | None:
        """The driver at a rig, by the rig's key; None if there is none. Callable from any thread."""
        return self._people.at_rigs.get(rig)

    def known(self) -> KnownPeople:
        """All names; the same object until they change. Callable from any thread."""
        return self._people

    def after_commit(self, batch: CommittedBatch) -> None:
        """Do nothing: what the games send assigns no drivers."""

    def after_act(self, act: CommittedAct) -> None:
        """Read the names again if an assignment, a driver, a name in the games or a rig has changed."""
        if any(isinstance(change.newest, Assignment | Driver | GameName | RigCard) for change in act.changes):
            self._people = list_known_people(self._reads)
