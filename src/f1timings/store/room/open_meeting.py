"""Reads of meetings."""

from __future__ import annotations

from f1timings.meeting.people import Meeting, MeetingState
from f1timings.store.reads.queries import Reads


def read_open_meeting(reads: Reads) -> Meeting:
    """Return the meeting that is open; exactly one is."""
    return reads.list_records(Meeting, state=MeetingState.OPEN.value)[-1]
