"""The throttle on guessing: a few free attempts, then a wait that grows, never a permanent lock."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

#: Attempts are forgotten after this time without a new one; no wait is longer.
WINDOW_S: Final = 900.0
#: The attempt with this number is the first that starts a wait.
PER_NAME_AND_ADDRESS: Final = 5
PER_ADDRESS: Final = 20
#: Doubles with each further attempt.
FIRST_WAIT_S: Final = 15.0
_IPV6_NETWORK: Final = 64


@dataclass(slots=True)
class _Attempts:
    """The attempts of one key; forgotten when the window has passed since the last one."""

    limit: int
    count: int = 0
    last_at: float = 0.0
    free_at: float = 0.0

    def add(self, now: float) -> None:
        self.count += 1
        self.last_at = now
        if self.count >= self.limit:
            self.free_at = now + min(WINDOW_S, FIRST_WAIT_S * 2.0 ** min(self.count - self.limit, 16))

    def remove_last(self) -> None:
        self.count = max(0, self.count - 1)
        if self.count < self.limit:
            self.free_at = 0.0


class Throttle:
    """Counts attempts by name and address together, and by address alone; used from one thread.

    An attempt counts when it begins, so that many parallel attempts do not get around the limit. Attempts
    from one address do not delay other addresses, even for the same account.

    Args:
        clock: seconds; must not go backwards.
        max_keys: how many keys are remembered; beyond them the least recently used is forgotten.
    """

    def __init__(self, clock: Callable[[], float], max_keys: int = 10_000) -> None:
        self._clock = clock
        self._max_keys = max_keys
        self._attempts: OrderedDict[tuple[str, str], _Attempts] = OrderedDict()

    def count_attempt(self, name: str, address: str) -> float | None:
        """Count an attempt.

        Args:
            name: in the form in which names are compared.

        Returns:
            None if the attempt is allowed, else the seconds to wait. Refused attempts make the wait longer.
        """
        now = self._clock()
        network = network_of(address)
        both = [
            self._attempts_of(name, network, PER_NAME_AND_ADDRESS),
            self._attempts_of("", network, PER_ADDRESS),
        ]
        waiting = [attempts for attempts in both if now < attempts.free_at]
        for attempts in waiting or both:
            attempts.add(now)
        return max(attempts.free_at for attempts in waiting) - now if waiting else None

    def count_success(self, name: str, address: str) -> None:
        """Forget the attempts for this name, and the last attempt of the address: it was right."""
        network = network_of(address)
        self._attempts.pop((name, network), None)
        self._attempts_of("", network, PER_ADDRESS).remove_last()

    def __len__(self) -> int:
        return len(self._attempts)

    def _attempts_of(self, name: str, network: str, limit: int) -> _Attempts:
        key = (name, network)
        attempts = self._attempts.get(key)
        if attempts is None or self._clock() - attempts.last_at > WINDOW_S:
            attempts = self._attempts[key] = _Attempts(limit)
        self._attempts.move_to_end(key)
        while len(self._attempts) > self._max_keys:
            self._attempts.popitem(last=False)
        return attempts


def network_of(address: str) -> str:
    """The part of an address that one person cannot easily change: all of IPv4, the /64 network of IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))
