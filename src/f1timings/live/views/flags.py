"""The flags of a car, which the tower and the map send as the bits of one number."""

from __future__ import annotations

from f1timings.packets import driver_status_name, pit_status_name, result_status_name

FLAGS: dict[str, str] = {
    "own": "the rig's own car, or the car that it watches while it spectates",
    "ai": "driven by the game",
    "invalid": "the game counts the current lap as invalid",
    "pitting": "in the pit lane",
    "in_box": "in its pit box",
    "in_garage": "in the garage",
    "in_lap": "on its way to the pits",
    "out_lap": "on its way from the pits",
    "finished": "has finished the session",
    "retired": "no longer drives: retired, did not finish, or not classified",
    "disqualified": "was disqualified",
    "leader": "first in the running order",
}
BIT = {name: 1 << at for at, name in enumerate(FLAGS)}

_PIT = {"pitting": BIT["pitting"], "in pit area": BIT["pitting"] | BIT["in_box"]}
_DRIVER = {"garage": BIT["in_garage"], "in lap": BIT["in_lap"], "out lap": BIT["out_lap"]}
_RESULT = {
    "finished": BIT["finished"],
    "retired": BIT["retired"],
    "did_not_finish": BIT["retired"],
    "not_classified": BIT["retired"],
    "disqualified": BIT["disqualified"],
}


def status_bits(packet_format: int, pit: int, driver: int, result: int) -> int:
    """The bits for a car's pit, driver and result status, which are numbers of that packet format."""
    return pit_and_driver_bits(packet_format, pit, driver) | result_bits(
        result_status_name(packet_format, result)
    )


def pit_and_driver_bits(packet_format: int, pit: int, driver: int) -> int:
    """The bits for a car's pit and driver status, which are numbers of that packet format."""
    return _PIT.get(pit_status_name(packet_format, pit) or "", 0) | _DRIVER.get(
        driver_status_name(packet_format, driver) or "", 0
    )


def result_bits(result_status: str | None) -> int:
    """The bits for a car's result status, by its name."""
    return _RESULT.get(result_status or "", 0)


def names_of(bits: int) -> tuple[str, ...]:
    """The names of the bits that are set."""
    return tuple(name for name, bit in BIT.items() if bits & bit)
