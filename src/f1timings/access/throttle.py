"""How often somebody may guess: few wrong tries, then a wait that grows, and never a lock."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

WINDOW_S: Final = 900.0
PER_NAME_AND_ADDRESS: Final = 5
PER_ADDRESS: Final = 20
FIRST_WAIT_S: Final = 15.0
_IPV6_NETWORK: Final = 64


@dataclass(slots=True)
class _Tries:
    """Tries of one key; forgotten when the window has passed since the last one."""

    most: int
    count: int = 0
    last_at: float = 0.0
    free_at: float = 0.0

    def add(self, now: float) -> None:
        self.count += 1
        self.last_at = now
        if self.count >= self.most:
            self.free_at = now + min(WINDOW_S, FIRST_WAIT_S * 2.0 ** min(self.count - self.most, 16))

    def take_back(self) -> None:
        self.count = max(0, self.count - 1)
        if self.count < self.most:
            self.free_at = 0.0


class Throttle:
    """Counts tries by name and address, and by address alone; from one thread.

    A try counts when it begins, so that many at once are no way round. Other addresses are not held up by
    what one does to an account.

    Args:
        clock: seconds that only go forward.
        most_keys: that are remembered; beyond them the one longest unused is forgotten.
    """

    def __init__(self, clock: Callable[[], float], most_keys: int = 10_000) -> None:
        self._clock = clock
        self._most_keys = most_keys
        self._tries: OrderedDict[tuple[str, str], _Tries] = OrderedDict()

    def try_once(self, name: str, address: str) -> float | None:
        """Count a try.

        Args:
            name: as names are compared.

        Returns:
            None if it may be made, else the seconds to wait; tries that are refused make the wait longer.
        """
        now = self._clock()
        network = network_of(address)
        known = [self._of(name, network, PER_NAME_AND_ADDRESS), self._of("", network, PER_ADDRESS)]
        held = [tries for tries in known if now < tries.free_at]
        for tries in held or known:
            tries.add(now)
        return max(tries.free_at for tries in held) - now if held else None

    def succeeded(self, name: str, address: str) -> None:
        """The try was right: it and the wrong ones before it no longer count against this name."""
        network = network_of(address)
        self._tries.pop((name, network), None)
        self._of("", network, PER_ADDRESS).take_back()

    def __len__(self) -> int:
        return len(self._tries)

    def _of(self, name: str, network: str, most: int) -> _Tries:
        key = (name, network)
        tries = self._tries.get(key)
        if tries is None or self._clock() - tries.last_at > WINDOW_S:
            tries = self._tries[key] = _Tries(most)
        self._tries.move_to_end(key)
        while len(self._tries) > self._most_keys:
            self._tries.popitem(last=False)
        return tries


def network_of(address: str) -> str:
    """What one person can hardly change: an IPv4 address, or the network of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, _IPV6_NETWORK), strict=False))
