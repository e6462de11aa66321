"""How a game speaks one packet format: header, numbers of session types, what it leaves out."""

from __future__ import annotations

from dataclasses import dataclass

from f1timings.packets.layouts import Header

_TYPE_NAMES = {"race": "Race", "qualifying": "Short Qualifying", "time_trial": "Time Trial"}
_SHORT_QUALIFYING = 8
_RULE_SETS = {"race": 1, "qualifying": 0, "time_trial": 2}
_GAME_MODES = {"time_trial": 5, "online": 7, "alone": 4}
_VERSIONS = {2020: 16, 2021: 18, 2022: 19, 2023: 21, 2024: 17, 2025: 18, 2026: 24}


@dataclass(frozen=True, slots=True)
class Dialect:
    """One game sending one format.

    Attributes:
        packet_format: 2020 to 2026.
        is_legacy: F1 25 sending an older format: with its own numbers of session types, and under 2023
            without game year and overall frame.
    """

    packet_format: int
    is_legacy: bool = False

    @property
    def counts_overall(self) -> bool:
        """Whether the overall frame is told."""
        return self.packet_format >= 2023 and not (self.is_legacy and self.packet_format == 2023)

    @property
    def game_year(self) -> int:
        """Two digits; 0 where it is not told. The 2026 format is a pack of F1 25."""
        if not self.counts_overall:
            return 0
        return 25 if self.is_legacy else min(self.packet_format, 2025) - 2000

    @property
    def clock_waits_for_lights(self) -> bool:
        """Whether session time stands at 0 on the grid, as it does since F1 23."""
        return self.packet_format >= 2023

    @property
    def has_new_types(self) -> bool:
        """Whether the session types are numbered as since F1 24."""
        return self.packet_format >= 2024 or self.is_legacy

    def header(self) -> Header:
        """The header's parts that never change, the others 0."""
        minor = _VERSIONS[2025 if self.is_legacy else self.packet_format]
        return Header(self.packet_format, self.game_year, 1, minor, 1, 0, 0, 0.0, 0, 0, 0, 255)

    def session_type(self, kind: str) -> int:
        """The number of a kind of session."""
        if kind == "qualifying":
            return _SHORT_QUALIFYING
        if kind == "race":
            return 15 if self.has_new_types else 10
        if self.has_new_types:
            return 18
        return 12 if self.packet_format == 2020 else 13

    @staticmethod
    def session_type_name(kind: str) -> str:
        """The name of a kind of session, the same in all years."""
        return _TYPE_NAMES[kind]

    @staticmethod
    def rule_set(kind: str) -> int:
        """The number of a kind of session's rules."""
        return _RULE_SETS[kind]

    @staticmethod
    def game_mode(kind: str, is_online: bool) -> int:
        """The number of the game's mode."""
        return _GAME_MODES["time_trial" if kind == "time_trial" else "online" if is_online else "alone"]
