"""Which meeting a moment belongs to, and which names mean the same circuit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.meeting.circuits import circuit_key, known_circuits
from f1timings.meeting.meetings import meeting_at
from f1timings.meeting.people import MeetingPeriod

_EVENING = datetime(2026, 11, 22, 20, tzinfo=UTC)


def period(meeting: str, minute: int) -> MeetingPeriod:
    return MeetingPeriod(
        id=f"{meeting}{minute}", meeting_id=meeting, since=_EVENING + timedelta(minutes=minute)
    )


@pytest.mark.parametrize(
    ("minute", "meeting"),
    [(-600, "club"), (0, "club"), (9, "club"), (10, "league"), (19, "league"), (20, "club")],
)
def test_a_lap_belongs_to_the_meeting_that_was_open_when_it_began(minute: int, meeting: str) -> None:
    periods = [period("club", 20), period("league", 10), period("club", 0)]

    assert meeting == meeting_at(periods, _EVENING + timedelta(minutes=minute))


@given(st.lists(st.integers(0, 100), min_size=1, unique=True), st.integers(-10, 200))
def test_every_moment_belongs_to_one_meeting_whatever_the_order_of_the_periods(
    minutes: list[int], minute: int
) -> None:
    periods = [period(f"m{start}", start) for start in minutes]
    moment = _EVENING + timedelta(minutes=minute)

    assert meeting_at(periods, moment) == meeting_at(periods[::-1], moment)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Monza", " MONZA "),
        ("Spa", "Spa-Francorchamps"),
        ("Sakhir (Bahrain)", "bahrain"),
        ("Brazil", "Interlagos"),
        ("Portimão", "portimao"),
        ("Montreal", "Montréal"),
        ("Kart  hall", "kart hall"),
    ],
)
def test_common_names_of_one_circuit_mean_the_same_circuit(name: str, other: str) -> None:
    assert circuit_key(name) == circuit_key(other)


def test_every_circuit_of_the_games_is_a_circuit_of_its_own() -> None:
    names = known_circuits()

    assert len(names) == len({circuit_key(name) for name in names})
    assert {"Monza", "Madrid", "Hanoi"} < set(names)


def test_no_name_and_a_blank_name_mean_no_circuit() -> None:
    assert "" == circuit_key(None) == circuit_key("  ")
