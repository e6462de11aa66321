"""Reads the game's event packets: the kind of incident, its cars, and its details."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from f1timings.packets import (
    Layout,
    decode,
    event_details,
    infringement_name,
    penalty_name,
    result_reason_name,
    safety_car_status_name,
)
from f1timings.timing.occurrences import Detail, DetailValue, IncidentKind
from f1timings.timing.plausible import Plausibility
from f1timings.units import ms_from_seconds

# The games write 255 for an unknown value.
_NONE = 255
_CODE_SIZE = 4
_SAFETY_CAR_PHASES = {0: "deployed", 1: "returning", 2: "returned", 3: "race resumed"}
_DRS_DISABLED_REASONS = {0: "wet track", 1: "safety car deployed", 2: "red flag", 3: "min lap not reached"}
# Penalty types that are not recorded as penalties: reminders, warnings, laps that do not count.
_PENALTY_KINDS = {
    3: IncidentKind.WARNING,
    5: IncidentKind.WARNING,
    6: IncidentKind.DISQUALIFICATION,
    **dict.fromkeys(range(10, 16), IncidentKind.LAP_INVALIDATED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedEvent:
    """An incident in a packet.

    Attributes:
        key: distinguishes it from other incidents of its kind in the same frame.
        car_index / other_car_index: None for no car, or for a car that the format has no slot for.
        lap_number: None where the packet does not give it.
    """

    kind: IncidentKind
    key: str
    detail: Detail
    car_index: int | None = None
    other_car_index: int | None = None
    lap_number: int | None = None


class _EventForm(NamedTuple):
    """How one event is read: its kind, the fields with its cars, and the function that reads its details."""

    kind: IncidentKind
    cars: tuple[str, ...] = ()
    detail: Callable[[Any, int, Plausibility], Detail] | None = None

    @property
    def needs_details(self) -> bool:
        """Whether the event is read from the union of the packet."""
        return bool(self.cars) or self.detail is not None


def code_of(data: bytes, layout: Layout) -> bytes:
    """The code of an event packet, four letters."""
    return data[layout.header_size : layout.header_size + _CODE_SIZE]


def read_event(data: bytes, layout: Layout, plausibility: Plausibility) -> DecodedEvent | None:
    """The incident in one event packet; None for other events (buttons, unknown codes)."""
    code = code_of(data, layout).decode("latin-1")
    form = _FORMS.get(code)
    shape = layout.details.get(code)
    if form is None or (shape is None and form.needs_details):
        return None  # a code that this format does not have yet
    details = event_details(decode(data)) if shape is not None else None
    start = layout.header_size + _CODE_SIZE
    raw = data[start : start + shape.size] if shape is not None else b""
    cars = [_slot(getattr(details, name, None), layout) for name in form.cars]
    return DecodedEvent(
        kind=_PENALTY_KINDS.get(getattr(details, "penalty_type", _NONE), form.kind),
        key=raw.hex(),
        detail=form.detail(details, layout.packet_format, plausibility) if form.detail else {},
        car_index=cars[0] if cars else None,
        other_car_index=cars[1] if len(cars) > 1 else None,
        lap_number=plausibility.known("event.lap_number", _number(details, "lap_num")),
    )


def _slot(index: int | None, layout: Layout) -> int | None:
    return index if index is not None and index < layout.car_slots else None


def _number(details: Any, name: str) -> int | None:
    """A byte, None where it is unknown or the format lacks it."""
    value: int | None = getattr(details, name, None)
    return None if value == _NONE else value


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _fastest_lap(details: Any, _year: int, plausibility: Plausibility) -> Detail:
    return {"lap_time_ms": plausibility.known_ms("event.lap", details.lap_time)}


def _speed_trap(details: Any, _year: int, plausibility: Plausibility) -> Detail:
    detail: dict[str, DetailValue] = {
        "speed_kmh": _rounded(plausibility.known("event.speed_kmh", details.speed))
    }
    if hasattr(details, "is_overall_fastest_in_session"):
        detail["is_session_best"] = bool(details.is_overall_fastest_in_session)
        detail["is_personal_best"] = bool(details.is_driver_fastest_in_session)
    return detail


def _penalty(details: Any, year: int, _plausibility: Plausibility) -> Detail:
    return {
        "penalty": penalty_name(year, details.penalty_type),
        "infringement": infringement_name(year, details.infringement_type),
        "time_s": _number(details, "time"),
        "places_gained": _number(details, "places_gained"),
    }


def _retirement(details: Any, year: int, _plausibility: Plausibility) -> Detail:
    return {"reason": result_reason_name(year, details.reason)} if hasattr(details, "reason") else {}


def _drs_disabled(details: Any, _year: int, _plausibility: Plausibility) -> Detail:
    return {} if details is None else {"reason": _DRS_DISABLED_REASONS.get(details.reason)}


def _stop_go_served(details: Any, _year: int, plausibility: Plausibility) -> Detail:
    stop_s = getattr(details, "stop_time", None)
    return {} if stop_s is None else {"stop_ms": plausibility.known_ms("event.stop", stop_s)}


def _collision(details: Any, _year: int, _plausibility: Plausibility) -> Detail:
    return {"severity": details.severity} if hasattr(details, "severity") else {}


def _safety_car(details: Any, year: int, _plausibility: Plausibility) -> Detail:
    return {
        "safety_car": safety_car_status_name(year, details.safety_car_type),
        "phase": _SAFETY_CAR_PHASES.get(details.event_type),
    }


def _flashback(details: Any, _year: int, _plausibility: Plausibility) -> Detail:
    return {"target_ms": ms_from_seconds(details.flashback_session_time)}


_CAR = ("vehicle_idx",)
_FORMS: Mapping[str, _EventForm] = {
    "SSTA": _EventForm(IncidentKind.SESSION_STARTED),
    "SEND": _EventForm(IncidentKind.SESSION_ENDED),
    "STLG": _EventForm(IncidentKind.START_LIGHTS, (), lambda details, *_: {"lights": details.num_lights}),
    "LGOT": _EventForm(IncidentKind.LIGHTS_OUT),
    "FTLP": _EventForm(IncidentKind.FASTEST_LAP, _CAR, _fastest_lap),
    "SPTP": _EventForm(IncidentKind.SPEED_TRAP, _CAR, _speed_trap),
    "OVTK": _EventForm(IncidentKind.OVERTAKE, ("overtaking_vehicle_idx", "being_overtaken_vehicle_idx")),
    "COLL": _EventForm(IncidentKind.COLLISION, ("vehicle1_idx", "vehicle2_idx"), _collision),
    "PENA": _EventForm(IncidentKind.PENALTY, ("vehicle_idx", "other_vehicle_idx"), _penalty),
    "DTSV": _EventForm(IncidentKind.DRIVE_THROUGH_SERVED, _CAR),
    "SGSV": _EventForm(IncidentKind.STOP_GO_SERVED, _CAR, _stop_go_served),
    "RTMT": _EventForm(IncidentKind.RETIREMENT, _CAR, _retirement),
    "TMPT": _EventForm(IncidentKind.TEAM_MATE_IN_PITS, _CAR),
    "SCAR": _EventForm(IncidentKind.SAFETY_CAR, (), _safety_car),
    "RDFL": _EventForm(IncidentKind.RED_FLAG),
    "CHQF": _EventForm(IncidentKind.CHEQUERED_FLAG),
    "RCWN": _EventForm(IncidentKind.RACE_WINNER, _CAR),
    "DRSE": _EventForm(IncidentKind.DRS_ENABLED),
    "DRSD": _EventForm(IncidentKind.DRS_DISABLED, (), _drs_disabled),
    "FLBK": _EventForm(IncidentKind.FLASHBACK, (), _flashback),
}
