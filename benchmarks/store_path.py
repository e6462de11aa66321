"""What one packet costs from the socket to where it is kept: recognised, its rig found, counted, timed.

The mix is that of a rig at 60 Hz: motion, lap data, car telemetry and car status 60 times a second, session
history 20 times, the rest less often. Nothing happens in it (no line is crossed), as in nearly all packets.
It is compared in the same run with the f1-packets library resolving the same datagrams, which neither checks
their size nor tells rigs apart, and with a bare copy of the bytes.
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
    """The datagrams of one rig for so many seconds, in their order."""
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


def _timed_ns(run: Callable[[bytes], object], datagrams: list[bytes]) -> float:
    begun = time.process_time_ns()
    for data in datagrams:
        run(data)
    return (time.process_time_ns() - begun) / len(datagrams)


def _feed(pipeline: Pipeline, data: bytes) -> None:
    pipeline.feed(data, "10.0.0.5", 5, 20777, 1.0)


def measure() -> dict[str, list[float]]:
    """Nanoseconds a packet of ``ours``, ``f1_packets`` and ``copy``, round by round."""
    ours: list[float] = []
    theirs: list[float] = []
    copies: list[float] = []
    for round_number in range(_ROUNDS):
        datagrams = rig_seconds()
        pipeline = Pipeline(lambda _entries: None)
        for data in datagrams:  # the first history of each car is decoded; later ones are the same
            pipeline.feed(data, "10.0.0.5", 5, 20777, 1.0)
        datagrams = rig_seconds(begin=(round_number + 1) * _SECONDS)
        ours.append(_timed_ns(partial(_feed, pipeline), datagrams))
        theirs.append(_timed_ns(resolve, datagrams))
        copies.append(_timed_ns(bytearray, datagrams))
    return {"ours": ours, "f1_packets": theirs, "copy": copies}


def main() -> None:
    """Print the figures."""
    found = measure()
    assert len(LAYOUTS) == 96
    assert _FORMAT in FORMATS
    assert set(_PER_SECOND) <= set(PACKET_KINDS)
    print(
        f"{_ROUNDS} rounds: ours {Spread.of(found['ours']):.0f} ns a packet, f1-packets' resolve alone "
        f"{Spread.of(found['f1_packets']):.0f} ns, a bare copy {Spread.of(found['copy']):.0f} ns; "
        f"ours to resolve {Spread.of_ratios(found['ours'], found['f1_packets']):.2f}"
    )


if __name__ == "__main__":
    main()
