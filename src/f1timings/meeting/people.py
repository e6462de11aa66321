"""The records that people enter: meetings, drivers, rigs, assignments, decisions of marshals, the queue.

Every record is one complete row at one moment. ``seq`` is the number of the change that stored it. The API
calls it ``version``: an edit names the version that it changes, so that no edit overwrites an unseen change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# The points of the older program, P1 to P14. A meeting may use any other scale.
CLUB_POINTS = (25, 18, 15, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)


class MeetingState(StrEnum):
    """Whether a meeting is the open one; exactly one meeting is open at any time."""

    OPEN = "open"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Which laps count on the boards of a meeting.

    Attributes:
        session_types: names of session types, such as ``time_trial``; None is all of them.
        formats: packet formats, years such as 2025; None is all of them.
        assists_allowed: if False, only laps count that are known to be driven without any assist.
        manual_laps: laps typed by hand count.
    """

    session_types: tuple[str, ...] | None = None
    formats: tuple[int, ...] | None = None
    assists_allowed: bool = True
    manual_laps: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A gathering that is timed.

    Attributes:
        id: a short text that we generate.
        date: the day at the venue, as ``2026-11-22``.
        circuit: as a person set it; None follows the circuit that most rigs drive.
        points: for P1, P2 and so on.
        opened_at: UTC; when it was last opened.
    """

    id: str
    name: str
    date: str
    venue: str
    circuit: str | None
    rules: Rules
    points: tuple[int, ...]
    state: MeetingState
    created_at: datetime
    opened_at: datetime
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPeriod:
    """A time in which a meeting was open: from ``since`` to the next period of any meeting.

    A lap belongs to the meeting that was open when the lap began. Laps before all periods belong to the first
    meeting.
    """

    id: str
    meeting_id: str
    since: datetime
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A person we know, over sessions and meetings.

    Attributes:
        number_here: the number of this driver on this server, from 1; used in neutral names.
        name: unique among the drivers that are not deleted; a deleted driver has the neutral name.
        team: any text, may be empty.
        colour: ``#rrggbb`` or None.
        race_number: 0 to 999 or None.
        shows_name: the person agrees to the name on screens; without consent screens show the nickname, or a
            neutral name if there is none.
        shown_name: the name on screens, see :func:`f1timings.meeting.drivers.shown_name`.
        pin: 4 to 8 digits, unique; the driver takes a seat at a rig with it. None if there is none.
        token: an unguessable text in the QR code of the driver's own page.
        is_deleted: the driver was deleted; the laps stay.
        deleted_at: UTC, server time; when the driver was deleted. Laps that begin later are not the driver's.
        merged_into: id of the driver into which this one was merged.
    """

    id: str
    number_here: int
    name: str
    team: str
    colour: str | None
    race_number: int | None
    nickname: str | None
    shows_name: bool
    shown_name: str
    pin: str | None
    token: str
    is_deleted: bool
    merged_into: str | None
    created_at: datetime
    deleted_at: datetime | None = None
    seq: int = 0

    @property
    def has_pin(self) -> bool:
        """Whether a phone must give a PIN, or the code, to be this driver's."""
        return self.pin is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RigCard:
    """The name that people gave a rig, and the place of its card among the others.

    Attributes:
        joined_into: the rig that remains, if both are one: everything of this rig counts as that rig's. That
            rig is never joined into another one itself.
    """

    rig: str
    name: str | None
    place: int | None
    joined_into: str | None = None
    seq: int = 0


def joined_ends(*versions: RigCard | None) -> set[str]:
    """The rigs into which a rig was joined in these versions of its card; empty if it was never joined."""
    joined = (version.joined_into for version in versions if version is not None)
    return {rig for rig in joined if rig is not None}


def is_join(before: RigCard | None, after: RigCard | None) -> bool:
    """Whether a rig was joined or separated between two versions of its card."""
    return joined_ends(before) != joined_ends(after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A driver sits at a rig from ``since`` to ``until`` (None while it lasts).

    Attributes:
        driver_id: None states that no known driver is there, not even the default one; a default always names
            a driver.
        is_default: the driver who usually drives there; used while no other driver is assigned.
        by: name of the person who entered it.
    """

    id: str
    rig: str
    driver_id: str | None
    since: datetime
    until: datetime | None
    is_default: bool
    by: str
    seq: int = 0


@dataclass(frozen=True, slots=True)
class GameName:
    """The driver behind a name in the games; ``driver_id`` None states that it is no driver we know.

    "Player" is never such a name: the game uses it for everybody who hides their name.
    """

    name: str
    driver_id: str | None
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LapMark:
    """What a marshal decided about a lap.

    Attributes:
        is_deleted: the lap does not count and is shown as deleted.
        is_valid: overrules the game's verdict; None accepts it.
        driver_id: claims the lap for this driver, whichever driver was assigned; :data:`NO_DRIVER` states
            that it belongs to no driver; None follows the assignments.
        by: name of the marshal.
    """

    lap_id: str
    is_deleted: bool
    is_valid: bool | None
    driver_id: str | None
    reason: str | None
    by: str
    at: datetime
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualLap:
    """A lap that a person typed in.

    Attributes:
        circuit: the circuit of the meeting at that moment, None if there was none.
        typed: the lap time as typed; the lap itself has it in milliseconds.
        by: name of the person who typed it.
    """

    lap_id: str
    meeting_id: str
    driver_id: str
    circuit: str | None
    typed: str
    by: str
    at: datetime
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """The clearing of a board: laps recorded before ``at`` are no longer on it. Undone by deleting this."""

    id: str
    meeting_id: str
    circuit_key: str
    at: datetime
    by: str
    seq: int = 0


class QueueState(StrEnum):
    """Whether a driver in the queue waits, was called to a rig, or is done."""

    WAITING = "waiting"
    CALLED = "called"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A driver in the queue for a rig, see :mod:`f1timings.meeting.waiting`.

    Attributes:
        place: orders the queue; the numbers have gaps.
        rig: where the driver was called to, None before.
    """

    id: str
    meeting_id: str
    driver_id: str
    place: int
    state: QueueState
    added_at: datetime
    called_at: datetime | None
    rig: str | None
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that a person did.

    Attributes:
        by: name of the person at that moment.
        kind: a word for programs, such as ``driver_renamed``.
        subject: id of what it is about.
        summary: one sentence for people.
        can_undo: it can be undone as long as nothing newer has changed the same fields.
        undone_by: id of the act that undid this one; None again once that act was undone itself.
        undoes: id of the act that this one undid.
        request_key: the client's name for its request; a request sent twice acts once.
    """

    id: str
    at: datetime
    by: str
    kind: str
    subject: str
    summary: str
    can_undo: bool
    undone_by: str | None
    undoes: str | None
    request_key: str | None
    seq: int = 0


NO_DRIVER = ""
"""The ``driver_id`` of a lap that belongs to no driver, see :class:`LapMark`."""
