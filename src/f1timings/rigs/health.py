"""What to look at when something of a rig is missing: short codes, which pages turn into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from f1timings.rigs.registry import RigSeen, RigStatus


class Hint(StrEnum):
    """What is wrong with a rig, the most important first."""

    NO_DATA = "no_data"
    NOT_RECOGNISED = "not_recognised"
    NO_LAP_DATA = "no_lap_data"
    NO_PARTICIPANTS = "no_participants"
    LOSSES = "losses"
    LOW_RATE = "low_rate"
    FORMAT_OLD = "format_old"
    NAMES_HIDDEN = "names_hidden"


#: The game sends who takes part every five seconds; who has not come after two of them does not come.
PATIENCE_S = 11.0
#: The lowest rate at which the datagram that shows a finished lap is rarely missed is 20 Hz.
LOWEST_RATE = 15.0
MOST_LOST_PCT = 2.0
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class RigFacts:
    """What is known of a rig's stream.

    Attributes:
        is_live: it sent something just now; heard_s: for how long it has been heard.
        packets: recognised ones by kind; rejected: others by reason; both since the start.
        game_year: two digits, None where the game does not say.
        updates_per_s / lost_pct: of the last seconds, None where not known.
        datagrams_per_s: of the last seconds, None where not known.
        hides_names: somebody else drives in its session whose name the game does not tell.
    """

    is_live: bool
    heard_s: float
    packets: Mapping[str, int]
    rejected: Mapping[str, int]
    packet_format: int | None
    game_year: int | None
    updates_per_s: float | None = None
    lost_pct: float | None = None
    datagrams_per_s: float | None = None
    hides_names: bool = False

    @classmethod
    def of(
        cls, seen: RigSeen | RigStatus, status: RigStatus | None, now: float, *, hides_names: bool = False
    ) -> Self:
        """From what is stored of a rig, and how the intake sees it now.

        Args:
            status: None if it has sent nothing since our start.
            now: seconds since 1970.
        """
        if status is None:
            return cls(False, 0.0, {}, {}, seen.packet_format, seen.game_year)
        is_new = status.packet_format is not None
        return cls(
            is_live=status.is_live(now),
            heard_s=now - status.first_received_at,
            # The intake counts on another thread: one copy that nobody changes.
            packets=dict(sorted(dict(status.packets).items())),
            rejected=dict(sorted(dict(status.rejected).items())),
            packet_format=status.packet_format if is_new else seen.packet_format,
            game_year=status.game_year if status.game_year is not None else seen.game_year,
            updates_per_s=status.stream.updates_per_s,
            lost_pct=status.stream.lost_pct,
            datagrams_per_s=status.stream.datagrams_per_s,
            hides_names=hides_names,
        )


def hints(facts: RigFacts) -> tuple[Hint, ...]:
    """What to look at; nothing where all is well. Of a silent rig nothing else can be said."""
    if not facts.is_live:
        return (Hint.NO_DATA,)
    found = {
        Hint.NOT_RECOGNISED: sum(facts.rejected.values()) > sum(facts.packets.values()),
        Hint.NO_LAP_DATA: _lacks(facts, "lap_data"),
        Hint.NO_PARTICIPANTS: _lacks(facts, "participants"),
        Hint.LOSSES: (facts.lost_pct or 0.0) >= MOST_LOST_PCT,
        # No updates at all is a menu or a pause.
        Hint.LOW_RATE: 0 < (facts.updates_per_s or 0.0) < LOWEST_RATE,
        Hint.FORMAT_OLD: (facts.packet_format or _CENTURY + 99) < _CENTURY + (facts.game_year or 0),
        Hint.NAMES_HIDDEN: facts.hides_names,
    }
    return tuple(hint for hint in Hint if found.get(hint))


def _lacks(facts: RigFacts, kind: str) -> bool:
    """Whether packets of a kind should have come by now, among others that did."""
    return bool(facts.packets) and facts.heard_s >= PATIENCE_S and not facts.packets.get(kind)
