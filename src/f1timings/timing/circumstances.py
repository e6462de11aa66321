"""What laps are driven under, as the packets say it: the assists that are on, the weather."""

from __future__ import annotations

from typing import Any, Final

from f1timings.packets import Columns, Packet, layout_of, weather_name

NO_ASSISTS: Final = "none"
MIXED_WEATHER: Final = "mixed"

# Words of each level, from level 0; an empty one means off. First those that the session packet tells of the
# rig's own car (since 2021), then those that the car status tells.
_TOLD_BY_SESSION: Final[dict[str, tuple[str, ...]]] = {
    "steering_assist": ("", "steering"),
    "braking_assist": ("", "braking_low", "braking_medium", "braking_high"),
    "gearbox_assist": ("", "", "suggested_gears", "auto_gears"),
    "pit_assist": ("", "pit"),
    "pit_release_assist": ("", "pit_release"),
    "ers_assist": ("", "ers"),
    "drs_assist": ("", "drs"),
    "dynamic_racing_line": ("", "racing_line_corners", "racing_line"),
}
_TOLD_BY_CAR: Final[dict[str, tuple[str, ...]]] = {
    "traction_control": ("", "tc_medium", "tc_full"),
    "anti_lock_brakes": ("", "abs"),
}
_WORDS: Final = (*_TOLD_BY_SESSION.values(), *_TOLD_BY_CAR.values())
_FIRST_FORMAT: Final = 2021

#: A level for each of ``_WORDS``, 0 for off.
Levels = tuple[int, ...]


class LapCircumstances:
    """What one lap has been driven under so far."""

    __slots__ = ("_is_mixed", "_levels", "_weather")

    def __init__(self, weather: str | None = None, levels: Levels | None = None) -> None:
        self._weather = weather
        self._levels = levels
        self._is_mixed = False

    def note(self, weather: str | None, levels: Levels | None) -> None:
        """Take what is so now; an assist counts with the most that it was set to, however short."""
        self._is_mixed |= None not in (weather, self._weather) and weather != self._weather
        self._weather = self._weather or weather
        if levels is not None:
            self._levels = tuple(map(max, levels, self._levels or levels))

    @property
    def weather(self) -> str | None:
        """The weather's name, ``mixed`` if it changed, None if nobody said."""
        return MIXED_WEATHER if self._is_mixed else self._weather

    @property
    def assists(self) -> str | None:
        """Words of all that were on, sorted, joined by commas; ``none``; None if nobody said."""
        if self._levels is None:
            return None
        levels = zip(_WORDS, self._levels, strict=True)
        return ",".join(sorted(filter(None, (words[level] for words, level in levels)))) or NO_ASSISTS


class Circumstances:
    """What is so at this moment of one session.

    Attributes:
        weather: its name, None before the first session packet.
        own_car: the car that the assists are of.
        levels: its assists, None where the game does not say them.
    """

    def __init__(self, packet_format: int) -> None:
        self.weather: str | None = None
        self.own_car: int | None = None
        self.levels: Levels | None = None
        self._told: Levels | None
        self._settled: tuple[str | None, int | None, Levels | None] = (None, None, None)
        self._time_s = 0.0
        self.adopt_format(packet_format)

    def adopt_format(self, packet_format: int) -> None:
        """Read the packets of this format from now on."""
        self._format, self._told = packet_format, None
        self._of_car = Columns(layout_of(packet_format, "car_status"), tuple(_TOLD_BY_CAR))

    def see(self, packet: Packet, own_car: int | None) -> None:
        """Take one session packet (twice a second); one that was overtaken by a later one changes nothing."""
        if packet.header.session_time < self._time_s:
            return
        self._time_s = packet.header.session_time
        self.weather = weather_name(self._format, packet.body.weather)
        self.own_car, self._told = own_car, self._levels_in(packet.body)

    def settle(self, car_status: bytes | None) -> bool:
        """Put together what was seen with the newest car status.

        Returns:
            Whether anything is different from the last time.
        """
        self.levels = self._levels(car_status)
        now = (self.weather, self.own_car, self.levels)
        before, self._settled = self._settled, now
        return before != now

    def rewind(self, time_s: float) -> None:
        """The game went back to this session time."""
        self._time_s = min(self._time_s, time_s)

    def now(self, car_index: int) -> LapCircumstances:
        """What a lap that begins now begins with."""
        return LapCircumstances(self.weather, self.levels_of(car_index))

    def levels_of(self, car_index: int) -> Levels | None:
        """Assists that a car has on; only those of the rig's own car are known."""
        return self.levels if car_index == self.own_car else None

    def _levels_in(self, body: Any) -> Levels | None:
        # A gearbox assist of 0 is none that there is (manual is 1): the games send all zeros in some online
        # sessions, where that says nothing (real F1 24 packets).
        if self._format < _FIRST_FORMAT or body.is_spectating or not body.gearbox_assist:
            return None
        # Since 2026 the session packet says those of the car, too.
        of_car = (getattr(body, f"{name}_assist", 0) for name in _TOLD_BY_CAR)
        return (*(getattr(body, name) for name in _TOLD_BY_SESSION), *of_car)

    def _levels(self, car_status: bytes | None) -> Levels | None:
        if self._told is None or self.own_car is None or car_status is None:
            return None
        width, first = len(_TOLD_BY_CAR), len(_TOLD_BY_SESSION)
        of_car = self._of_car.flat(car_status)[width * self.own_car : width * (self.own_car + 1)]
        if len(of_car) < width:
            return None
        told = [*self._told[:first], *map(max, of_car, self._told[first:])]
        return tuple(min(level, len(words) - 1) for level, words in zip(told, _WORDS, strict=True))
