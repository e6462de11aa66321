"""A pipeline with the views of its rigs, fed by the simulator or by packets that a test makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from f1timings.live.fanout.hub import Hub
from f1timings.live.fanout.row_columns import Columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource
from f1timings.live.views.board import BoardWatch
from f1timings.live.views.registration import register_views
from f1timings.live.views.rig_source import RigSources
from f1timings.live.views.session_watch import SessionWatch
from f1timings.packets import Header, build, encode
from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, simulate
from f1timings.store import Stamped

RIG = "10.0.0.5"
UID = 2**63 + 5


def _no_board(_query: object) -> NoReturn:
    raise NotImplementedError


class Room:
    """One rig, what it sent, and its views.

    Attributes:
        now: the server's clock, seconds since 1970; a rig's clock began at 1000.
        uid: of the session in its packets.
    """

    def __init__(self, packet_format: int = 2025, player: int = 0) -> None:
        self.format = packet_format
        self.player = player
        self.now = 1000.0
        self.uid = UID
        self.sessions = SessionWatch()
        self.pipeline = Pipeline(self._keep)
        self.hub = Hub()
        sources = RigSources(
            self.pipeline, self.sessions, lambda rig: f"who sits at {rig}", clock=lambda: self.now
        )
        register_views(self.hub, sources, BoardWatch(_no_board))

    def _keep(self, entries: Sequence[Stamped]) -> None:
        self.sessions.handle_events(entry.event for entry in entries)

    def send(self, kind: str, at: float, **fields: Any) -> None:
        """One packet at a session time, which arrives at once."""
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
        self.hear(encode(build(self.format, kind, header, **fields)))

    def hear(self, data: bytes) -> None:
        """One datagram."""
        self.pipeline.feed(data, RIG, 5000, 20777, self.now)

    def simulate(self, scenario: Scenario, until_s: float) -> None:
        """What a simulated rig sends up to then."""
        for at, _rig, data in simulate(scenario):
            if at > until_s:
                return
            self.now = 1000.0 + at
            self.hear(data)

    def follow(self, kind: str) -> Watched:
        """Look at a view from now on."""
        made = self.hub.kinds[kind]
        source = made.build_source(RIG if made.is_per_rig else "")
        source.start()
        return Watched(made.columns, source)


class Watched:
    """A view that somebody looks at."""

    def __init__(self, columns: Columns, source: RowSource) -> None:
        self._names = [column.name for column in columns]
        self._source = source

    def contents(self) -> Contents:
        found = self._source.contents()
        assert found is not None
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """As they are now."""
        return dict(self.contents().facts)

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        """As they are now, values by column."""
        rows = self.contents().rows
        return {id_: dict(zip(self._names, row, strict=True)) for id_, row in rows.items()}

    def frame(self) -> bytes | None:
        """The next binary frame."""
        assert self._source.frame is not None
        return self._source.frame(7, 3)

    def leave(self) -> None:
        self._source.stop()
