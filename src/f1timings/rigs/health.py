"""Hints about what is wrong with a rig's stream, as short codes that pages turn into words."""

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
    SENDS_TWICE = "sends_twice"
    SHARED_PORT = "shared_port"
    SHARED_ADDRESS = "shared_address"


#: The game sends the participants every five seconds; if they are missing after two intervals, data is lost.
PATIENCE_S = 11.0
#: In updates a second. The lowest rate in the game's menu that rarely misses the end of a lap is 20.
LOWEST_RATE = 15.0
#: In per cent of the updates.
MOST_LOST_PCT = 2.0
_CENTURY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class RigFacts:
    """What is known of a rig's stream.

    Attributes:
        is_live: the rig has sent a datagram within the last two seconds.
        heard_s: time since its first datagram, in seconds.
        packets / rejected: recognised datagrams by kind, and others by reason; all counts since the start.
        implausible: values in packets that were taken as unknown, by name.
        game_year: two digits, None where the game does not give it.
        updates_per_s / lost_pct / datagrams_per_s: over the last seconds, None if unknown.
        hides_names: another person drives in its session, and the game hides that person's name.
        sends_twice: it was joined with another rig, and both send at this moment.
        shares_address / shares_port: others send from its address and nobody sits at it, or from its port.
    """

    is_live: bool
    heard_s: float
    packets: Mapping[str, int]
    rejected: Mapping[str, int]
    implausible: Mapping[str, int]
    packet_format: int | None
    game_year: int | None
    updates_per_s: float | None = None
    lost_pct: float | None = None
    datagrams_per_s: float | None = None
    hides_names: bool = False
    sends_twice: bool = False
    shares_address: bool = False
    shares_port: bool = False

    @classmethod
    def of(
        cls,
        seen: RigSeen | RigStatus,
        status: RigStatus | None,
        now: float,
        *,
        hides_names: bool = False,
        is_seated: bool = False,
        sends_twice: bool = False,
    ) -> Self:
        """The facts from the stored rig, and from its status in the intake.

        Args:
            status: None if the rig has sent nothing since the start of this process.
            now: seconds since 1970.
            is_seated: a driver sits at the rig, so that the staff knows which one it is.
            sends_twice: it was joined with another rig, and both send at this moment.
        """
        if status is None:
            return cls(
                is_live=False,
                heard_s=0.0,
                packets={},
                rejected={},
                implausible={},
                packet_format=seen.packet_format,
                game_year=seen.game_year,
            )
        is_new = status.packet_format is not None
        return cls(
            is_live=status.is_live(now),
            heard_s=now - status.first_received_at,
            # The intake changes its counters on another thread, so they are copied once.
            packets=dict(sorted(dict(status.packets).items())),
            rejected=dict(sorted(dict(status.rejected).items())),
            implausible=dict(sorted(dict(status.implausible).items())),
            packet_format=status.packet_format if is_new else seen.packet_format,
            game_year=status.game_year if status.game_year is not None else seen.game_year,
            updates_per_s=status.stream.updates_per_s,
            lost_pct=status.stream.lost_pct,
            datagrams_per_s=status.stream.datagrams_per_s,
            hides_names=hides_names,
            sends_twice=sends_twice,
            shares_address=status.shares_address and not is_seated,
            shares_port=status.shares_port,
        )


def hints(facts: RigFacts) -> tuple[Hint, ...]:
    """The hints for a rig, the most important first; a silent rig has only NO_DATA."""
    if not facts.is_live:
        return (Hint.NO_DATA,)
    applies = {
        Hint.NOT_RECOGNISED: sum(facts.rejected.values()) > sum(facts.packets.values()),
        Hint.NO_LAP_DATA: _lacks(facts, "lap_data"),
        Hint.NO_PARTICIPANTS: _lacks(facts, "participants"),
        Hint.LOSSES: (facts.lost_pct or 0.0) >= MOST_LOST_PCT,
        # Zero updates means a menu or a pause.
        Hint.LOW_RATE: 0 < (facts.updates_per_s or 0.0) < LOWEST_RATE,
        Hint.FORMAT_OLD: (facts.packet_format or _CENTURY + 99) < _CENTURY + (facts.game_year or 0),
        Hint.NAMES_HIDDEN: facts.hides_names,
        Hint.SENDS_TWICE: facts.sends_twice,
        Hint.SHARED_PORT: facts.shares_port,
        Hint.SHARED_ADDRESS: facts.shares_address and not facts.shares_port,
    }
    return tuple(hint for hint in Hint if applies.get(hint))


def _lacks(facts: RigFacts, kind: str) -> bool:
    """Whether packets of a kind are overdue, while others arrive."""
    return bool(facts.packets) and facts.heard_s >= PATIENCE_S and not facts.packets.get(kind)
