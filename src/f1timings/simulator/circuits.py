"""The circuits that can be simulated: lengths, lap times, sectors and pits."""

from __future__ import annotations

from dataclasses import dataclass

from f1timings.packets import track_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """One circuit of the games.

    Attributes:
        track_id: the number in the games, the same in all formats that have the circuit.
        length_m: metres, as in the session packet.
        lap_ms: time of a good lap of a modern car.
        sector_starts: where sectors 2 and 3 begin, as shares of the length.
        box_before_line: the garages are before the start/finish line; elsewhere they are after it.
        pit_limit_kmh: speed limit in the pit lane.
    """

    track_id: int
    length_m: int
    lap_ms: int
    sector_starts: tuple[float, float]
    box_before_line: bool = False
    pit_limit_kmh: int = 80


CIRCUITS = (
    Circuit(track_id=0, length_m=5276, lap_ms=79_800, sector_starts=(0.333, 0.602), box_before_line=True),
    Circuit(track_id=3, length_m=5412, lap_ms=90_700, sector_starts=(0.329, 0.771)),
    Circuit(track_id=4, length_m=4657, lap_ms=76_200, sector_starts=(0.301, 0.689)),
    Circuit(
        track_id=5,
        length_m=3337,
        lap_ms=71_900,
        sector_starts=(0.258, 0.725),
        box_before_line=True,
        pit_limit_kmh=60,
    ),
    Circuit(track_id=6, length_m=4361, lap_ms=73_100, sector_starts=(0.258, 0.575), box_before_line=True),
    Circuit(track_id=7, length_m=5890, lap_ms=88_300, sector_starts=(0.302, 0.716)),
    Circuit(track_id=9, length_m=4381, lap_ms=77_700, sector_starts=(0.388, 0.767)),
    Circuit(track_id=10, length_m=7004, lap_ms=105_400, sector_starts=(0.325, 0.735)),
    Circuit(track_id=11, length_m=5798, lap_ms=81_600, sector_starts=(0.347, 0.694)),
    Circuit(track_id=13, length_m=5807, lap_ms=90_900, sector_starts=(0.352, 0.795)),
    Circuit(track_id=14, length_m=5281, lap_ms=86_400, sector_starts=(0.223, 0.643)),
    Circuit(track_id=16, length_m=4309, lap_ms=70_900, sector_starts=(0.251, 0.747)),
    Circuit(track_id=17, length_m=4318, lap_ms=65_700, sector_starts=(0.245, 0.698)),
    Circuit(track_id=20, length_m=6003, lap_ms=102_800, sector_starts=(0.315, 0.714)),
    Circuit(track_id=26, length_m=4259, lap_ms=71_100, sector_starts=(0.338, 0.677)),
    Circuit(track_id=27, length_m=4909, lap_ms=76_300, sector_starts=(0.323, 0.673)),
    Circuit(track_id=29, length_m=6174, lap_ms=88_900, sector_starts=(0.322, 0.659)),
    Circuit(track_id=30, length_m=5412, lap_ms=89_600, sector_starts=(0.318, 0.702)),
    Circuit(track_id=32, length_m=5419, lap_ms=82_300, sector_starts=(0.327, 0.668), box_before_line=True),
    Circuit(track_id=42, length_m=5416, lap_ms=94_200, sector_starts=(0.336, 0.671)),
)


def circuits_of(packet_format: int) -> tuple[Circuit, ...]:
    """The circuits that a packet format has a name for."""
    return tuple(circuit for circuit in CIRCUITS if track_name(packet_format, circuit.track_id) is not None)
