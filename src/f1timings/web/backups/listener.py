"""What the schedule of backups must know about commits."""

from __future__ import annotations

from f1timings.recovery.backups.keeper import BackupKeeper
from f1timings.store import CommittedAct
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.web.commit_listeners import CommittedBatch


class BackupNotes:
    """Notes laps, ends of sessions, and what people change; it is called in the writer's thread."""

    def __init__(self, keeper: BackupKeeper) -> None:
        self._keeper = keeper

    def after_commit(self, batch: CommittedBatch) -> None:
        """Note new laps, and sessions that ended."""
        if any(isinstance(event, LapRecorded) for event in batch.events):
            self._keeper.note_change()
        if any(isinstance(event, SessionChanged) and event.session.is_ended for event in batch.events):
            self._keeper.note_end_of_session()

    def after_act(self, act: CommittedAct) -> None:  # noqa: ARG002
        """Note that a person changed something."""
        self._keeper.note_change()
