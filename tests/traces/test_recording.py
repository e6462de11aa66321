"""A trace has what the rig's own car did: through flashbacks, losses and hostile values."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from f1timings.intake.datagrams import Datagram
from f1timings.packets import FORMATS, identify, layout_of, read_header
from f1timings.rigs.admission import MOST_RIGS
from f1timings.traces import recorder
from f1timings.traces.blobs import decode
from f1timings.traces.channels import BY_NAME, CHANNELS, FIELDS, MASTER
from f1timings.traces.trace import Trace
from tests.traces.driven import RIG, blobs_of, drive, entries_of, traces_of

FRAME_MS = 1000 / 60
WHEELS = ("rl", "rr", "fl", "fr")


def kind_of(datagram: Datagram) -> str:
    return identify(datagram.data).kind


def without(datagrams: list[Datagram], *kinds: str) -> list[Datagram]:
    return [datagram for datagram in datagrams if kind_of(datagram) not in kinds]


def differences(trace: Trace, frames: list[Any], lap: int) -> np.ndarray[Any, Any]:
    """The relative error of the speed of each sample against the truth at its distance."""
    true = [frame for frame in frames if frame.lap == lap and frame.distance_m > 0]
    distance, speed = trace.values("distance_m"), trace.values("speed_kmh")
    known = np.isfinite(distance) & np.isfinite(speed) & (distance > 1)
    truth = np.interp(
        distance[known], [frame.distance_m for frame in true], [frame.speed_kmh for frame in true]
    )
    errors: np.ndarray[Any, Any] = np.abs(speed[known] - truth) / np.maximum(truth, 20.0)
    return errors


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_speed_profile_is_recovered_in_every_format(packet_format: int) -> None:
    driven = drive(packet_format)
    traces = traces_of(driven.datagrams)
    timed = [(lap, trace) for lap, trace in traces if lap.lap_time_ms is not None]
    assert [1, 2] == [lap.lap_number for lap, _ in timed]
    for lap, trace in timed:
        assert lap.lap_time_ms is not None
        assert differences(trace, driven.frames, lap.lap_number).max() < 0.005
        assert len(trace) == pytest.approx(lap.lap_time_ms / FRAME_MS, abs=2)
        times = trace.values("time_ms")
        assert (np.diff(times) > 0).all()
        assert times[0] <= FRAME_MS + 1
        assert lap.lap_time_ms - times[-1] <= FRAME_MS + 1


@pytest.mark.parametrize("packet_format", FORMATS)
def test_every_channel_that_a_format_has_is_recorded(packet_format: int) -> None:
    _, trace = traces_of(drive(packet_format).datagrams)[0]
    missing = {"drs"} if packet_format == 2026 else {"aero"}
    assert {channel.name for channel in CHANNELS} - missing == set(trace.numbers)
    assert {} == trace.gaps


def test_a_trace_belongs_to_the_own_car_only() -> None:
    entries = [
        entry
        for entry in entries_of(drive(2025, "race", laps=1, cars=4, rate_hz=20).datagrams)
        if entry.trace
    ]
    assert {entry.event.lap.car_index for entry in entries} == {  # type: ignore[union-attr]
        read_header(
            *_with_layout(drive(2025, "race", laps=1, cars=4, rate_hz=20).datagrams[-1])
        ).player_car_index
    }


def _with_layout(datagram: Datagram) -> tuple[bytes, Any]:
    return datagram.data, identify(datagram.data)


@pytest.mark.parametrize("packet_format", [2020, 2022, 2025])
@pytest.mark.parametrize("seed", [1, 5])
def test_a_flashback_cuts_the_trace(packet_format: int, seed: int) -> None:
    driven = drive(packet_format, "race", cars=2, laps=3, flashbacks=3, seed=seed, rate_hz=30)
    frames = _as_driven_in_the_end(driven.frames)
    assert len(frames) < len(driven.frames) - 60
    newest = {lap.lap_number: (lap, trace) for lap, trace in traces_of(driven.datagrams)}
    assert {1, 2, 3} <= newest.keys()
    for lap, trace in newest.values():
        times, distance = trace.values("time_ms"), trace.values("distance_m")
        assert (np.diff(times) > 0).all()
        assert (np.diff(distance) >= -0.011).all()
        assert np.diff(times).max() <= 3 * FRAME_MS
        # The truth jumps where the driven time of a sector begins to be another.
        assert (differences(trace, frames, lap.lap_number) > 0.005).sum() <= 5


def test_a_lap_that_a_flashback_undid_keeps_its_trace() -> None:
    found = [
        lap.id
        for seed in range(1, 6)
        for lap, _ in traces_of(
            drive(2025, "race", cars=2, laps=3, flashbacks=3, seed=seed, rate_hz=20).datagrams
        )
    ]
    assert any(id_.endswith("~1") for id_ in found)
    assert len(found) == len(set(found))


def _as_driven_in_the_end(frames: list[Any]) -> list[Any]:
    """The frames without those that a flashback undid."""
    kept: list[Any] = []
    for frame in frames:
        while kept and (kept[-1].lap, kept[-1].distance_m) > (frame.lap, frame.distance_m + 0.001):
            kept.pop()
        kept.append(frame)
    return kept


@pytest.mark.parametrize("packet_format", [2022, 2025])
def test_what_is_lost_is_a_gap_and_the_rest_is_right(packet_format: int) -> None:
    driven, rng = drive(packet_format), random.Random(3)
    received = [datagram for datagram in driven.datagrams if rng.random() > 0.05]
    for lap, trace in traces_of(received):
        assert lap.lap_time_ms is None or len(trace) < 0.97 * lap.lap_time_ms / FRAME_MS
        assert 0.02 < trace.gaps["x_m"].mean() < 0.1
        assert differences(trace, driven.frames, lap.lap_number).max() < 0.01
        assert np.isnan(trace.values("throttle_pct")[trace.gaps["throttle_pct"]]).all()


@pytest.mark.parametrize("packet_format", FORMATS)
def test_without_motion_the_shown_speed_is_recorded(packet_format: int) -> None:
    _, trace = traces_of(without(drive(packet_format).datagrams, "motion"))[0]
    assert {"x_m", "y_m", "z_m", "g_lateral"}.isdisjoint(trace.numbers)
    speed = trace.values("speed_kmh")
    assert (speed == np.rint(speed)).all()


def test_without_telemetry_the_speed_comes_from_the_motion() -> None:
    driven = drive(2025)
    lap, trace = traces_of(without(driven.datagrams, "car_telemetry", "car_damage"))[0]
    assert {"throttle_pct", "gear", "drs", "tyre_wear_rl_pct"}.isdisjoint(trace.numbers)
    assert differences(trace, driven.frames, lap.lap_number).max() < 0.005
    assert np.isnan(trace.values("throttle_pct")).all()


def test_a_lap_that_was_joined_late_has_the_rest() -> None:
    datagrams = drive(2025).datagrams
    whole = traces_of(datagrams)[0][1]
    late = traces_of(datagrams[len(datagrams) // 6 :])[0][1]
    begin = len(whole) - len(late)
    assert begin > 500
    assert whole.values("distance_m")[begin:].tolist() == late.values("distance_m").tolist()


def test_packets_in_another_order_give_nothing_wrong() -> None:
    driven, rng = drive(2025), random.Random(8)
    shaken = sorted(driven.datagrams, key=lambda datagram: datagram.received_at + rng.uniform(0, 0.03))
    for lap, trace in traces_of(shaken):
        assert (np.diff(trace.values("time_ms")) > 0).all()
        assert differences(trace, driven.frames, lap.lap_number).max() < 0.01


def test_a_replay_gives_the_same_bytes() -> None:
    datagrams = drive(2025, "race", cars=2, laps=3, flashbacks=3, seed=5, rate_hz=30).datagrams
    assert blobs_of(datagrams) == blobs_of(datagrams)


def _hostile(datagrams: list[Datagram], seed: int) -> Iterator[Datagram]:
    """The datagrams with random bytes in the records of the cars."""
    rng = random.Random(seed)
    for datagram in datagrams:
        layout = identify(datagram.data)
        if layout.kind in FIELDS and rng.random() < 0.3:
            data = bytearray(datagram.data)
            if layout.kind != MASTER:
                data[layout.header_size :] = rng.randbytes(len(data) - layout.header_size)
            else:
                record, offset, cars = layout.repeated("cars")
                at = record.offsets["lap_distance"]
                for car in range(cars):
                    place = offset + car * record.size + at
                    data[place : place + 4] = rng.choice((rng.randbytes(4), b"\x00\x00\xc0\x7f"))
            datagram = datagram._replace(data=bytes(data))
        yield datagram


@pytest.mark.parametrize("packet_format", FORMATS)
def test_random_values_are_gaps_or_inside_the_ranges(packet_format: int) -> None:
    some = drive(packet_format).datagrams[:20_000]
    found = traces_of(_hostile(some, packet_format))
    assert found
    for _, trace in found:
        for name in trace.numbers:
            values = trace.values(name)
            values = values[np.isfinite(values)]
            assert (values >= BY_NAME[name].lowest - 1e-9).all()
            assert (values <= BY_NAME[name].highest + 1e-9).all()


def test_a_long_lap_takes_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MOST_SAMPLES", 500)
    (_, blob), *_ = blobs_of(drive(2025).datagrams)
    trace = decode(blob)
    assert 500 == len(trace)
    assert trace.values("time_ms")[-1] < 9_000


def test_all_rigs_together_take_bounded_memory() -> None:
    assert {recorder.MOST_SAMPLES} == {recorder.most_samples(rigs) for rigs in range(1, 33)}
    assert 18_000 == recorder.most_samples(33)
    assert 9_000 == recorder.most_samples(128)
    together = [rigs * recorder.most_samples(rigs) for rigs in range(1, MOST_RIGS + 1)]
    assert max(together) <= 32 * recorder.MOST_SAMPLES


def test_more_rigs_record_shorter_laps_also_in_the_lap_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MOST_SAMPLES", 2_000)
    monkeypatch.setattr(recorder, "_FULL_BITS", 0)
    datagrams = drive(2025).datagrams
    alone, *_ = traces_of(datagrams)
    later = len(datagrams) // 20
    guests = [
        datagram._replace(address=f"192.0.2.{30 + seed}", received_at=datagrams[later].received_at)
        for seed in (1, 2, 3)
        for datagram in drive(2025, seed=seed, laps=1).datagrams[:40]
    ]
    own = [*datagrams[:later], *guests, *datagrams[later:]]
    together = next(trace for lap, trace in traces_of(own) if lap.rig == RIG)
    assert 2_000 == len(alone[1])
    assert 500 == len(together)
    for name in ("speed_kmh", "x_m", "ers_pct"):
        assert np.isfinite(together.values(name)).all(), name


def test_a_car_in_the_garage_takes_no_memory() -> None:
    datagrams = [d for d in drive(2025).datagrams if kind_of(d) in FIELDS]
    layout = layout_of(2025, MASTER)
    record, offset, _ = layout.repeated("cars")
    tracer = recorder.TraceRecorder(2025)
    for datagram in datagrams[:20_000]:
        data = bytearray(datagram.data)
        header = read_header(datagram.data, identify(datagram.data))
        if kind_of(datagram) == MASTER:
            at = offset + header.player_car_index * record.size + record.offsets["current_lap_time_ms"]
            data[at : at + 4] = bytes(4)
            tracer.handle_lap_data(bytes(data), header, header.session_time)
        else:
            tracer.add(bytes(data), kind_of(datagram))
    assert sum(map(len, tracer._segment.buffers.values())) < 64 * 1024


@pytest.mark.parametrize("change", [lambda _: 255, lambda car: car + 1], ids=["no car", "another car"])
def test_samples_of_another_car_are_left_out(change: Callable[[int], int]) -> None:
    """The rig spectates for a moment."""
    datagrams = drive(2025).datagrams[:12_000]
    changed = []
    at = layout_of(2025, MASTER).header.offsets["player_car_index"]
    for number, datagram in enumerate(datagrams):
        data = bytearray(datagram.data)
        if 4_000 < number < 4_500 and kind_of(datagram) != MASTER:
            data[at] = change(data[at])
        changed.append(datagram._replace(data=bytes(data)))
    _, trace = traces_of(changed)[0]
    gaps = trace.gaps["throttle_pct"]
    assert 30 < gaps.sum() < 200
