"""Rigs that were joined because they are one: which of their keys sends now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from f1timings.rigs.status import RigStatus

Joins = Mapping[str, str]
"""The rig that remains, by the rig that was joined into it."""


def keys_of(joins: Joins, rig: str) -> list[str]:
    """The keys under which a rig recorded: its own, and those of the rigs joined into it."""
    return [rig, *sorted(key for key, into in joins.items() if into == rig)]


def _no_joins() -> Joins:
    return {}


class JoinedRigs:
    """The rigs as people see them: a joined rig is the rig that remains, and has no status of its own.

    Args:
        statuses: every rig since the start, by the key under which it sends.
        joins: the rigs that are joined now.
        clock: server time, seconds since 1970.
    """

    def __init__(
        self,
        statuses: Callable[[], Mapping[str, RigStatus]],
        joins: Callable[[], Joins] = _no_joins,
        *,
        clock: Callable[[], float],
    ) -> None:
        self._statuses = statuses
        self._joins = joins
        self._clock = clock

    def remaining(self, rig: str) -> str:
        """The rig that remains: the one into which a rig was joined, else the rig itself."""
        return self._joins().get(rig, rig)

    def sending(self, rig: str) -> str:
        """The key under which a rig sends now, or sent last; its own key if it was never heard."""
        joins = self._joins()
        if not joins:
            return rig
        keys = self._heard(joins, joins.get(rig, rig))
        now, statuses = self._clock(), self._statuses()
        live = next((key for key in keys if statuses[key].is_live(now)), None)
        return live or max(keys, key=lambda key: statuses[key].last_received_at, default=rig)

    def statuses(self) -> Mapping[str, RigStatus]:
        """The status of every rig heard since the start, by the key of the rig that remains."""
        joins, statuses = self._joins(), self._statuses()
        if not joins:
            return statuses
        remaining = dict.fromkeys(joins.get(key, key) for key in list(statuses))
        return {rig: statuses[self.sending(rig)] for rig in remaining}

    def sends_twice(self, rig: str) -> bool:
        """Whether a rig sends under two keys at once: then it is two rigs, and was joined by mistake."""
        joins, statuses = self._joins(), self._statuses()
        if not joins:
            return False
        now = self._clock()
        return sum(statuses[key].is_live(now) for key in self._heard(joins, rig)) > 1

    def _heard(self, joins: Joins, rig: str) -> list[str]:
        """The keys of a rig that were heard, its own first."""
        return [key for key in keys_of(joins, rig) if key in self._statuses()]
