"""The cards of the screens as the view ``screens`` shows them; read again when an act has changed one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from f1timings.live.fanout.sheet import Contents
from f1timings.live.room_watch import CommittedChanges
from f1timings.live.stage.screens_view import screens_contents
from f1timings.live.views.board import CommittedEvents
from f1timings.meeting.room.records import ScreenCard


class ScreenCards:
    """The newest cards.

    Args:
        read: reads all cards; callable from any thread.
    """

    def __init__(self, read: Callable[[], Sequence[ScreenCard]]) -> None:
        self._read = read
        self._contents = screens_contents(read())

    def contents(self) -> Contents:
        """The contents of the view ``screens``."""
        return self._contents

    def after_commit(self, _batch: CommittedEvents) -> None:
        """Do nothing: what the games send directs no screens."""

    def after_act(self, act: CommittedChanges) -> None:
        """Read the cards again if one has changed; from any thread."""
        if any(isinstance(record, ScreenCard) for change in act.changes for record in change):
            self._contents = screens_contents(self._read())
