"""The order of packets by the game's own counters."""

from __future__ import annotations

from f1timings.packets import Header
from f1timings.timing.packet_order import PacketOrder, Verdict


def header(frame: int, *, overall: int = 0, time: float | None = None) -> Header:
    """A header with what the packet order reads; by default 60 frames a second."""
    at = frame / 60 if time is None else time
    return Header(
        2025 if overall else 2022,
        packet_id=2,
        session_uid=99,
        session_time=at,
        frame_identifier=frame,
        overall_frame_identifier=overall,
    )


def verdicts(order: PacketOrder, *headers: Header) -> list[Verdict]:
    return [order.handle_lap_data(header) for header in headers]


def at(order: PacketOrder, last: int, *, overall: int = 0) -> PacketOrder:
    """Handle 41 frames up to ``last``."""
    for frame in range(last - 40, last + 1):
        order.handle_lap_data(header(frame, overall=frame + overall if overall else 0))
    return order


def test_a_higher_frame_is_new_and_a_repeated_frame_is_the_same() -> None:
    assert [Verdict.NEW, Verdict.NEW, Verdict.SAME] == verdicts(
        PacketOrder(), header(5), header(6), header(6)
    )


def test_a_straggler_is_late() -> None:
    assert Verdict.LATE is at(PacketOrder(), 6000).handle_lap_data(header(5990))


def test_stragglers_on_the_grid_are_no_restart() -> None:
    order = PacketOrder()
    for frame in (20, 24, 28):
        order.handle_lap_data(header(frame, overall=frame, time=0.0))
    late = [header(frame, overall=frame, time=0.0) for frame in (21, 22, 23, 25)]
    assert [Verdict.LATE] * 4 == verdicts(order, *late)


def test_the_overall_frame_shows_a_flashback_without_its_event() -> None:
    order = at(PacketOrder(), 6000, overall=100)
    assert Verdict.REWIND is order.handle_lap_data(header(5000, overall=6101))
    assert Verdict.NEW is order.handle_lap_data(header(5001, overall=6102))
    assert Verdict.LATE is order.handle_lap_data(header(5999, overall=6099))


def test_each_of_two_flashbacks_in_a_row_is_a_rewind() -> None:
    order = at(PacketOrder(), 6000, overall=100)
    headers = [header(5000, overall=6101), header(5060, overall=6161), header(4000, overall=6162)]
    assert [Verdict.REWIND, Verdict.NEW, Verdict.REWIND] == verdicts(order, *headers)


def test_a_history_from_before_a_flashback_is_stale() -> None:
    order = at(PacketOrder(), 6000, overall=100)
    order.handle_lap_data(header(5000, overall=6101))
    assert order.is_stale(header(5999, overall=6099))
    assert not order.is_stale(header(5001, overall=6102))
    assert not order.is_stale(header(0))


def test_without_an_overall_frame_the_event_announces_the_rewind() -> None:
    order = at(PacketOrder(), 6000)
    order.handle_flashback(5000, header(6000))
    assert Verdict.REWIND is order.handle_lap_data(header(5000))
    assert Verdict.LATE is order.handle_lap_data(header(5999))
    assert Verdict.NEW is order.handle_lap_data(header(5001))


def test_without_event_and_overall_frame_a_run_of_earlier_packets_is_a_rewind() -> None:
    order = at(PacketOrder(), 6000)
    back = [header(5000), header(5001), header(5002), header(5003)]
    assert [Verdict.LATE, Verdict.LATE, Verdict.REWIND, Verdict.NEW] == verdicts(order, *back)


def test_an_event_that_arrives_after_its_flashback_rewinds_once() -> None:
    order = at(PacketOrder(), 6000)
    verdicts(order, header(5000), header(5001), header(5002))
    order.handle_flashback(5000, header(6000))
    assert Verdict.NEW is order.handle_lap_data(header(5003))
    assert Verdict.LATE is order.handle_lap_data(header(5001))


def test_a_frame_counter_that_restarts_is_another_run() -> None:
    order = at(PacketOrder(), 6000)
    again = [header(1), header(2), header(3)]
    assert [Verdict.LATE, Verdict.LATE, Verdict.RESTART] == verdicts(order, *again)


def test_an_overall_frame_that_restarts_is_another_run() -> None:
    order = at(PacketOrder(), 6000, overall=100)
    again = [header(frame, overall=frame, time=0.0) for frame in (1, 2, 3)]
    assert [Verdict.LATE, Verdict.LATE, Verdict.RESTART] == verdicts(order, *again)


def test_frame_0_after_the_end_is_new_and_does_not_become_the_newest() -> None:
    order = at(PacketOrder(), 6000, overall=100)
    assert Verdict.NEW is order.handle_lap_data(header(0, time=100.0))
    assert Verdict.SAME is order.handle_lap_data(header(6000, overall=6100))


def test_frame_0_with_time_0_is_no_restart() -> None:
    order = at(PacketOrder(), 6000)
    assert [Verdict.LATE] * 3 == verdicts(order, header(0), header(0), header(0))
    assert Verdict.NEW is order.handle_lap_data(header(6001))


def test_a_pause_of_minutes_changes_nothing() -> None:
    order = at(PacketOrder(), 6000)
    assert Verdict.NEW is order.handle_lap_data(header(6001))
