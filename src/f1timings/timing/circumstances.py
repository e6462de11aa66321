"""The circumstances that laps are driven under: the assists that are on, and the weather."""

from __future__ import annotations

from typing import Any, Final

from f1timings.packets import Columns, Packet, layout_of, weather_name

NO_ASSISTS: Final = "none"
MIXED_WEATHER: Final = "mixed"

# Words of each level, from level 0; an empty word means off. The first table has the assists in the session
# packet, which are those of the rig's own car (since 2021), the second those in the car status.
_IN_SESSION: Final[dict[str, tuple[str, ...]]] = {
    "steering_assist": ("", "steering"),
    "braking_assist": ("", "braking_low", "braking_medium", "braking_high"),
    "gearbox_assist": ("", "", "suggested_gears", "auto_gears"),
    "pit_assist": ("", "pit"),
    "pit_release_assist": ("", "pit_release"),
    "ers_assist": ("", "ers"),
    "drs_assist": ("", "drs"),
    "dynamic_racing_line": ("", "racing_line_corners", "racing_line"),
}
_IN_CAR_STATUS: Final[dict[str, tuple[str, ...]]] = {
    "traction_control": ("", "tc_medium", "tc_full"),
    "anti_lock_brakes": ("", "abs"),
}
_WORDS: Final = (*_IN_SESSION.values(), *_IN_CAR_STATUS.values())
#: Every word of :attr:`LapCircumstances.assists`.
ASSIST_WORDS: Final = frozenset(word for words in _WORDS for word in words if word)
_FIRST_FORMAT: Final = 2021

#: A level for each of ``_WORDS``, 0 for off.
Levels = tuple[int, ...]


class LapCircumstances:
    """The circumstances of one lap so far."""

    __slots__ = ("_is_mixed", "_levels", "_weather")

    def __init__(self, weather: str | None = None, levels: Levels | None = None) -> None:
        self._weather = weather
        self._levels = levels
        self._is_mixed = False

    def handle_change(self, weather: str | None, levels: Levels | None) -> None:
        """Add new circumstances; of each assist, the highest level of the lap counts, however short."""
        self._is_mixed |= None not in (weather, self._weather) and weather != self._weather
        self._weather = self._weather or weather
        if levels is not None:
            self._levels = tuple(map(max, levels, self._levels or levels))

    @property
    def weather(self) -> str | None:
        """The weather's name, ``mixed`` if it changed, None if unknown."""
        return MIXED_WEATHER if self._is_mixed else self._weather

    @property
    def assists(self) -> str | None:
        """Words of the assists that were on, sorted, joined by commas; ``none`` if none, None if unknown."""
        if self._levels is None:
            return None
        levels = zip(_WORDS, self._levels, strict=True)
        return ",".join(sorted(filter(None, (words[level] for words, level in levels)))) or NO_ASSISTS


class Circumstances:
    """The circumstances at this moment of one session.

    Attributes:
        weather: its name, None before the first session packet.
        own_car: the car that the assists belong to.
        levels: the levels of its assists, None where the game does not give them.
    """

    def __init__(self, packet_format: int) -> None:
        self.weather: str | None = None
        self.own_car: int | None = None
        self.levels: Levels | None = None
        self._session_levels: Levels | None
        self._combined: tuple[str | None, int | None, Levels | None] = (None, None, None)
        self.adopt_format(packet_format)

    def adopt_format(self, packet_format: int) -> None:
        """Read the packets of this format from now on."""
        self._format, self._session_levels = packet_format, None
        self._car_columns = Columns(layout_of(packet_format, "car_status"), tuple(_IN_CAR_STATUS))

    def handle_session_packet(self, packet: Packet, own_car: int | None) -> None:
        """Read one session packet that no later one has overtaken."""
        self.weather = weather_name(self._format, packet.body.weather)
        self.own_car, self._session_levels = own_car, self._levels_in(packet.body)

    def combine(self, car_status: bytes | None) -> bool:
        """Combine the last session packet with the newest car status.

        Returns:
            Whether anything has changed since the last call.
        """
        self.levels = self._levels(car_status)
        combined = (self.weather, self.own_car, self.levels)
        before, self._combined = self._combined, combined
        return before != combined

    def now(self, car_index: int) -> LapCircumstances:
        """The circumstances of a lap that begins now."""
        return LapCircumstances(self.weather, self.levels_of(car_index))

    def levels_of(self, car_index: int) -> Levels | None:
        """Assists of a car; only those of the rig's own car are known."""
        return self.levels if car_index == self.own_car else None

    def _levels_in(self, body: Any) -> Levels | None:
        # There is no gearbox assist 0 (manual is 1): in some online sessions the games send zeros in all
        # assists, which means that they are unknown (real F1 24 packets).
        if self._format < _FIRST_FORMAT or body.is_spectating or not body.gearbox_assist:
            return None
        # Since 2026 the session packet has the assists of the car status, too.
        car_levels = (getattr(body, f"{name}_assist", 0) for name in _IN_CAR_STATUS)
        return (*(getattr(body, name) for name in _IN_SESSION), *car_levels)

    def _levels(self, car_status: bytes | None) -> Levels | None:
        if self._session_levels is None or self.own_car is None or car_status is None:
            return None
        width, first = len(_IN_CAR_STATUS), len(_IN_SESSION)
        car_levels = self._car_columns.flat(car_status)[width * self.own_car : width * (self.own_car + 1)]
        if len(car_levels) < width:
            return None
        levels = [*self._session_levels[:first], *map(max, car_levels, self._session_levels[first:])]
        return tuple(min(level, len(words) - 1) for level, words in zip(levels, _WORDS, strict=True))
