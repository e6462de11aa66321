"""What people enter beside what the games tell: meetings, drivers, who sits where, what a marshal decides.

Every record is the whole truth about its row at one moment. ``seq`` is the number of the change that made
it; at the API it is the ``version`` that an edit names, so that nobody overwrites what they have not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

# The older program's scale, P1 to P14; a meeting may have any other.
CLUB_POINTS = (25, 18, 15, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)


class MeetingState(StrEnum):
    """Exactly one meeting is open; the others are kept."""

    OPEN = "open"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts on a meeting's boards; None is everything.

    Attributes:
        session_types: names of session types, such as ``time_trial``.
        formats: packet formats, years such as 2025.
        assists_allowed: False counts only laps that are known to be driven without any assist.
        manual_laps: laps typed by hand count.
    """

    session_types: tuple[str, ...] | None = None
    formats: tuple[int, ...] | None = None
    assists_allowed: bool = True
    manual_laps: bool = True


@dataclass(frozen=True, slots=True)
class Meeting:
    """A gathering that is timed.

    Attributes:
        id: made by us, short text.
        date: ``2026-11-22``, the day at the venue.
        circuit: as somebody set it; None follows the rigs.
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


@dataclass(frozen=True, slots=True)
class MeetingPeriod:
    """When a meeting was the open one: from ``since`` to the next period of any meeting.

    Laps belong to the meeting that was open when they began; those before all periods to the first one.
    """

    id: str
    meeting_id: str
    since: datetime
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Driver:
    """A person we know, over sessions and meetings.

    Attributes:
        number_here: counts the drivers of this server from 1; makes neutral names.
        name: unique among those not deleted; of a deleted one the neutral name.
        team: any text, may be empty; colour: ``#rrggbb`` or None.
        race_number: 0 to 999 or None.
        shows_name: consents to the name on screens; else the nickname, else a neutral name is shown.
        shown_name: what screens show, by :func:`f1timings.meeting.drivers.shown_name`.
        pin: 4 to 8 digits, unique, with which the driver takes a rig; None if none.
        token: unguessable, in the QR code of the driver's own page.
        is_deleted: the person is gone, the laps stay.
        merged_into: id of the driver that this one turned out to be.
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
    seq: int = 0


@dataclass(frozen=True, slots=True)
class RigCard:
    """What people say about a rig: its name and its place in the row of cards."""

    rig: str
    name: str | None
    place: int | None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Assignment:
    """A driver sits at a rig from ``since`` to ``until`` (None while it lasts).

    ``is_default``: whoever usually drives there; counts while nobody else is assigned.
    ``driver_id`` None (never of a default) says that nobody known drives: the default does not count then.
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
    """A name in the games stands for a driver; "Player" never does. None: asked, and it is nobody we know."""

    name: str
    driver_id: str | None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class LapMark:
    """What a marshal decided about a lap; None leaves what the game said.

    Attributes:
        is_deleted: it does not count and is shown as deleted.
        is_valid: overrules the game's own verdict.
        driver_id: claimed for this driver, whoever was assigned; empty text: for nobody.
    """

    lap_id: str
    is_deleted: bool
    is_valid: bool | None
    driver_id: str | None
    reason: str | None
    by: str
    at: datetime
    seq: int = 0


@dataclass(frozen=True, slots=True)
class ManualLap:
    """A lap that was typed in; its time is in the lap itself.

    Attributes:
        typed: the text as typed.
        circuit: the meeting's circuit at that moment, None if there was none.
    """

    lap_id: str
    meeting_id: str
    driver_id: str
    circuit: str | None
    typed: str
    by: str
    at: datetime
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Clearing:
    """A board was cleared: laps recorded before ``at`` stand there no more. Undone by removing it."""

    id: str
    meeting_id: str
    circuit_key: str
    at: datetime
    by: str
    seq: int = 0


class QueueState(StrEnum):
    """Where somebody in the queue stands."""

    WAITING = "waiting"
    CALLED = "called"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """Somebody waits for a rig; ``place`` orders the queue."""

    id: str
    meeting_id: str
    driver_id: str
    place: int
    state: QueueState
    added_at: datetime
    called_at: datetime | None
    rig: str | None
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody did, and how to undo it.

    Attributes:
        id: made by us; kind: such as ``driver_renamed``; subject: id of what it is about.
        by: who, as named at that moment.
        summary: one sentence for people.
        can_undo: its changes can be taken back while nothing newer touched them.
        undone_by / undoes: ids of acts.
        request_key: what the client called its request, so that the same one sent twice acts once.
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
"""A claim for nobody, see :class:`LapMark`."""
