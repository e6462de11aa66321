"""The order of packets by the game's own counters."""

from __future__ import annotations

from f1timings.packets import Header
from f1timings.timing.packet_order import PacketOrder, Verdict


def header(frame: int, *, overall: int = 0, time: float | None = None) -> Header:
    """A header as the timeline reads it; 60 frames a second unless said otherwise."""
    at = frame / 60 if time is None else time
    return Header(
        2025 if overall else 2022,
        packet_id=2,
        session_uid=99,
        session_time=at,
        frame_identifier=frame,
        overall_frame_identifier=overall,
    )


def verdicts(timeline: PacketOrder, *headers: Header) -> list[Verdict]:
    return [timeline.handle_lap_data(one) for one in headers]


def at(timeline: PacketOrder, last: int, *, overall: int = 0) -> PacketOrder:
    """A timeline that has seen frames up to ``last``."""
    for frame in range(last - 40, last + 1):
        timeline.handle_lap_data(header(frame, overall=frame + overall if overall else 0))
    return timeline


def test_frames_that_grow_are_new_and_the_same_frame_is_the_same() -> None:
    assert [Verdict.NEW, Verdict.NEW, Verdict.SAME] == verdicts(
        PacketOrder(), header(5), header(6), header(6)
    )


def test_a_straggler_is_late() -> None:
    assert Verdict.LATE is at(PacketOrder(), 6000).handle_lap_data(header(5990))


def test_stragglers_on_the_grid_begin_no_other_run() -> None:
    timeline = PacketOrder()
    for frame in (20, 24, 28):
        timeline.handle_lap_data(header(frame, overall=frame, time=0.0))
    late = [header(frame, overall=frame, time=0.0) for frame in (21, 22, 23, 25)]
    assert [Verdict.LATE] * 4 == verdicts(timeline, *late)


def test_the_overall_frame_shows_a_flashback_without_its_event() -> None:
    timeline = at(PacketOrder(), 6000, overall=100)
    assert Verdict.REWIND is timeline.handle_lap_data(header(5000, overall=6101))
    assert Verdict.NEW is timeline.handle_lap_data(header(5001, overall=6102))
    assert Verdict.LATE is timeline.handle_lap_data(header(5999, overall=6099))


def test_chained_flashbacks_are_each_a_rewind() -> None:
    timeline = at(PacketOrder(), 6000, overall=100)
    one = [header(5000, overall=6101), header(5060, overall=6161), header(4000, overall=6162)]
    assert [Verdict.REWIND, Verdict.NEW, Verdict.REWIND] == verdicts(timeline, *one)


def test_history_from_before_a_flashback_is_stale() -> None:
    timeline = at(PacketOrder(), 6000, overall=100)
    timeline.handle_lap_data(header(5000, overall=6101))
    assert timeline.is_stale(header(5999, overall=6099))
    assert not timeline.is_stale(header(5001, overall=6102))
    assert not timeline.is_stale(header(0))


def test_without_an_overall_frame_the_event_announces_the_rewind() -> None:
    timeline = at(PacketOrder(), 6000)
    timeline.handle_flashback(5000, header(6000))
    assert Verdict.REWIND is timeline.handle_lap_data(header(5000))
    assert Verdict.LATE is timeline.handle_lap_data(header(5999))
    assert Verdict.NEW is timeline.handle_lap_data(header(5001))


def test_without_event_and_overall_frame_a_lasting_earlier_time_is_a_rewind() -> None:
    timeline = at(PacketOrder(), 6000)
    back = [header(5000), header(5001), header(5002), header(5003)]
    assert [Verdict.LATE, Verdict.LATE, Verdict.REWIND, Verdict.NEW] == verdicts(timeline, *back)


def test_an_event_overtaken_by_its_flashback_rewinds_once() -> None:
    timeline = at(PacketOrder(), 6000)
    verdicts(timeline, header(5000), header(5001), header(5002))
    timeline.handle_flashback(5000, header(6000))
    assert Verdict.NEW is timeline.handle_lap_data(header(5003))
    assert Verdict.LATE is timeline.handle_lap_data(header(5001))


def test_a_frame_counter_that_starts_again_is_another_run() -> None:
    timeline = at(PacketOrder(), 6000)
    again = [header(1), header(2), header(3)]
    assert [Verdict.LATE, Verdict.LATE, Verdict.RESTART] == verdicts(timeline, *again)


def test_with_an_overall_frame_that_starts_again_it_is_another_run_too() -> None:
    timeline = at(PacketOrder(), 6000, overall=100)
    again = [header(frame, overall=frame, time=0.0) for frame in (1, 2, 3)]
    assert [Verdict.LATE, Verdict.LATE, Verdict.RESTART] == verdicts(timeline, *again)


def test_frame_0_after_the_end_counts_and_moves_nothing() -> None:
    timeline = at(PacketOrder(), 6000, overall=100)
    assert Verdict.NEW is timeline.handle_lap_data(header(0, time=100.0))
    assert Verdict.SAME is timeline.handle_lap_data(header(6000, overall=6100))


def test_frame_0_with_time_0_begins_nothing_by_itself() -> None:
    timeline = at(PacketOrder(), 6000)
    assert [Verdict.LATE] * 3 == verdicts(timeline, header(0), header(0), header(0))
    assert Verdict.NEW is timeline.handle_lap_data(header(6001))


def test_a_pause_of_minutes_changes_nothing() -> None:
    timeline = at(PacketOrder(), 6000)
    assert Verdict.NEW is timeline.handle_lap_data(header(6001))
