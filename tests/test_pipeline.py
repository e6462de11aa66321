"""The pipeline turns the bytes of datagrams into events for the store."""

from __future__ import annotations

from collections.abc import Sequence

from f1timings.packets import Header, build, encode
from f1timings.pipeline import Pipeline
from f1timings.rigs.registry import RigSeen
from f1timings.store import Stamped
from f1timings.timing.events import LapRecorded
from tests.timing.one_game import Game


class Sink:
    """Collects the events for the store."""

    def __init__(self) -> None:
        self.entries: list[Stamped] = []

    def __call__(self, entries: Sequence[Stamped]) -> None:
        self.entries += entries

    @property
    def rigs(self) -> list[str]:
        return [entry.event.key for entry in self.entries if isinstance(entry.event, RigSeen)]


def packet(uid: int, frame: int = 100, kind: str = "motion") -> bytes:
    header = Header(
        2025,
        game_year=25,
        session_uid=uid,
        session_time=1.0,
        frame_identifier=frame,
        overall_frame_identifier=frame,
    )
    return encode(build(2025, kind, header))


def test_bytes_that_are_no_packet_are_counted_by_reason_and_create_no_rig() -> None:
    sink = Sink()
    pipeline = Pipeline(sink)
    for data in (b"", b"hello there, this is no packet at all", packet(1)[:-1]):
        pipeline.feed(data, "10.0.0.9", 5, 20777, 1.0)
    assert {} == pipeline.rigs
    assert {"too_short": 1, "unknown_format": 1, "wrong_size": 1} == pipeline.strays["10.0.0.9"]


def test_bad_bytes_from_a_known_rig_are_counted_for_that_rig() -> None:
    pipeline = Pipeline(Sink())
    pipeline.feed(packet(1), "10.0.0.5", 5, 20777, 1.0)
    pipeline.feed(b"nonsense", "10.0.0.5", 5, 20777, 1.1)
    rig = pipeline.rigs["10.0.0.5"]
    assert (2, {"motion": 1}, {"unknown_format": 1}) == (rig.datagrams, rig.packets, rig.rejected)


def test_the_number_of_counted_stray_addresses_is_limited() -> None:
    pipeline = Pipeline(Sink())
    for number in range(1000):
        pipeline.feed(b"x", f"10.0.{number // 250}.{number % 250}", 5, 20777, 1.0)
    assert 257 == len(pipeline.strays)


def test_datagrams_from_a_new_port_are_timed_when_the_old_port_stays_silent() -> None:
    sink = Sink()
    pipeline = Pipeline(sink)
    pipeline.feed(packet(1), "10.0.0.5", 1, 20777, 1.0)
    pipeline.feed(packet(2), "10.0.0.5", 2, 20777, 1.5)
    assert 1 == pipeline.rigs["10.0.0.5"].datagrams
    pipeline.tick(3.6)
    assert 2 == pipeline.rigs["10.0.0.5"].datagrams
    assert ["10.0.0.5"] == list(pipeline.rigs)


def test_a_rig_is_announced_once_and_again_when_its_format_changes() -> None:
    sink = Sink()
    pipeline = Pipeline(sink)
    for frame in (1, 2, 3):
        pipeline.feed(packet(1, frame), "10.0.0.5", 1, 20777, 1.0)
    assert ["10.0.0.5"] == sink.rigs
    older = Header(
        2024,
        game_year=24,
        session_uid=1,
        session_time=1.0,
        frame_identifier=4,
        overall_frame_identifier=4,
    )
    pipeline.feed(encode(build(2024, "motion", older)), "10.0.0.5", 1, 20777, 1.0)
    assert ["10.0.0.5", "10.0.0.5"] == sink.rigs


def test_each_rig_has_the_order_of_its_own_session() -> None:
    pipeline = Pipeline(Sink())
    for uid, address in ((1, "10.0.0.5"), (2, "10.0.0.6")):
        pipeline.feed(packet(uid, kind="lap_data"), address, 1, 20777, 1.0)
    orders = [pipeline.order(rig) for rig in ("10.0.0.5", "10.0.0.6", "10.0.0.7")]
    assert ["10.0.0.5~1~0", "10.0.0.6~2~0", None] == [order and order.session_id for order in orders]


def test_a_step_of_server_time_silences_no_rig_and_settles_no_port() -> None:
    pipeline = Pipeline(Sink())
    pipeline.feed(packet(1), "10.0.0.5", 5, 20777, 1000.0)
    pipeline.feed(packet(2), "10.0.0.5", 6, 20777, 1000.2)  # a second rig, or the first with a new port
    pipeline.follow_step(3600.0)
    pipeline.tick(4600.3)
    (rig,) = pipeline.rigs.values()
    assert rig.is_live(4600.3)
    assert not rig.is_live(4603.0)
    pipeline.feed(packet(1, frame=160), "10.0.0.5", 5, 20777, 4601.0)
    pipeline.feed(packet(2, frame=160), "10.0.0.5", 6, 20777, 4601.1)
    assert 2 == len(pipeline.rigs)


def test_datagrams_that_are_held_during_a_step_of_server_time_are_not_lost() -> None:
    pipeline = Pipeline(Sink())
    pipeline.feed(packet(1, kind="lap_data"), "10.0.0.5", 5, 20777, 1000.0)
    for frame in range(101, 111):
        pipeline.feed(packet(2, frame=frame, kind="lap_data"), "10.0.0.5", 6, 20777, 1000.0 + frame / 1e3)
    pipeline.follow_step(3600.0)
    pipeline.tick(4603.0)
    (rig,) = pipeline.rigs.values()
    assert (11, {}) == (rig.datagrams, rig.rejected)


class PipelineGame(Game):
    """A game that sends to a pipeline; server time begins 1,000 s ahead of the session clock."""

    def __init__(self) -> None:
        super().__init__(2025)
        self.sink = Sink()
        self.pipeline = Pipeline(self.sink)
        self.ahead_s = 1_000.0

    def feed(self, data: bytes) -> None:
        self.pipeline.feed(data, "10.0.0.5", 5, 20777, self.now + self.ahead_s)

    def step(self, step_s: float) -> None:
        self.ahead_s += step_s
        self.pipeline.follow_step(step_s)


def test_a_lap_in_a_gap_with_a_step_of_server_time_began_before_the_step_or_after_it() -> None:
    game = PipelineGame()
    game.session()
    game.whole_lap(1, 90_000)
    game.drive(2, 6, last=90_000)
    game.now += 190.0
    game.step(3_600.0)
    game.drive(4, 10_006, last=90_000)
    game.history(0, 90_000, 90_000, 90_000, 0)
    (lap,) = (
        entry
        for entry in game.sink.entries
        if isinstance(entry.event, LapRecorded) and entry.event.lap.lap_number == 3
    )
    after, before = lap.began_between or (None, 0.0)
    assert (1_180, 4_780) == (round(after or 0.0), round(before))
