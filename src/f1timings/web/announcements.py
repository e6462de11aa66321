"""What is told to screens about committed changes: the same JSON that the API gives for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from f1timings.live.fanout.messages import Announcement
from f1timings.rigs.registry import RigSeen
from f1timings.store import Committed, CommittedAct, Reads
from f1timings.store.records import key_of, word_of
from f1timings.timing.events import (
    LapRecorded,
    OccurrenceRecorded,
    ParticipantsChanged,
    SessionChanged,
    SessionClassified,
)
from f1timings.timing.occurrences import OCCURRENCE_NAMES
from f1timings.web.http.bodies import Body, moment_text
from f1timings.web.laps.bodies import LapBody
from f1timings.web.sessions.bodies import (
    ClassificationBody,
    SessionBody,
    SessionParticipantBody,
)
from f1timings.web.sessions.occurrence_bodies import OCCURRENCE_FORMS

_Made = Announcement | None
# An act that changes more is told as a number.
_MOST_AT_ONCE = 50


def announcements(committed: Iterable[Committed], reads: Reads) -> list[Announcement]:
    """The announcements of changes, in their order, for ``Hub.publish_threadsafe``.

    Call it after the commit only: what was there before is read back, as it is stored.
    """
    made = (_MAKERS[type(one.event)](one, one.event, reads) for one in committed)
    return [announcement for announcement in made if announcement is not None]


def acted_announcements(acted: CommittedAct, reads: Reads) -> list[Announcement]:
    """What an act changed, without a word about who did it: screens are for everybody.

    Laps follow one by one, or where they are many as a number: then a screen reads its lists anew.
    """
    changed = [
        {"kind": word_of(type(change.newest)), "id": getattr(change.newest, key_of(type(change.newest)))}
        for change in acted.changes[:_MOST_AT_ONCE]
    ]
    act = acted.act
    told = [
        Announcement(
            "act_recorded",
            {"id": act.id, "at": moment_text(act.at), "kind": act.kind, "changed": changed},
        )
    ]
    if len(acted.lap_ids) > _MOST_AT_ONCE:
        return [*told, Announcement("laps_changed", {"laps": len(acted.lap_ids)})]
    laps = [reads.get_lap(lap_id) for lap_id in acted.lap_ids]
    return told + [_told("lap_official", LapBody.of(lap)) for lap in laps if lap is not None]


def _told(event: str, body: Body) -> Announcement:
    return Announcement(event, body.model_dump(mode="json"))


def _lap(committed: Committed, _event: LapRecorded, _reads: Reads) -> _Made:
    return None if committed.lap is None else _told("lap_official", LapBody.of(committed.lap))


def _session(_committed: Committed, event: SessionChanged, reads: Reads) -> _Made:
    stored = reads.get_session(event.session.id)
    return None if stored is None else _told("session_changed", SessionBody.of(stored))


def _participants(_committed: Committed, event: ParticipantsChanged, _reads: Reads) -> _Made:
    rows = [SessionParticipantBody.of(one).model_dump(mode="json") for one in event.participants]
    return Announcement("participants_changed", {"session_id": event.session_id, "participants": rows})


def _classified(_committed: Committed, event: SessionClassified, reads: Reads) -> _Made:
    stored = reads.get_classification(event.session_id)
    return None if stored is None else _told("session_classified", ClassificationBody.of(stored))


def _occurrence(_committed: Committed, event: OccurrenceRecorded, reads: Reads) -> _Made:
    kind = type(event.record)
    stored = reads.get_occurrence(kind, event.record.id)
    name = f"{OCCURRENCE_NAMES[kind]}_recorded"
    return None if stored is None else _told(name, OCCURRENCE_FORMS[kind].body.of(stored))


def _rig(_committed: Committed, event: RigSeen, _reads: Reads) -> _Made:
    return Announcement(
        "rig_seen",
        {
            "rig": event.key,
            "address": event.address,
            "port": event.port,
            "listen_port": event.listen_port,
            "packet_format": event.packet_format,
            "game_year": event.game_year,
        },
    )


_MAKERS: Mapping[type, Callable[[Committed, Any, Reads], _Made]] = {
    LapRecorded: _lap,
    SessionChanged: _session,
    ParticipantsChanged: _participants,
    SessionClassified: _classified,
    OccurrenceRecorded: _occurrence,
    RigSeen: _rig,
}
