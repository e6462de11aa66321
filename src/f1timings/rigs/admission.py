"""Which datagrams may cost anything: limits for new sources, and for what one rig may cause to be stored.

All limits are far above what games do. Every decision costs the same time, however many sources there are.
"""

from __future__ import annotations

from typing import Final

from f1timings.budgets import Budgets

#: Rigs since the start of the process, together and behind one address (NAT, a container bridge). There each
#: start of a game may be a rig: 20 rigs can start their games 50 times.
MOST_RIGS: Final = 2_048
MOST_RIGS_OF_ADDRESS: Final = 1_024
#: New ports of one address: all its rigs at once, then one a second. A game takes one at each start.
NEW_PORTS: Final = 1_024
NEW_PORTS_PER_S: Final = 1.0
#: Timing events of one rig: 40 sessions with 22 cars at once, then nine laps of 22 cars a second.
EVENTS: Final = 20_000
EVENTS_PER_S: Final = 200.0
#: A change of session costs as much as so many events, because the database is asked for it.
SESSION_COST: Final = 100
#: Where there are many rigs, together or behind one address, a new port is a rig only after so many
#: datagrams: a game sends them in a tenth of a second, who tries out ports does not.
MANY_RIGS: Final = 64
MANY_RIGS_OF_ADDRESS: Final = 4
PROOF: Final = 30
# Addresses with a count of their own; further ones are counted together.
_MOST_COUNTED: Final = 256
OTHERS: Final = "others"
#: Why a datagram of a rig is refused, in its counters.
TOO_MUCH: Final = "too_much"


class Admission:
    """Decides about sources, and counts the datagrams that it refuses.

    Attributes:
        refused: datagrams that were refused, by address.
    """

    def __init__(self) -> None:
        self.refused: dict[str, int] = {}
        self._ports = Budgets(per_s=NEW_PORTS_PER_S, most=NEW_PORTS, most_sources=4 * MOST_RIGS)
        self._events = Budgets(per_s=EVENTS_PER_S, most=EVENTS, most_sources=MOST_RIGS)

    def admits_port(self, address: str, now: float, *, rigs: int, rigs_of_address: int) -> bool:
        """Whether a datagram from a new port may be looked at; counts it if not.

        Args:
            now: when it arrived, seconds since 1970.
            rigs / rigs_of_address: how many there are, and how many of them are behind the address.
        """
        has_room = rigs < MOST_RIGS and rigs_of_address < MOST_RIGS_OF_ADDRESS
        if has_room and self._ports.take(address, now):
            return True
        self.refuse(address)
        return False

    def charge(self, rig: str, now: float, events: int) -> float:
        """Count what a rig causes; until the returned time its datagrams are refused."""
        return now + self._events.owe(rig, now, events)

    def refuse(self, address: str) -> None:
        """Count a refused datagram."""
        if address not in self.refused and len(self.refused) >= _MOST_COUNTED:
            address = OTHERS
        self.refused[address] = self.refused.get(address, 0) + 1


def is_crowded(*, rigs: int, rigs_of_address: int) -> bool:
    """Whether a new port must prove that a game sends from it before it is a rig.

    Args:
        rigs / rigs_of_address: how many there are, and how many of them are behind its address.
    """
    return rigs >= MANY_RIGS or rigs_of_address >= MANY_RIGS_OF_ADDRESS
