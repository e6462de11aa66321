"""A predicted place that does not jump: a screen shows a place only after it has lasted. Pure."""

from __future__ import annotations

from typing import Final

LASTS_S: Final = 1.0
"""How long a place must be the predicted one before it is shown, or none before it disappears."""


class SteadyPlace:
    """The predicted place of one rig, as screens show it."""

    def __init__(self) -> None:
        self._lap: object = None
        self._shown: int | None = None
        self._next: int | None = None
        self._since = 0.0

    @property
    def is_settled(self) -> bool:
        """Whether time alone changes nothing of what is shown."""
        return self._shown == self._next

    def clear(self) -> None:
        """Show nothing from now on: no lap is driven, or nothing can be predicted."""
        self._lap = self._shown = self._next = None

    def show(self, lap: object, place: int | None, now: float) -> int | None:
        """The place to show.

        Args:
            lap: which lap it is; another lap begins without a place.
            place: as predicted now; None if the lap would gain nothing.
            now: seconds.
        """
        if lap != self._lap:
            self._lap, self._shown, self._next, self._since = lap, None, place, now
            return None
        if place != self._next:
            self._next, self._since = place, now
        elif now - self._since >= LASTS_S:
            self._shown = place
        return self._shown
