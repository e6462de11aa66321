"""Whether what a rig tells is still true: when it was heard last, and whether the game's clock runs."""

from __future__ import annotations

from f1timings.rigs.registry import SILENT_S, RigStatus

# A rig is stale after SILENT_S, and offline after this.
OFFLINE_S = 10.0
# The clock of a game that sends lap data and stays so long at one time is not running.
_STANDS_S = 0.5
# What the estimate of the clock's zero may differ before it is told anew.
_SLACK_MS = 100

WAITING, LIVE, STALE, OFFLINE = "waiting", "live", "stale", "offline"


def state_of(rig: RigStatus | None, now: float) -> str:
    """``waiting`` (never heard), ``live``, ``stale`` (2 s of silence) or ``offline`` (10 s)."""
    if rig is None:
        return WAITING
    silent_s = now - rig.last_received_at
    return LIVE if silent_s < SILENT_S else STALE if silent_s < OFFLINE_S else OFFLINE


class LastHeard:
    """When a rig was heard last, told once a second while it sends, and exactly when it stops."""

    def __init__(self) -> None:
        self._told_ms: int | None = None

    def at_ms(self, rig: RigStatus | None, now: float) -> int | None:
        """Milliseconds since 1970 by the server's clock; None if never."""
        if rig is None:
            return None
        heard_ms = round(rig.last_received_at * 1000)
        is_exact = now - rig.last_received_at >= SILENT_S
        if self._told_ms is None or is_exact or abs(heard_ms - self._told_ms) >= 1000:
            self._told_ms = heard_ms
        return self._told_ms


class GameClockEstimate:
    """The game's clock against the server's, so that screens let their own clock run.

    Attributes:
        zero_ms: server time, milliseconds since 1970, at which the game's clock was 0; None while it stands.
        stands_at_ms: session time at which it stands; None while it runs, or if nothing is known of it.
    """

    def __init__(self) -> None:
        self.zero_ms: int | None = None
        self.stands_at_ms: int | None = None
        self._session: str | None = None
        self._time_ms = -1
        self._moved_at = 0.0

    def see(self, session: str | None, time_ms: int, heard_at: float, *, is_live: bool) -> None:
        """Take the newest session time.

        Args:
            heard_at: when the rig was heard last, seconds since 1970.
        """
        if session != self._session or time_ms != self._time_ms:
            self._session, self._time_ms, self._moved_at = session, time_ms, heard_at
        if session is None:
            self.zero_ms = self.stands_at_ms = None
        elif is_live and heard_at - self._moved_at < _STANDS_S:
            zero_ms = round(self._moved_at * 1000) - time_ms
            if self.zero_ms is None or abs(zero_ms - self.zero_ms) > _SLACK_MS:
                self.zero_ms = zero_ms
            self.stands_at_ms = None
        else:
            self.zero_ms, self.stands_at_ms = None, time_ms


class LapClocks:
    """Session times at which the laps under way began, by car, told anew only when they really are others."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int, int | None]] = {}

    def start_ms(self, car_index: int, session_ms: int, lap_ms: int | None) -> int | None:
        """Of one car; None while its lap's clock stands or is not known.

        Args:
            session_ms: session time of the lap data.
            lap_ms: what the lap's clock showed in them.
        """
        if not lap_ms:
            self._known.pop(car_index, None)
            return None
        before = self._known.get(car_index)
        start_ms: int | None = session_ms - lap_ms
        if before is not None:
            before_ms, before_lap_ms, told_ms = before
            if session_ms == before_ms:
                return told_ms
            if lap_ms == before_lap_ms:
                start_ms = None
            elif told_ms is not None and start_ms is not None and abs(start_ms - told_ms) <= _SLACK_MS:
                start_ms = told_ms
        self._known[car_index] = (session_ms, lap_ms, start_ms)
        return start_ms
