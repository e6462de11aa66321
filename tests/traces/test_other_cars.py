"""In an online session every car has a trace, ten times a second, and one rig of a lobby is enough for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from f1timings.intake.datagrams import Datagram
from f1timings.packets import FORMATS, LATEST_FORMAT, identify, layout_of, read_header
from f1timings.simulator import Scenario, simulate
from f1timings.timing.events import SessionChanged
from f1timings.timing.records import Lap
from f1timings.traces.analysis.lap_line import line_of
from f1timings.traces.channels import MASTER
from f1timings.traces.other_cars import MOST_MOMENTS, OtherCars
from f1timings.traces.recorders import MOST_KEEPING_OTHERS, TraceRecorders
from f1timings.traces.trace import Trace
from tests.traces.analysis.test_analysis import length_of
from tests.traces.driven import ARRIVED, LISTEN_PORT, PORT, TRACK, blobs_of, drive, entries_of, traces_of
from tests.traces.test_recording import without
from tests.truth.comparing import address

# Of what depends on the rig's own car or on what people share.
HIDDEN = {"ers_pct", "ers_mode", *(f"tyre_wear_{wheel}_pct" for wheel in ("rl", "rr", "fl", "fr"))}


@lru_cache(maxsize=2)
def lobby(packet_format: int = 2025, *, rigs: int = 2, seed: int = 5, rate_hz: int = 20) -> list[Datagram]:
    """A lobby of three cars; the game drives those that no rig drives."""
    scenario = Scenario(
        "lobby", packet_format, laps=2, cars=3, rigs=rigs, seed=seed, rate_hz=rate_hz, track_id=TRACK
    )
    return [
        Datagram(ARRIVED + sent.at, address(sent.rig), PORT, LISTEN_PORT, sent.data)
        for sent in simulate(scenario)
    ]


def of_rigs(datagrams: Iterable[Datagram], *rigs: int) -> list[Datagram]:
    return [datagram for datagram in datagrams if datagram.address in {address(rig) for rig in rigs}]


def car_of(datagrams: list[Datagram], rig: int) -> int:
    """The car that a rig drives."""
    data = next(sent.data for sent in of_rigs(datagrams, rig) if identify(sent.data).kind == MASTER)
    return read_header(data, identify(data)).player_car_index


def timed_laps(datagrams: Iterable[Datagram]) -> dict[tuple[int, int], tuple[Lap, Trace]]:
    """The traces of timed laps by car and lap number; each lap has one."""
    found = [(lap, trace) for lap, trace in traces_of(datagrams) if lap.lap_time_ms is not None]
    by_lap = {(lap.car_index, lap.lap_number): (lap, trace) for lap, trace in found}
    assert len(found) == len(by_lap)
    return by_lap


def clock_by_distance(lap: Lap, trace: Trace, length_m: float) -> np.ndarray:
    return line_of(trace, length_m=length_m, lap_time_ms=lap.lap_time_ms).time_ms


@pytest.mark.parametrize("packet_format", FORMATS)
def test_a_lap_of_another_car_is_the_lap_that_its_own_rig_records(packet_format: int) -> None:
    datagrams = lobby(packet_format, rate_hz=60 if packet_format == LATEST_FORMAT else 20)
    own, seen = timed_laps(of_rigs(datagrams, 1)), timed_laps(of_rigs(datagrams, 0))
    people = {car_of(datagrams, rig) for rig in (0, 1)}
    assert {(car, number) for car in people for number in (1, 2)} == seen.keys()
    other, length_m = car_of(datagrams, 1), length_of(packet_format)
    for number in (1, 2):
        (lap, full), (_, received) = own[other, number], seen[other, number]
        assert lap.lap_time_ms is not None
        assert len(received) == pytest.approx(lap.lap_time_ms / 100, abs=3)
        assert len(full) > 1.9 * len(received)
        apart = clock_by_distance(lap, full, length_m) - clock_by_distance(lap, received, length_m)
        assert np.isfinite(apart[10:]).all()
        assert np.nanmax(np.abs(apart)) < 5.0
        assert set(full.numbers) - set(received.numbers) == HIDDEN & set(full.numbers)
        # A sample is exactly what was sent, so it equals the sample of the same moment at the full rate.
        times, all_times = received.values("time_ms"), full.values("time_ms")
        at = np.searchsorted(all_times, times)
        assert (all_times[at] == times).all()
        for name in received.numbers:
            np.testing.assert_array_equal(received.values(name), full.values(name)[at], name)


def test_of_all_rigs_in_a_lobby_one_keeps_a_lap_and_each_its_own() -> None:
    traced = [lap for lap, _ in blobs_of(lobby(rigs=3))]
    own = {address(rig): {lap.car_index for lap in traced if lap.rig == address(rig)} for rig in range(3)}
    assert all(car in own[address(car)] for car in range(3))
    laps = [(lap.car_index, lap.lap_number) for lap in traced]
    # At the most the lap was received by another rig before its own rig finished it.
    assert {(car, number) for car in range(3) for number in (1, 2)} == set(laps)
    assert len(laps) <= 2 * len(set(laps))


def test_a_replay_gives_the_same_bytes() -> None:
    datagrams = of_rigs(lobby(), 0)
    assert blobs_of(datagrams) == blobs_of(datagrams)


def test_what_is_lost_is_a_gap() -> None:
    datagrams = of_rigs(lobby(), 0)
    complete = timed_laps(datagrams)[1, 2][1]
    without_motion = timed_laps(without(datagrams, "motion"))[1, 2][1]
    assert "x_m" in complete.numbers
    assert "x_m" not in without_motion.numbers
    assert len(complete) == len(without_motion)
    # The shown speed is rounded down.
    apart = complete.values("speed_kmh") - without_motion.values("speed_kmh")
    assert (np.abs(apart) < 2.0).all()


def test_a_lap_that_was_joined_late_has_no_trace_for_other_cars() -> None:
    datagrams = of_rigs(lobby(), 0)
    assert {(0, 1), (0, 2), (1, 1), (1, 2)} == timed_laps(datagrams).keys()
    late = timed_laps(datagrams[len(datagrams) // 5 :])
    assert {(0, 1), (0, 2), (1, 2)} == late.keys()


def test_offline_only_the_own_car_is_recorded() -> None:
    laps = [lap for lap, _ in traces_of(drive(2025, "race", laps=1, cars=4, rate_hz=20).datagrams)]
    assert 1 == len({lap.car_index for lap in laps})


def lap_data_at(time_s: float, datagram: Datagram) -> tuple[bytes, object]:
    header = read_header(datagram.data, identify(datagram.data))
    return datagram.data, header._replace(session_time=time_s)


def test_the_memory_is_bounded_and_a_session_that_goes_back_drops_what_came_after() -> None:
    first = next(d for d in lobby() if identify(d.data).kind == MASTER)
    others = OtherCars(2025)
    for moment in range(MOST_MOMENTS + 50):
        others.handle_lap_data(*lap_data_at(moment * 0.1, first))  # type: ignore[arg-type]
    assert MOST_MOMENTS == len(others)
    others.handle_lap_data(*lap_data_at(MOST_MOMENTS * 0.1 + 4.96, first))  # type: ignore[arg-type]
    assert MOST_MOMENTS == len(others)
    others.handle_lap_data(*lap_data_at(205.05, first))  # type: ignore[arg-type]
    assert MOST_MOMENTS - 1_000 + 1 == len(others)


def test_a_rig_that_drives_no_more_gives_up_its_place() -> None:
    entries = entries_of(of_rigs(lobby(), 0))
    events = [entry.event for entry in entries]
    *_, session = (event.session for event in events if isinstance(event, SessionChanged))
    assert session.is_online
    recorders = TraceRecorders()
    for rig in range(MOST_KEEPING_OTHERS + 2):
        recorders.begin(str(rig), 2025)
        recorders.follow(str(rig), session, 1_000.0 + rig)
    keeping = [rig for rig, recorder in recorders.items() if recorder.keeps_others]
    assert [str(rig) for rig in range(MOST_KEEPING_OTHERS)] == keeping
    recorders.follow("0", session, 1_500.0)
    recorders.follow("9", session, 1_700.0)
    keeping = [rig for rig, recorder in recorders.items() if recorder.keeps_others]
    assert ["0", "2", "3", "4", "5", "6", "7", "9"] == keeping
    # A rig with an offline session gives its place up, too.
    recorders.follow("9", replace(session, is_online=False), 1_701.0)
    assert not recorders["9"].keeps_others


@pytest.mark.parametrize("packet_format", FORMATS)
def test_any_bytes_give_a_trace_or_none(packet_format: int) -> None:
    """Cars that send nonsense cost no lap and raise nothing."""
    datagrams = of_rigs(lobby(packet_format), 0)
    rng = np.random.default_rng(packet_format)
    others = OtherCars(packet_format)
    lap, _ = timed_laps(datagrams)[car_of(lobby(packet_format), 1), 1]
    size = layout_of(packet_format, MASTER).header.size
    for datagram in datagrams[:4_000]:
        layout = identify(datagram.data)
        header = read_header(datagram.data, layout)
        noise = rng.integers(0, 256, len(datagram.data) - size, np.uint8).tobytes()
        if layout.kind == MASTER:
            others.handle_lap_data(datagram.data, header)
        else:
            others.add(datagram.data[:size] + noise, layout.kind)
    trace = others.take(lap)
    assert trace is None or trace.blob()
