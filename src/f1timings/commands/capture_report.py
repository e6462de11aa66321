"""The report on a capture: its sources, sessions, laps and results, timed as the server times them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from f1timings.commands.derived_records import LatestRecords
from f1timings.intake.captures.reader import open_capture
from f1timings.pipeline import Pipeline
from f1timings.store import Stamped
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged, SessionClassified
from f1timings.timing.records import ClassificationEntry, Lap, LapState, Participant, Session
from f1timings.units import lap_text
from f1timings.web.http.bodies import moment_text
from f1timings.web.laps.bodies import lap_facts

# What is counted of each source, by kind.
_COUNTERS = ("packets", "rejected", "implausible")


class CaptureReport:
    """Collects the records of one capture, each in its latest version.

    Attributes:
        sessions: by id.
        participants: by session id.
        laps: by session id and lap id.
        began_at: when each lap began, in seconds since 1970, by lap id.
        classifications: by session id.
        sources: number of datagrams and packets by source address.
        is_torn: the file was cut in the middle of an entry.
        skipped: entries without a whole UDP datagram, by reason.
    """

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.participants: dict[str, tuple[Participant, ...]] = {}
        self.laps: dict[str, dict[str, Lap]] = {}
        self.began_at: dict[str, float] = {}
        self.classifications: dict[str, tuple[ClassificationEntry, ...]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.is_torn = False
        self.skipped: Counter[str] = Counter()

    def handle_entries(self, entries: Sequence[Stamped]) -> None:
        """Replace earlier versions of records; this is the sink of the pipeline."""
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
        """The report as ``inspect --json`` prints it."""
        return {
            "sources": list(self.sources.values()),
            "sessions": [self._session_json(session) for session in self.sessions.values()],
        }

    def summary(self) -> Iterator[str]:
        """The report as lines of text."""
        for source in self.sources.values():
            packets = _counts_text(source["packets"]) or "nothing recognised"
            yield f"{source['address']}: {source['datagrams']} datagrams ({packets})"
            if source["rejected"]:
                yield f"  rejected: {_counts_text(source['rejected'])}"
            if source["implausible"]:
                yield f"  implausible, so unknown: {_counts_text(source['implausible'])}"
        for session in self.sessions.values():
            yield from self._session_summary(session)
        if self.skipped:
            yield f"skipped: {_counts_text(self.skipped)}"
        if self.is_torn:
            yield "The file ends in the middle of an entry; everything before it was read."

    def _session_summary(self, session: Session) -> Iterator[str]:
        laps = list(self.laps.get(session.id, {}).values())
        timed = [lap for lap in laps if lap.state is LapState.COMPLETED]
        name = f"{session.session_type or 'unknown session'} at {session.track or 'unknown circuit'}"
        yield f"{session.rig}: {name}, format {session.packet_format}, {len(timed)} laps"
        for lap in sorted(timed, key=lambda lap: (lap.car_index, lap.lap_number)):
            validity = "" if lap.is_valid else "  invalid" if lap.is_valid is False else "  validity unknown"
            yield (
                f"  car {lap.car_index:2d}  lap {lap.lap_number:3d}  {lap_text(lap.lap_time_ms):>9s}"
                f"  {lap.participant or ''}{validity}"
            )

    def _session_json(self, session: Session) -> dict[str, Any]:
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
            "continues": session.continues,
            "format": session.packet_format,
            "track_id": session.track_id,
            "track": session.track,
            "session_type": session.session_type,
            "participants": [_participant_json(driver) for driver in self.participants.get(session.id, ())],
            "laps": [self._lap_json(lap) for lap in laps],
            "classification": None if result is None else [_result_json(entry) for entry in result],
        }

    def _lap_json(self, lap: Lap) -> dict[str, Any]:
        began_at = self.began_at.get(lap.id)
        began_at_text = None if began_at is None else moment_text(instant(began_at))
        return lap_facts(lap) | {"driver": None, "began_at": began_at_text, "official_at": None}


def build_report(path: Path) -> CaptureReport:
    """Time a capture from beginning to end.

    Raises:
        CaptureError: the file is not a capture, or is damaged.
    """
    report, latest = CaptureReport(), LatestRecords()

    def handle_entries(entries: Sequence[Stamped]) -> None:
        latest.handle_entries(entries)
        report.handle_entries(entries)

    pipeline = Pipeline(handle_entries, archive=latest)
    last_received_at = 0.0
    with open_capture(path) as capture:
        for datagram in capture:
            last_received_at = datagram.received_at
            pipeline.feed(
                datagram.data, datagram.address, datagram.port, datagram.listen_port, last_received_at
            )
            pipeline.tick(last_received_at)
    pipeline.finish(last_received_at)
    report.is_torn, report.skipped = capture.is_torn, capture.skipped
    report.sources = _sources(pipeline)
    return report


def _sources(pipeline: Pipeline) -> dict[str, dict[str, Any]]:
    """Counts of each source: rigs by their key, and addresses that sent no known packet."""
    counts = [
        (
            rig.key,
            rig.datagrams,
            {"packets": rig.packets, "rejected": rig.rejected, "implausible": rig.implausible},
        )
        for rig in pipeline.rigs.values()
    ]
    counts += [
        (address, rejected.total(), {"rejected": rejected}) for address, rejected in pipeline.strays.items()
    ]
    sources: dict[str, dict[str, Any]] = {}
    for address, datagrams, counters in counts:
        source = sources.setdefault(
            address, {"address": address, "datagrams": 0} | {name: Counter() for name in _COUNTERS}
        )
        source["datagrams"] += datagrams
        for name, counter in counters.items():
            source[name].update(counter)
    return sources


def _counts_text(counter: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))


def _participant_json(participant: Participant) -> Mapping[str, Any]:
    return {
        "car_index": participant.car_index,
        "name": participant.name,
        "team": participant.team,
        "race_number": participant.race_number,
        "is_ai": participant.is_ai,
    }


def _result_json(entry: ClassificationEntry) -> Mapping[str, Any]:
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
