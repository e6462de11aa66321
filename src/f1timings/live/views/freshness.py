"""How fresh a rig's data are: when its newest datagram arrived, and whether the game's clock runs."""

from __future__ import annotations

from f1timings.rigs.registry import SILENT_S, RigStatus

# A rig is stale after SILENT_S, and offline after this.
OFFLINE_S = 10.0
# The game's clock is stopped if lap data keep arriving and show the same time for so long.
_STOPPED_S = 0.5
# A new estimate is published only if it differs from the published one by more than this.
TOLERANCE_MS = 100

WAITING, LIVE, STALE, OFFLINE = STATES = ("waiting", "live", "stale", "offline")


def state_of(rig: RigStatus | None, now: float) -> str:
    """``waiting`` (never heard), ``live``, ``stale`` (2 s of silence) or ``offline`` (10 s)."""
    if rig is None:
        return WAITING
    silent_s = now - rig.last_received_at
    return LIVE if silent_s < SILENT_S else STALE if silent_s < OFFLINE_S else OFFLINE


class LastReceived:
    """When a rig's newest datagram arrived: updated once a second while it sends, exact once it is silent."""

    def __init__(self) -> None:
        self._published_ms: int | None = None

    def at_ms(self, rig: RigStatus | None, now: float) -> int | None:
        """Milliseconds since 1970 by the server's clock; None if never."""
        if rig is None:
            return None
        received_ms = round(rig.last_received_at * 1000)
        is_silent = now - rig.last_received_at >= SILENT_S
        if self._published_ms is None or is_silent or abs(received_ms - self._published_ms) >= 1000:
            self._published_ms = received_ms
        return self._published_ms


class GameClockEstimate:
    """The game's clock against the server's clock, so that screens can let their own clock run.

    Attributes:
        zero_ms: server time, milliseconds since 1970, at which the game's clock was 0; None while it is
            stopped.
        stopped_at_ms: session time at which it is stopped; None while it runs or is unknown.
    """

    def __init__(self) -> None:
        self.zero_ms: int | None = None
        self.stopped_at_ms: int | None = None
        self._session: str | None = None
        self._time_ms = -1
        self._moved_at = 0.0

    def update(self, session: str | None, time_ms: int, received_at: float, *, is_live: bool) -> None:
        """Update the estimate from the newest session time.

        Args:
            received_at: when the rig's newest datagram arrived, seconds since 1970.
        """
        if session != self._session or time_ms != self._time_ms:
            self._session, self._time_ms, self._moved_at = session, time_ms, received_at
        if session is None:
            self.zero_ms = self.stopped_at_ms = None
        elif is_live and received_at - self._moved_at < _STOPPED_S:
            zero_ms = round(self._moved_at * 1000) - time_ms
            if self.zero_ms is None or abs(zero_ms - self.zero_ms) > TOLERANCE_MS:
                self.zero_ms = zero_ms
            self.stopped_at_ms = None
        else:
            self.zero_ms, self.stopped_at_ms = None, time_ms


def lap_start_ms(
    session_ms: int, lap_ms: int | None, *, lap_before_ms: int | None, published_ms: int | None
) -> int | None:
    """Session time at which a car's lap began; None while its lap clock is stopped or unknown.

    Args:
        session_ms: session time of the lap data.
        lap_ms: the car's lap clock in the same lap data.
        lap_before_ms: its lap clock at an earlier session time, None if unknown.
        published_ms: the start at that time; a small difference does not change it.
    """
    if not lap_ms or lap_ms == lap_before_ms:
        return None
    start_ms = session_ms - lap_ms
    if published_ms is not None and abs(start_ms - published_ms) <= TOLERANCE_MS:
        return published_ms
    return start_ms


class LapClocks:
    """Session times at which the current laps began, by car; small differences do not change them."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int | None, int | None]] = {}

    def start_ms(self, car_index: int, session_ms: int, lap_ms: int | None) -> int | None:
        """Session time at which a car's lap began, see :func:`lap_start_ms`."""
        previous_ms, lap_before_ms, published_ms = self._known.get(car_index, (None, None, None))
        if not lap_ms or session_ms != previous_ms:
            published_ms = lap_start_ms(
                session_ms, lap_ms, lap_before_ms=lap_before_ms, published_ms=published_ms
            )
            self._known[car_index] = (session_ms, lap_ms, published_ms)
        return published_ms
