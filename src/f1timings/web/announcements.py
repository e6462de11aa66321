"""Announces committed changes to screens, with the same JSON bodies as the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from f1timings.live.fanout.messages import Announcement
from f1timings.meeting.room.records import RoomCircuitChanged
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
from f1timings.web.commit_listeners import CommittedBatch
from f1timings.web.http.bodies import Body, moment_text
from f1timings.web.laps.bodies import LapBody
from f1timings.web.sessions.bodies import ClassificationBody, SessionBody, SessionParticipantBody
from f1timings.web.sessions.occurrence_bodies import OCCURRENCE_FORMS

# An act that changes more laps is announced with their number only.
_MAX_LAPS = 50


class Announcer:
    """Announces each commit to the screens that follow the view ``events``.

    Args:
        publish: takes the announcements of one commit; callable from any thread.
    """

    def __init__(self, reads: Reads, publish: Callable[[Sequence[Announcement]], None]) -> None:
        self._reads = reads
        self._publish = publish

    def after_commit(self, batch: CommittedBatch) -> None:
        """Announce the changes in their order, each record as it is stored now."""
        announced = (_BUILDERS[type(change.event)](change, change.event, batch) for change in batch.changes)
        self._publish([announcement for announcement in announced if announcement is not None])

    def after_act(self, act: CommittedAct) -> None:
        """Announce what an act changed, but not who acted: every screen may read it.

        The changed laps follow one by one; if there are many, only their number, and screens read their lists
        again.
        """
        self._publish([_act(act), *self._laps(act)])

    def _laps(self, act: CommittedAct) -> list[Announcement]:
        if len(act.lap_ids) > _MAX_LAPS:
            return [Announcement("laps_changed", {"laps": len(act.lap_ids)})]
        laps = self._reads.list_laps_by_id(act.lap_ids) if act.lap_ids else ()
        return [_announcement("lap_official", LapBody.of(lap)) for lap in laps]


def _act(committed: CommittedAct) -> Announcement:
    act = committed.act
    changed = [
        {"kind": word_of(type(change.newest)), "id": getattr(change.newest, key_of(type(change.newest)))}
        for change in committed.changes[:_MAX_LAPS]
    ]
    return Announcement(
        "act_recorded", {"id": act.id, "at": moment_text(act.at), "kind": act.kind, "changed": changed}
    )


def _announcement(event: str, body: Body) -> Announcement:
    return Announcement(event, body.model_dump(mode="json"))


def _lap(change: Committed, _event: LapRecorded, _batch: CommittedBatch) -> Announcement | None:
    return None if change.lap is None else _announcement("lap_official", LapBody.of(change.lap))


def _session(_change: Committed, event: SessionChanged, batch: CommittedBatch) -> Announcement | None:
    stored = batch.get_session(event.session.id)
    return None if stored is None else _announcement("session_changed", SessionBody.of(stored))


def _participants(
    _change: Committed, event: ParticipantsChanged, _batch: CommittedBatch
) -> Announcement | None:
    rows = [
        SessionParticipantBody.of(participant).model_dump(mode="json") for participant in event.participants
    ]
    return Announcement("participants_changed", {"session_id": event.session_id, "participants": rows})


def _classification(
    _change: Committed, event: SessionClassified, batch: CommittedBatch
) -> Announcement | None:
    stored = batch.get_classification(event.session_id)
    return None if stored is None else _announcement("session_classified", ClassificationBody.of(stored))


def _occurrence(change: Committed, event: OccurrenceRecorded, _batch: CommittedBatch) -> Announcement | None:
    kind, stored = type(event.record), change.occurrence
    name = f"{OCCURRENCE_NAMES[kind]}_recorded"
    return None if stored is None else _announcement(name, OCCURRENCE_FORMS[kind].body.of(stored))


def _rig(_change: Committed, event: RigSeen, batch: CommittedBatch) -> Announcement | None:
    return Announcement(
        "rig_seen",
        {
            "rig": batch.remaining_rig(event.key),
            "address": event.address,
            "port": event.port,
            "listen_port": event.listen_port,
            "packet_format": event.packet_format,
            "game_year": event.game_year,
        },
    )


def _circuit(_change: Committed, event: RoomCircuitChanged, _batch: CommittedBatch) -> Announcement | None:
    return Announcement("circuit_changed", {"meeting_id": event.meeting_id, "circuit": event.circuit})


_BUILDERS: Mapping[type, Callable[[Committed, Any, CommittedBatch], Announcement | None]] = {
    LapRecorded: _lap,
    SessionChanged: _session,
    ParticipantsChanged: _participants,
    SessionClassified: _classification,
    OccurrenceRecorded: _occurrence,
    RigSeen: _rig,
    RoomCircuitChanged: _circuit,
}
