"""How one game writes one packet format: the header, the numbers of session types, and what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from f1timings.packets import Header

_SESSION_TYPE_NAMES = {"race": "Race", "qualifying": "Short Qualifying", "time_trial": "Time Trial"}
_SHORT_QUALIFYING = 8
_RULE_SETS = {"race": 1, "qualifying": 0, "time_trial": 2}
_GAME_MODES = {"time_trial": 5, "online": 7, "alone": 4}
_MINOR_VERSIONS = {2020: 16, 2021: 18, 2022: 19, 2023: 21, 2024: 17, 2025: 18, 2026: 24}
_LEGACY_SENDER = 2025
# Formats that an older game sends with a season pack: the 2026 season is a pack of F1 25.
_SEASON_PACKS = {2026: 2025}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One game that sends one format.

    Attributes:
        packet_format: one of ``FORMATS``.
        is_legacy: F1 25 sends an older format: with its own numbers of session types, and in format 2023
            without game year and overall frame.
    """

    packet_format: int
    is_legacy: bool = False

    @property
    def has_overall_frame(self) -> bool:
        """Whether the header has an overall frame that is not 0."""
        return self.packet_format >= 2023 and not (self.is_legacy and self.packet_format == 2023)

    @property
    def game_year(self) -> int:
        """Two digits; 0 where the game sends none."""
        if not self.has_overall_frame:
            return 0
        sender = _LEGACY_SENDER if self.is_legacy else self.packet_format
        return _SEASON_PACKS.get(sender, sender) % 100

    @property
    def clock_waits_for_lights(self) -> bool:
        """Whether session time is 0 on the grid until the lights go out, as it is since F1 23."""
        return self.packet_format >= 2023

    @property
    def has_new_session_types(self) -> bool:
        """Whether the session types have the numbers of F1 24 and later."""
        return self.packet_format >= 2024 or self.is_legacy

    def header(self) -> Header:
        """The parts of the header that never change; the other parts are 0."""
        minor = _MINOR_VERSIONS.get(_LEGACY_SENDER if self.is_legacy else self.packet_format, 0)
        return Header(self.packet_format, game_year=self.game_year, game_minor_version=minor)

    def session_type(self, kind: str) -> int:
        """The number of the session type for a kind of session."""
        if kind == "qualifying":
            return _SHORT_QUALIFYING
        if kind == "race":
            return 15 if self.has_new_session_types else 10
        if self.has_new_session_types:
            return 18
        return 12 if self.packet_format == 2020 else 13

    @staticmethod
    def session_type_name(kind: str) -> str:
        """The name of the session type for a kind of session, the same in all years."""
        return _SESSION_TYPE_NAMES[kind]

    @staticmethod
    def rule_set(kind: str) -> int:
        """The number of the rule set for a kind of session."""
        return _RULE_SETS[kind]

    @staticmethod
    def game_mode(kind: str, is_online: bool) -> int:
        """The number of the game mode."""
        return _GAME_MODES["time_trial" if kind == "time_trial" else "online" if is_online else "alone"]
