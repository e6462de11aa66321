"""Laps that the benchmarks of the store make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from f1timings.timing.records import Lap, LapState, lap_id


def completed_lap(
    *,
    session_id: str,
    session_uid: int,
    rig: str,
    lap_number: int,
    sectors: Sequence[int],
    car_index: int = 0,
    **others: Any,
) -> Lap:
    """A lap that counts, with these three sector times in milliseconds.

    Args:
        others: fields of the lap that are not as usual.
    """
    usual = {"participant": None, "is_valid": True, "compound": "soft", "recovered": False}
    return Lap(
        id=lap_id(session_id, car_index, lap_number, 0),
        session_id=session_id,
        session_uid=session_uid,
        rig=rig,
        car_index=car_index,
        lap_number=lap_number,
        branch=0,
        lap_time_ms=sum(sectors),
        sector1_ms=sectors[0],
        sector2_ms=sectors[1],
        sector3_ms=sectors[2],
        state=LapState.COMPLETED,
        **(usual | others),
    )
