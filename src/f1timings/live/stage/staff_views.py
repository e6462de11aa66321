"""The views of what staff entered for the screens: what was sent to each, and the slides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from f1timings.live.room_watch import CommittedChanges
from f1timings.live.stage.record_watch import RecordWatch
from f1timings.live.stage.screens_view import screens_contents
from f1timings.live.stage.slides_view import slides_contents
from f1timings.live.views.board import CommittedEvents
from f1timings.meeting.room.records import ScreenCard
from f1timings.meeting.room.slides import Slide


class StaffViews:
    """The contents of both views, read again when an act has changed them.

    Args:
        read: reads all records of one type; callable from any thread.
    """

    def __init__(self, read: Callable[[type[Any]], list[Any]]) -> None:
        self.screens = RecordWatch(ScreenCard, read, screens_contents)
        self.slides = RecordWatch(Slide, read, slides_contents)

    def after_commit(self, _batch: CommittedEvents) -> None:
        """Do nothing: what the games send changes neither."""

    def after_act(self, act: CommittedChanges) -> None:
        """Read what has changed; from any thread."""
        self.screens.after_act(act)
        self.slides.after_act(act)
