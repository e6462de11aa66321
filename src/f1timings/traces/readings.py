"""The samples of a lap as received, joined by frame and turned into the channels of a trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from f1timings.traces.channels import BATTERY_J, BY_NAME, CHANNELS, HELD_S, MASTER, per_unit
from f1timings.traces.cuts import cuts_of
from f1timings.traces.trace import Trace

Values = NDArray[Any]
_WHEELS = ("rl", "rr", "fl", "fr")
# The game rounds the speed that it shows down to whole km/h.
_MOST_APART_KMH = 2.0
_PER_G = 1000.0


def read_samples(packet_format: int, samples: Mapping[str, bytes], *, uid: int, car: int) -> Trace:
    """Read the samples of a lap; what is not finite or not plausible is a gap.

    Args:
        samples: by kind of packet, see :mod:`f1timings.traces.cuts`.
        uid / car: samples of another session or another car are left out.
    """
    with np.errstate(all="ignore"):
        return _read(packet_format, samples, uid=uid, car=car)


def _read(packet_format: int, samples: Mapping[str, bytes], *, uid: int, car: int) -> Trace:
    rows = {
        kind: _own(np.frombuffer(samples.get(kind, b""), cut.sample), uid, car)
        for kind, cut in cuts_of(packet_format).items()
    }
    master = rows.pop(MASTER)
    clock = _clock(master, packet_format)
    low, high = BY_NAME["time_ms"].lowest, BY_NAME["time_ms"].highest
    has_clock = (clock >= low) & (clock <= high)
    if not has_clock.all():
        master = master[has_clock]
        clock = clock[has_clock]
    values: dict[str, Values] = {"time_ms": clock, "distance_m": master["lap_distance"]}
    for kind, found in rows.items():
        joined, is_known = _joined(master, found, HELD_S.get(kind, 0.0))
        if is_known is not None:
            values |= _without(_READERS[kind](joined, packet_format), is_known)
    ended_s = float(master["session_time"][-1]) if len(master) else 0.0
    return _trace(_with_speed(values), packet_format, ended_s)


def _own(found: Values, uid: int, car: int) -> Values:
    is_own = (found["session_uid"] == uid) & (found["player_car_index"] == car)
    return found if is_own.all() else found[is_own]


def _clock(master: Values, packet_format: int) -> Values:
    if packet_format == 2020:  # in seconds
        return np.rint(master["current_lap_time"].astype(np.float64) * 1000.0)
    return master["current_lap_time_ms"].astype(np.float64)


def _trace(values: Mapping[str, Values], packet_format: int, ended_s: float) -> Trace:
    """The channels as whole numbers; all at once, which takes a third of the time."""
    channels = [channel for channel in CHANNELS if channel.name in values]
    samples = len(values["time_ms"])
    table = np.empty((len(channels), samples))
    for row, channel in enumerate(channels):
        table[row] = values[channel.name]
    is_known = table >= _column([channel.lowest for channel in channels])
    is_known &= table <= _column([channel.highest for channel in channels])
    table *= _column([per_unit(channel) for channel in channels])
    np.rint(table, out=table)
    if not is_known.all():
        table[~is_known] = 0.0
    numbers = table.astype(np.int32)
    known = is_known.sum(axis=1)
    return Trace(
        packet_format=packet_format,
        ended_ms=round(ended_s * 1000),
        numbers={channel.name: numbers[row] for row, channel in enumerate(channels) if known[row]},
        gaps={
            channel.name: ~is_known[row] for row, channel in enumerate(channels) if 0 < known[row] < samples
        },
    )


def _column(numbers: list[float]) -> NDArray[np.float64]:
    return np.array(numbers, np.float64)[:, None]


def _joined(master: Values, found: Values, held_s: float) -> tuple[Values, NDArray[np.bool_] | None]:
    """The newest row of each frame of the master, and where there is one; None if there is none at all."""
    if not len(found) or not len(master):
        return found, None
    frames = found["frame_identifier"].copy()
    wanted = master["frame_identifier"].copy()
    first = int(np.searchsorted(frames, wanted[0]))
    if np.array_equal(frames[first : first + len(wanted)], wanted):  # nothing was lost
        return found[first : first + len(wanted)], np.ones(len(wanted), np.bool_)
    # Whole records are copied much more quickly as plain bytes.
    plain = np.ascontiguousarray(found).view(f"V{found.dtype.itemsize}")
    if (frames[1:] < frames[:-1]).any():
        order = np.argsort(frames, kind="stable")
        plain, frames = plain[order], frames[order]
    at = np.searchsorted(frames, wanted, side="right") - 1
    nearest = np.maximum(at, 0)
    joined = plain[nearest].view(found.dtype)
    if held_s:
        age_s = master["session_time"] - joined["session_time"]
        return joined, (at >= 0) & (age_s >= 0) & (age_s <= held_s)
    return joined, (at >= 0) & (frames[nearest] == wanted)


def _without(values: dict[str, Values], is_known: NDArray[np.bool_]) -> dict[str, Values]:
    """The values with NaN where there is no packet."""
    if is_known.all():
        return values
    return {name: np.where(is_known, column, np.nan) for name, column in values.items()}


def _motion(rows: Values, packet_format: int) -> dict[str, Values]:
    velocity = [rows[f"world_velocity_{axis}"] for axis in "xyz"]
    per_g = _PER_G if packet_format >= 2026 else 1.0
    return {
        **{f"{axis}_m": rows[f"world_position_{axis}"] for axis in "xyz"},
        "moved_kmh": np.sqrt(sum(part.astype(np.float64) ** 2 for part in velocity)) * 3.6,
        **{f"g_{way}": rows[f"g_force_{way}"] / per_g for way in ("lateral", "longitudinal", "vertical")},
    }


def _telemetry(rows: Values, _packet_format: int) -> dict[str, Values]:
    return {
        "speed_kmh": rows["speed"],
        "throttle_pct": rows["throttle"] * 100.0,
        "brake_pct": rows["brake"] * 100.0,
        "steer_pct": rows["steer"] * 100.0,
        "gear": rows["gear"],
        "rpm": rows["engine_rpm"],
        "drs": rows["drs"],
        **_of_wheels("tyre_surface_{}_c", rows["tyres_surface_temperature"]),
        **_of_wheels("tyre_inner_{}_c", rows["tyres_inner_temperature"]),
    }


def _status(rows: Values, _packet_format: int) -> dict[str, Values]:
    values = {"ers_pct": rows["ers_store_energy"] / BATTERY_J * 100.0, "ers_mode": rows["ers_deploy_mode"]}
    if "tyres_wear" in (rows.dtype.names or ()):  # format 2020
        values |= _of_wheels("tyre_wear_{}_pct", rows["tyres_wear"])
    return values


def _damage(rows: Values, _packet_format: int) -> dict[str, Values]:
    return _of_wheels("tyre_wear_{}_pct", rows["tyres_wear"])


def _telemetry_2(rows: Values, _packet_format: int) -> dict[str, Values]:
    """Active aero; the game sends the packet for older cars too, where it means nothing."""
    is_2026 = rows["regulations_2026"] != 0
    return {"aero": np.where(is_2026, rows["active_aero_mode"], np.nan), "has_aero": is_2026}


_READERS = {
    "motion": _motion,
    "car_telemetry": _telemetry,
    "car_status": _status,
    "car_damage": _damage,
    "car_telemetry_2": _telemetry_2,
}


def _of_wheels(name: str, rows: Values) -> dict[str, Values]:
    return {name.format(wheel): rows[:, at] for at, wheel in enumerate(_WHEELS)}


def _with_speed(values: dict[str, Values]) -> dict[str, Values]:
    """The values with one speed, the finer one where both agree; and without a DRS that the car lacks."""
    moved, shown = values.pop("moved_kmh", None), values.get("speed_kmh")
    if moved is not None and shown is not None:
        is_other = (np.abs(moved - shown) > _MOST_APART_KMH) | np.isnan(moved)
        values["speed_kmh"] = np.where(is_other & ~np.isnan(shown), shown, moved)
    elif moved is not None:
        values["speed_kmh"] = moved
    has_aero = values.pop("has_aero", None)
    if has_aero is not None and "drs" in values:
        values["drs"] = np.where(has_aero == 1, np.nan, values["drs"])
    return values
