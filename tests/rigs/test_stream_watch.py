"""How fast and how whole a stream comes in."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from f1timings.rigs.stream_watch import WINDOW_S, StreamWatch


def watched(frames: Iterable[int], *, a_second: int, seconds: float = 4.0) -> StreamWatch:
    """A watch on a stream of one datagram a frame, so many of them a second."""
    watch = StreamWatch()
    coming = iter(frames)
    watch.note(next(coming))
    came, now = 1, 0.0
    watch.sample(now, came)
    while now < seconds:
        for _ in range(a_second // 2):
            watch.note(next(coming))
            came += 1
        now += 0.5
        watch.sample(now, came)
    return watch


def without(frames: Iterable[int], lost: int) -> Iterable[int]:
    """Every so manieth frame did not come."""
    return (frame for number, frame in enumerate(frames, 1) if number % lost)


@pytest.mark.parametrize("step", [1, 2, 3, 6])
def test_a_whole_stream_has_lost_nothing_at_any_send_rate(step: int) -> None:
    watch = watched(range(1000, 9000, step), a_second=60 // step)
    assert (60 // step, 60 // step, 0.0) == (
        watch.datagrams_per_s,
        watch.updates_per_s,
        watch.lost_pct,
    )


@pytest.mark.parametrize("step", [1, 3])
def test_what_is_missing_between_the_frames_is_lost(step: int) -> None:
    watch = watched(without(range(1000, 9000, step), 20), a_second=60 // step)
    assert watch.lost_pct == pytest.approx(5.0, abs=0.7)


def test_sending_out_of_step_with_the_frames_is_no_loss() -> None:
    frames = (frame for frame in range(1000, 9000) if frame % 3)
    assert 0.0 == watched(frames, a_second=60).lost_pct


def test_datagrams_that_overtake_each_other_are_not_lost() -> None:
    frames = [frame + (1 if frame % 2 == 0 else -1) for frame in range(1000, 9000)]
    assert 0.0 == watched(frames, a_second=60).lost_pct


def test_neither_a_flashback_nor_a_packet_without_a_frame_is_a_loss() -> None:
    frames = [*range(5000, 5060), *range(3000, 3060), 0, *range(3060, 9000)]
    assert 0.0 == watched(frames, a_second=60).lost_pct


def test_before_it_was_looked_at_twice_nothing_is_known() -> None:
    watch = StreamWatch()
    watch.sample(0.0, 10)
    assert (None, None, None) == (watch.datagrams_per_s, watch.updates_per_s, watch.lost_pct)


def test_a_silent_stream_has_the_rate_zero_and_a_clock_set_back_begins_anew() -> None:
    watch = watched(range(1000, 9000), a_second=60)
    for tick in range(1, 13):
        watch.sample(4.0 + tick / 2, 241)
    assert (0.0, 0.0, None) == (watch.datagrams_per_s, watch.updates_per_s, watch.lost_pct)
    watch.sample(-3600.0, 241)
    assert watch.datagrams_per_s is None


def test_asked_with_every_datagram_it_keeps_no_more_than_a_few_samples() -> None:
    watch = StreamWatch()
    for count in range(6_000):
        watch.note(count)
        watch.sample(1_000.0 + count / 600, count)

    # Ten seconds at 600 datagrams a second: the rate is right, and looking costs the same as ever.
    assert watch.datagrams_per_s == pytest.approx(600, rel=0.01)
    assert len(watch._samples) <= 4 * WINDOW_S + 1
