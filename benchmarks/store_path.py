"""Measure the cost per packet from the socket to the store: identify it, find its rig, count it, time it.

The packets are those of a rig at 60 Hz: motion, lap data, car telemetry and car status 60 times a second,
session history 20 times, the rest less often. No line is crossed, as in nearly all packets. In the same run,
the f1-packets library resolves the same datagrams (it neither checks their size nor separates rigs), and the
bytes are copied.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from f1.packets import resolve  # type: ignore[import-untyped]

from benchmarks.measuring import Spread
from f1timings.packets import FORMATS, LAYOUTS, PACKET_KINDS, Header, build, encode
from f1timings.pipeline import Pipeline

_PER_SECOND = {
    "motion": 60,
    "lap_data": 60,
    "car_telemetry": 60,
    "car_status": 60,
    "motion_ex": 60,
    "session_history": 20,
    "tyre_sets": 20,
    "car_damage": 10,
    "session": 2,
    "car_setups": 2,
}
_FORMAT = 2026
_SECONDS = 4
_ROUNDS = 15


def rig_seconds(seconds: int = _SECONDS, begin: int = 0) -> list[bytes]:
    """Return the datagrams of one rig for ``seconds`` seconds, in order of time."""
    due = [(begin + n / rate, kind) for kind, rate in _PER_SECOND.items() for n in range(rate * seconds)]
    return [_packet(kind, at) for at, kind in sorted(due)]


def _packet(kind: str, at: float) -> bytes:
    frame = 1000 + round(at * 60)
    header = Header(
        _FORMAT,
        game_year=25,
        game_minor_version=18,
        session_uid=12345678901234567890,
        session_time=20.0 + at,
        frame_identifier=frame,
        overall_frame_identifier=frame,
    )
    fields: dict[str, object] = {}
    if kind == "lap_data":
        clock = 20_000 + round(at * 1000)
        row = {"current_lap_num": 3, "current_lap_time_ms": clock, "result_status": 2, "driver_status": 4}
        fields["cars"] = {slot: {**row, "lap_distance": 1000.0 + at * 70} for slot in range(20)}
    elif kind == "session_history":
        fields["car_idx"] = frame % 20
    elif kind == "session":
        fields["session_type"] = 15
    return encode(build(_FORMAT, kind, header, **fields))


def _cost_ns(run: Callable[[bytes], object], datagrams: list[bytes]) -> float:
    start = time.process_time_ns()
    for data in datagrams:
        run(data)
    return (time.process_time_ns() - start) / len(datagrams)


def _feed(pipeline: Pipeline, data: bytes) -> None:
    pipeline.feed(data, "10.0.0.5", 5, 20777, 1.0)


def measure() -> dict[str, list[float]]:
    """Return nanoseconds per packet of ``ours``, ``f1_packets`` and ``copy``, one value per round."""
    ours: list[float] = []
    library: list[float] = []
    copies: list[float] = []
    for round_number in range(_ROUNDS):
        datagrams = rig_seconds()
        pipeline = Pipeline(lambda _entries: None)
        for data in datagrams:  # the first history of each car is decoded; later histories are equal to it
            pipeline.feed(data, "10.0.0.5", 5, 20777, 1.0)
        datagrams = rig_seconds(begin=(round_number + 1) * _SECONDS)
        ours.append(_cost_ns(partial(_feed, pipeline), datagrams))
        library.append(_cost_ns(resolve, datagrams))
        copies.append(_cost_ns(bytearray, datagrams))
    return {"ours": ours, "f1_packets": library, "copy": copies}


def main() -> None:
    """Print the figures."""
    results = measure()
    assert len(LAYOUTS) == 96
    assert _FORMAT in FORMATS
    assert set(_PER_SECOND) <= set(PACKET_KINDS)
    print(
        f"{_ROUNDS} rounds: ours {Spread.of(results['ours']):.0f} ns per packet, f1-packets' resolve "
        f"{Spread.of(results['f1_packets']):.0f} ns, a copy of the bytes "
        f"{Spread.of(results['copy']):.0f} ns; ratio of ours to resolve "
        f"{Spread.of_ratios(results['ours'], results['f1_packets']):.2f}"
    )


if __name__ == "__main__":
    main()
