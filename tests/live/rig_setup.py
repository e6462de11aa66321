"""A pipeline with the views of one rig, fed by the simulator or by packets that a test builds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.row_columns import Columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource
from f1timings.live.prediction.running_lap_reader import ReferenceBoards
from f1timings.live.views.board import BoardWatch
from f1timings.live.views.registration import RoomContents, register_views
from f1timings.live.views.rig_source import RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.packets import Header, build, encode
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate
from f1timings.store import Stamped

RIG = "10.0.0.5"
UID = 2**63 + 5


def _nothing(*_: object) -> NoReturn:
    raise NotImplementedError


class RigSetup:
    """A rig, the pipeline that receives its packets, and its views.

    Attributes:
        now: the server's clock, seconds since 1970; a rig's clock began at 1000.
        uid: of the session in its packets.
        outlines: the revisions of the outlines that are known, by circuit and format.
        people: whose names are known.
    """

    def __init__(
        self, packet_format: int = 2025, player: int = 0, boards: ReferenceBoards | None = None
    ) -> None:
        self.format = packet_format
        self.player = player
        self.now = 1000.0
        self.uid = UID
        self.outlines: dict[tuple[int | None, int], int] = {}
        self.people = KnownPeople()
        self.sessions = SessionWatch()
        self.pipeline = Pipeline(self._handle_events)
        self.hub = Hub(clock=lambda: self.now)
        sources = RigSources(
            self.pipeline,
            self.sessions,
            lambda rig: f"driver of {rig}",
            clock=lambda: self.now,
            outline_revision=lambda track_id, packet_format: self.outlines.get((track_id, packet_format)),
            people=lambda: self.people,
            boards=boards,
        )
        register_views(
            self.hub,
            sources,
            board=BoardWatch(_nothing),
            of_room=RoomContents(room=_nothing, stage=_nothing, screens=_nothing, slides=_nothing),
        )

    def _handle_events(self, entries: Sequence[Stamped]) -> None:
        self.sessions.handle_events(entry.event for entry in entries)

    def send(self, kind: str, at: float, **fields: Any) -> None:
        """Send one packet at a session time; it arrives at once."""
        year = self.format % 100 if self.format >= 2023 else 0
        frame = round(at * 60)
        header = Header(
            self.format,
            game_year=year,
            session_uid=self.uid,
            session_time=at,
            frame_identifier=frame,
            overall_frame_identifier=frame,
            player_car_index=self.player,
        )
        self.now = max(self.now, 1000.0 + at)
        self.receive(encode(build(self.format, kind, header, **fields)))

    def receive(self, data: bytes) -> None:
        """Feed one datagram to the pipeline."""
        self.pipeline.feed(data, RIG, 5000, 20777, self.now)

    def simulate(self, scenario: Scenario, until_s: float) -> None:
        """Feed what a simulated rig sends until a session time."""
        for at, _rig, data in simulate(scenario):
            if at > until_s:
                return
            self.now = 1000.0 + at
            self.receive(data)

    def follow(self, kind: str) -> Followed:
        """Follow a view from now on."""
        view = self.hub.kinds[kind]
        source = view.build_source(RIG if view.is_per_rig else "")
        source.start()
        return Followed(view.columns, source)


class Followed:
    """A view that a test follows, read as rows and facts.

    Attributes:
        columns: the names of its columns, without the id.
    """

    def __init__(self, columns: Columns, source: RowSource) -> None:
        self.columns = [column.name for column in columns]
        self._source = source

    def contents(self) -> Contents:
        contents = self._source.contents()
        assert contents is not None
        return contents

    @property
    def facts(self) -> dict[str, Any]:
        """The current facts."""
        return dict(self.contents().facts)

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """The current rows, values by column."""
        rows = self.contents().rows
        return {id_: dict(zip(self.columns, row, strict=True)) for id_, row in rows.items()}

    def frame(self) -> bytes | None:
        """The next binary frame."""
        assert self._source.frame is not None
        return self._source.frame(7, 3)

    def leave(self) -> None:
        self._source.stop()
