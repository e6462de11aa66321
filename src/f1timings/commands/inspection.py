"""What a capture holds: its sources, sessions, laps and results, timed as the server would time them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from f1timings.intake.captures.files import open_capture
from f1timings.pipeline import Pipeline
from f1timings.store import Stamped
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged, SessionClassified
from f1timings.timing.records import ClassificationEntry, Lap, LapState, Participant, Session
from f1timings.units import lap_text
from f1timings.web.http.bodies import moment_text
from f1timings.web.laps.bodies import lap_facts


class Inspection:
    """Collects what the pipeline says of one capture, the last word on each record."""

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.participants: dict[str, tuple[Participant, ...]] = {}
        self.laps: dict[str, dict[str, Lap]] = {}
        self.began_at: dict[str, float] = {}
        self.classifications: dict[str, tuple[ClassificationEntry, ...]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.torn = False
        self.skipped: Counter[str] = Counter()

    def take(self, entries: Sequence[Stamped]) -> None:
        """The pipeline's sink."""
        for entry in entries:
            match entry.event:
                case SessionChanged(session):
                    self.sessions[session.id] = session
                case ParticipantsChanged(session_id, participants):
                    self.participants[session_id] = participants
                case LapRecorded(lap):
                    self.laps.setdefault(lap.session_id, {})[lap.id] = lap
                    if entry.began_at is not None:
                        self.began_at[lap.id] = entry.began_at
                case SessionClassified(session_id, classification):
                    self.classifications[session_id] = classification

    def as_json(self) -> dict[str, Any]:
        """The shape that ``inspect --json`` prints."""
        return {
            "sources": list(self.sources.values()),
            "sessions": [self._session(session) for session in self.sessions.values()],
        }

    def summary(self) -> Iterator[str]:
        """The same for people, a line each."""
        for source in self.sources.values():
            kinds = _counts(source["packets"]) or "nothing recognised"
            yield f"{source['address']}: {source['datagrams']} datagrams ({kinds})"
            if source["rejected"]:
                yield f"  rejected: {_counts(source['rejected'])}"
        for session in self.sessions.values():
            yield from self._session_summary(session)
        if self.skipped:
            yield f"skipped: {_counts(self.skipped)}"
        if self.torn:
            yield "The file ends in the middle of a record; everything before that was read."

    def _session_summary(self, session: Session) -> Iterator[str]:
        laps = list(self.laps.get(session.id, {}).values())
        timed = [lap for lap in laps if lap.state is LapState.COMPLETED]
        what = f"{session.session_type or 'unknown session'} at {session.track or 'unknown circuit'}"
        yield f"{session.rig}: {what}, format {session.packet_format}, {len(timed)} laps"
        for lap in sorted(timed, key=lambda lap: (lap.car_index, lap.lap_number)):
            mark = "" if lap.is_valid else "  invalid" if lap.is_valid is False else "  validity unknown"
            yield (
                f"  car {lap.car_index:2d}  lap {lap.lap_number:3d}  {lap_text(lap.lap_time_ms):>9s}"
                f"  {lap.participant or ''}{mark}"
            )

    def _session(self, session: Session) -> dict[str, Any]:
        laps = sorted(
            self.laps.get(session.id, {}).values(),
            key=lambda lap: (lap.car_index, lap.lap_number, lap.branch),
        )
        result = self.classifications.get(session.id)
        return {
            "id": session.id,
            "rig": session.rig,
            "session_uid": str(session.uid),
            "epoch": session.epoch,
            "format": session.packet_format,
            "track_id": session.track_id,
            "track": session.track,
            "session_type": session.session_type,
            "participants": [_participant(one) for one in self.participants.get(session.id, ())],
            "laps": [self._lap(lap) for lap in laps],
            "classification": None if result is None else [_entry(entry) for entry in result],
        }

    def _lap(self, lap: Lap) -> dict[str, Any]:
        began_at = self.began_at.get(lap.id)
        known_start = None if began_at is None else moment_text(instant(began_at))
        return lap_facts(lap) | {"driver": None, "began_at": known_start, "official_at": None}


def inspect_capture(path: Path) -> Inspection:
    """Time a capture from beginning to end.

    Raises:
        CaptureError: the file is no capture.
    """
    inspection = Inspection()
    pipeline = Pipeline(inspection.take)
    last = 0.0
    with open_capture(path) as capture:
        for datagram in capture:
            last = datagram.received_at
            pipeline.feed(datagram.data, datagram.address, datagram.port, datagram.listen_port, last)
            pipeline.tick(last)
    pipeline.finish(last)
    inspection.torn, inspection.skipped = capture.torn, capture.skipped
    inspection.sources = _sources(pipeline)
    return inspection


def _sources(pipeline: Pipeline) -> dict[str, dict[str, Any]]:
    counts = [(rig.key, rig.datagrams, rig.packets, rig.rejected) for rig in pipeline.rigs.values()]
    counts += [(key, stray.total(), Counter(), stray) for key, stray in pipeline.strays.items()]
    sources: dict[str, dict[str, Any]] = {}
    for address, datagrams, packets, rejected in counts:
        source = sources.setdefault(
            address, {"address": address, "datagrams": 0, "packets": Counter(), "rejected": Counter()}
        )
        source["datagrams"] += datagrams
        source["packets"].update(packets)
        source["rejected"].update(rejected)
    return sources


def _counts(counter: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))


def _participant(one: Participant) -> Mapping[str, Any]:
    return {
        "car_index": one.car_index,
        "name": one.name,
        "team": one.team,
        "race_number": one.race_number,
        "is_ai": one.is_ai,
    }


def _entry(entry: ClassificationEntry) -> Mapping[str, Any]:
    return {
        "position": entry.position,
        "car_index": entry.car_index,
        "name": entry.name,
        "laps": entry.laps,
        "best_lap_ms": entry.best_lap_ms,
        "total_time_ms": entry.total_time_ms,
        "penalties_s": entry.penalties_s,
        "status": entry.status,
        "points": entry.points,
    }
