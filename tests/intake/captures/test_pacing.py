"""The pace of a replay depends only on the recorded times; no test sleeps."""

from __future__ import annotations

import pytest

from f1timings.errors import ConfigError
from f1timings.intake.captures.pacing import MAX_BURST, REST_S, Pacing

NOON = 1_750_000_000.0


def list_waits(pacing: Pacing, *recorded_s: float) -> list[float]:
    """Return the waits of a replay whose clock advances only by its waits."""
    elapsed_s = 0.0
    waits = []
    for recorded in recorded_s:
        wait_s = pacing.wait_s(NOON + recorded, elapsed_s)
        elapsed_s += wait_s
        waits.append(wait_s)
    return waits


def test_at_speed_one_the_gaps_are_as_recorded() -> None:
    assert pytest.approx(list_waits(Pacing(1.0), 0.0, 0.5, 0.75)) == [0.0, 0.5, 0.25]


def test_at_ten_times_the_speed_gaps_are_a_tenth() -> None:
    assert pytest.approx(list_waits(Pacing(10.0), 0.0, 0.5, 0.75)) == [0.0, 0.05, 0.025]


def test_at_half_the_speed_gaps_are_double() -> None:
    assert pytest.approx(list_waits(Pacing(0.5), 0.0, 0.5)) == [0.0, 1.0]


def test_at_full_speed_no_recorded_gap_is_waited_for() -> None:
    assert list_waits(Pacing(0.0), 0.0, 60.0, 3600.0) == [0.0, 0.0, 0.0]


def test_at_full_speed_a_rest_follows_each_burst() -> None:
    waits = list_waits(Pacing(0.0), *[0.0] * (MAX_BURST * 2 + 1))
    burst = [0.0] * (MAX_BURST - 1)
    assert [0.0, *burst, REST_S, *burst, REST_S] == waits


def test_a_rest_also_interrupts_a_recorded_burst() -> None:
    waits = list_waits(Pacing(1.0), *[0.0] * (MAX_BURST + 1))
    assert (sum(waits[:-1]), waits[-1]) == (0.0, REST_S)


def test_a_wait_counts_as_a_rest() -> None:
    recorded = [*[0.0] * MAX_BURST, *[1.0] * MAX_BURST]
    assert sum(list_waits(Pacing(1.0), *recorded)) == pytest.approx(1.0)


def test_a_gap_longer_than_the_limit_is_shortened() -> None:
    assert pytest.approx(list_waits(Pacing(1.0, 2.0), 0.0, 7200.0, 7200.5)) == [0.0, 2.0, 0.5]


def test_the_limit_of_a_gap_is_in_recorded_time() -> None:
    assert pytest.approx(list_waits(Pacing(4.0, 2.0), 0.0, 7200.0)) == [0.0, 0.5]


def test_after_the_clock_was_set_back_the_pace_continues_without_a_wait() -> None:
    assert pytest.approx(list_waits(Pacing(1.0), 0.0, -3600.0, -3599.5)) == [0.0, 0.0, 0.5]


def test_entries_slightly_out_of_order_do_not_make_the_replay_longer() -> None:
    recorded = [step * 0.1 - (0.05 if step % 2 else 0.0) for step in range(20)]
    swapped = [time for pair in zip(recorded[1::2], recorded[::2], strict=True) for time in pair]
    assert sum(list_waits(Pacing(1.0), *swapped)) <= recorded[-1] - recorded[0] + 0.05


def test_a_replay_that_is_late_catches_up() -> None:
    pacing = Pacing(1.0)
    pacing.wait_s(NOON, 0.0)
    assert pacing.wait_s(NOON + 1.0, 1.4) == 0.0
    assert pytest.approx(0.6) == pacing.wait_s(NOON + 2.0, 1.4)


@pytest.mark.parametrize("speed", [-1.0, 0.001, float("nan"), float("inf")])
def test_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(ConfigError, match=r"speed .*\. Use 1 for the recorded speed"):
        Pacing(speed)


@pytest.mark.parametrize("longest_gap_s", [-1.0, float("nan")])
def test_an_impossible_gap_limit_is_refused(longest_gap_s: float) -> None:
    with pytest.raises(ConfigError, match="Use 0 seconds or more"):
        Pacing(1.0, longest_gap_s)
