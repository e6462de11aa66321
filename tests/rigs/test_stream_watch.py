"""The rate of a stream, and its losses."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from f1timings.rigs.stream_watch import WINDOW_S, StreamWatch


def watch_stream(frames: Iterable[int], *, per_second: int, seconds: float = 4.0) -> StreamWatch:
    """A watch after some seconds of a stream with one datagram for each frame."""
    watch = StreamWatch()
    remaining = iter(frames)
    watch.handle_frame(next(remaining))
    arrived, now = 1, 0.0
    watch.sample(now, arrived)
    while now < seconds:
        for _ in range(per_second // 2):
            watch.handle_frame(next(remaining))
            arrived += 1
        now += 0.5
        watch.sample(now, arrived)
    return watch


def lose_every(number: int, frames: Iterable[int]) -> Iterable[int]:
    """The frames without every ``number``-th frame."""
    return (frame for count, frame in enumerate(frames, 1) if count % number)


@pytest.mark.parametrize("step", [1, 2, 3, 6])
def test_a_complete_stream_has_no_losses_at_any_send_rate(step: int) -> None:
    watch = watch_stream(range(1000, 9000, step), per_second=60 // step)
    assert (60 // step, 60 // step, 0.0) == (
        watch.datagrams_per_s,
        watch.updates_per_s,
        watch.lost_pct,
    )


def test_losses_are_counted_over_the_whole_evening_each_once() -> None:
    complete = watch_stream(range(1000, 9000), per_second=60, seconds=61.0)
    assert 0 == complete.lost_updates
    losing = watch_stream(lose_every(20, range(1000, 9000)), per_second=60, seconds=61.0)
    assert losing.lost_updates == pytest.approx(60 * 60 / 19, abs=12)


@pytest.mark.parametrize("step", [1, 3])
def test_missing_frames_are_losses(step: int) -> None:
    watch = watch_stream(lose_every(20, range(1000, 9000, step)), per_second=60 // step)
    assert watch.lost_pct == pytest.approx(5.0, abs=0.7)


def test_a_send_rate_out_of_phase_with_the_frames_is_no_loss() -> None:
    frames = (frame for frame in range(1000, 9000) if frame % 3)
    assert 0.0 == watch_stream(frames, per_second=60).lost_pct


def test_datagrams_that_overtake_each_other_are_not_lost() -> None:
    frames = [frame + (1 if frame % 2 == 0 else -1) for frame in range(1000, 9000)]
    assert 0.0 == watch_stream(frames, per_second=60).lost_pct


def test_neither_a_flashback_nor_a_packet_without_a_frame_is_a_loss() -> None:
    frames = [*range(5000, 5060), *range(3000, 3060), 0, *range(3060, 9000)]
    assert 0.0 == watch_stream(frames, per_second=60).lost_pct


def test_before_the_second_sample_nothing_is_known() -> None:
    watch = StreamWatch()
    watch.sample(0.0, 10)
    assert (None, None, None) == (watch.datagrams_per_s, watch.updates_per_s, watch.lost_pct)


def test_a_silent_stream_has_rate_zero_and_a_clock_that_is_set_back_starts_again() -> None:
    watch = watch_stream(range(1000, 9000), per_second=60)
    for tick in range(1, 13):
        watch.sample(4.0 + tick / 2, 241)
    assert (0.0, 0.0, None) == (watch.datagrams_per_s, watch.updates_per_s, watch.lost_pct)
    watch.sample(-3600.0, 241)
    assert watch.datagrams_per_s is None


def test_a_call_for_every_datagram_gives_only_a_few_samples() -> None:
    watch = StreamWatch()
    for count in range(6_000):
        watch.handle_frame(count)
        watch.sample(1_000.0 + count / 600, count)

    # Ten seconds at 600 datagrams a second: the rate is right, and the number of samples is bounded.
    assert watch.datagrams_per_s == pytest.approx(600, rel=0.01)
    assert len(watch._samples) <= 4 * WINDOW_S + 1
