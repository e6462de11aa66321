"""The circumstances of a lap: assists and weather, from the packets of every format."""

from __future__ import annotations

from typing import Any

import pytest

from f1timings.packets import FORMATS, decode, identify
from f1timings.timing.circumstances import Circumstances
from f1timings.timing.records import Lap
from f1timings.timing.session_packets import player_of
from tests.golden.test_real_packets import payloads
from tests.shared import REAL_PACKETS, needs_shared
from tests.timing.one_game import Game

OFF = {"gearbox_assist": 1}


class Rig(Game):
    """A game whose session packets have assists and weather."""

    def set(self, **fields: Any) -> None:
        """Send a session packet, a car status (which opens no session), and the session packet again."""
        electronics = {name: fields.pop(name, 0) for name in ("traction_control", "anti_lock_brakes")}
        known = OFF if self.format > 2020 else {}
        kind = 10 if self.format < 2024 else 15
        self.session(kind, **(known | fields))
        self.send("car_status", cars={self.player: electronics})
        self.session(kind, **(known | fields))

    def drive_lap(self, lap: int, *, car: int = 0) -> None:
        self.whole_lap(lap, 90_000, last=90_000 if lap > 1 else 0, car=car)

    def lap(self, number: int, car: int = 0, branch: int = 0) -> Lap:
        (wanted,) = (
            lap
            for lap in self.laps.values()
            if (lap.lap_number, lap.car_index, lap.branch) == (number, car, branch)
        )
        return wanted


@pytest.mark.parametrize("year", FORMATS)
def test_a_lap_without_assists_has_none_where_the_game_gives_them(year: int) -> None:
    rig = Rig(year)
    rig.set(weather=1)
    rig.drive_lap(1)
    rig.drive(2, 5, last=90_000)
    expected = None if year == 2020 else "none"
    assert (expected, "light cloud") == (rig.lap(1).assists, rig.lap(1).weather)


def test_assists_are_sorted_words() -> None:
    rig = Rig()
    rig.set(gearbox_assist=3, dynamic_racing_line=2, traction_control=2, anti_lock_brakes=1)
    rig.drive_lap(1)
    rig.drive(2, 5, last=90_000)
    assert "abs,auto_gears,racing_line,tc_full" == rig.lap(1).assists


def test_an_assist_that_was_on_for_a_moment_counts_for_its_lap_only() -> None:
    rig = Rig()
    rig.set()
    rig.drive_lap(1)
    rig.drive(2, 5, last=90_000)
    rig.now += 10
    rig.set(traction_control=1, braking_assist=3)
    rig.now += 1
    rig.set(braking_assist=1)
    rig.now += 1
    rig.set()
    rig.now -= 12
    rig.drive_lap(2)
    rig.drive(3, 5, last=90_000 + 1)
    rig.drive_lap(3)
    rig.drive(4, 5, last=90_000)
    assert ["none", "braking_high,tc_medium", "none"] == [rig.lap(number).assists for number in (1, 2, 3)]


def test_weather_that_changes_in_a_lap_is_mixed_for_that_lap_only() -> None:
    rig = Rig()
    rig.set(weather=0)
    rig.drive_lap(1)
    rig.drive(2, 5, last=90_000)
    rig.now += 1
    rig.set(weather=3)
    rig.drive_lap(2)
    rig.drive(3, 5, last=90_000 + 1)
    rig.drive_lap(3)
    rig.drive(4, 5, last=90_000)
    assert ["clear", "mixed", "light rain"] == [rig.lap(number).weather for number in (1, 2, 3)]


def test_only_the_assists_of_the_rig_s_own_car_are_known() -> None:
    rig = Rig()
    rig.set(traction_control=2)
    rig.drive_lap(1, car=3)
    rig.drive(2, 5, last=90_000, car=3)
    assert (None, "clear") == (rig.lap(1, car=3).assists, rig.lap(1, car=3).weather)


@pytest.mark.parametrize("fields", [{"gearbox_assist": 0}, {"is_spectating": 1}])
def test_assists_are_unknown_where_the_game_does_not_give_them(fields: dict[str, int]) -> None:
    rig = Rig()
    rig.set(**fields)
    rig.drive_lap(1)
    rig.drive(2, 5, last=90_000)
    assert rig.lap(1).assists is None


def test_a_lap_whose_start_was_not_received_has_unknown_circumstances() -> None:
    rig = Rig()
    rig.set()
    rig.now = 40.0
    rig.drive(1, 40_000, sectors=(30_000, 0))
    rig.now = 90.0
    rig.drive(2, 5, last=90_000)
    rig.history(0, 90_000, 0)
    assert (90_000, None, None) == (rig.lap(1).lap_time_ms, rig.lap(1).assists, rig.lap(1).weather)


def test_after_a_flashback_a_lap_has_its_circumstances_from_before_too() -> None:
    rig = Rig(2022)
    rig.set(anti_lock_brakes=1)
    rig.drive_lap(1)
    rig.drive(2, 5, last=90_000)
    rig.now = 70.0
    for _ in range(4):
        rig.now += 1 / 60
        rig.drive(1, round(rig.now * 1000), sectors=(30_000, 30_000))
    rig.set()
    rig.now = 91.0
    rig.drive(2, 5, last=91_000)
    assert [90_000, 91_000] == [rig.lap(1, branch=branch).lap_time_ms for branch in (0, 1)]
    assert ["abs", "abs"] == [rig.lap(1, branch=branch).assists for branch in (0, 1)]


def test_equal_performance_is_a_fact_of_the_session_since_2024() -> None:
    for year, expected in ((2023, None), (2024, True), (2026, True)):
        rig = Rig(year)
        rig.set(**({"equal_car_performance": 1} if year >= 2024 else {}))
        (session,) = rig.sessions.values()
        assert expected == session.equal_performance


REAL = {
    "f1-game-library-models-format2025": "pit,racing_line_corners",
    "f1-game-packet-parser-format2022": "drs,racing_line,tc_full",
    "f1-game-packet-parser-format2023": "racing_line",
    "f1-game-packet-parser-format2024": None,
    "f1-telemetry-rs-format2020": None,
    "f1-telemetry-rs-format2021": "abs,auto_gears,pit,pit_release,racing_line_corners,tc_medium",
    "f1-telemetry-rs-format2022": "abs,drs,ers,tc_medium",
    "gamesdat-emit2023-format2023": "pit,pit_release,racing_line_corners",
    "pits-n-giggles-payloads-format2026": "abs,tc_full",
    "telemetry-f1-2021-format2021": (
        "abs,auto_gears,braking_high,drs,ers,pit,pit_release,racing_line,steering,tc_full"
    ),
}


@needs_shared
@pytest.mark.parametrize("name", REAL)
def test_assists_in_real_packets(name: str) -> None:
    datagrams = payloads(REAL_PACKETS / f"{name}.pcap")
    newest = {identify(data).kind: data for data in reversed(datagrams)}
    packet = decode(newest["session"])
    own_car = player_of(packet.header)
    assert own_car is not None
    circumstances = Circumstances(packet.layout.packet_format)
    circumstances.handle_session_packet(packet, own_car)
    assert circumstances.combine(newest["car_status"])
    assert REAL[name] == circumstances.now(own_car).assists
    assert circumstances.now(own_car).weather is not None
