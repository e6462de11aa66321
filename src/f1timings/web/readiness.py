"""Whether the server can do its work: the state of each part, for everybody and for marshals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from f1timings.errors import StoreDamaged
from f1timings.intake.recorder.state import RecorderState

#: What everybody may read. Only fixed texts: a path, a command, an address or a stored value, such as a
#: person's name, cannot get into one.
PublicState = Literal[
    "ok",
    "damaged: the console of the server and, for marshals, the admin page show what helps",
    "cannot be written: the console of the server and, for marshals, the admin page show the reason",
    "not listening",
    "switched off",
    "paused: too little space is free on the disk",
    "failing: the console of the server and, for marshals, the admin page show the reason",
]


@dataclass(frozen=True, slots=True)
class Check:
    """The state of one part.

    Attributes:
        state: for everybody.
        detail: for marshals, instead of the state; empty if there is no more to say.
    """

    state: PublicState = "ok"
    detail: str = ""

    def text(self, *, has_detail: bool) -> str:
        """The detail if it is wanted and there is one, else the state."""
        return (has_detail and self.detail) or self.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The state of each part.

    Attributes:
        database: whether records can be stored.
        udp: whether telemetry can be received.
        captures: whether telemetry is recorded.
    """

    database: Check = field(default_factory=Check)
    udp: Check = field(default_factory=Check)
    captures: Check = field(default_factory=Check)

    @property
    def is_ready(self) -> bool:
        """Whether laps are timed and stored."""
        return all(check.state == "ok" for check in (self.database, self.udp))

    def texts(self, *, has_detail: bool) -> dict[str, str]:
        """The text of each check, by its name.

        Args:
            has_detail: for a marshal; not for everybody.
        """
        checks = {"database": self.database, "udp": self.udp, "captures": self.captures}
        return {name: check.text(has_detail=has_detail) for name, check in checks.items()}

    def recording_text(self, *, has_detail: bool) -> str:
        """Whether telemetry is still recorded, as a sentence; with the detail for a marshal."""
        if self.captures.state == "ok":
            return "Telemetry is still recorded."
        return f"Recording of telemetry: {self.captures.text(has_detail=has_detail).rstrip('.')}."


def database_check(damage: StoreDamaged | None, error: str | None) -> Check:
    """The state of the database.

    Args:
        damage: with its advice; None if the database is whole as far as it is known.
        error: why the writer stores nothing; None while it works.
    """
    if damage is not None:
        return Check(
            "damaged: the console of the server and, for marshals, the admin page show what helps",
            f"damaged: {damage.damage}. {damage.advice}",
        )
    if error is not None:
        return Check(
            "cannot be written: the console of the server and, for marshals, the admin page show the reason",
            f"cannot be written: {error}",
        )
    return Check()


def captures_check(recording: RecorderState | None) -> Check:
    """The state of the captures; None for a recording that is switched off."""
    if recording is None:
        return Check("switched off")
    if recording.stopped_because is not None:
        return Check("paused: too little space is free on the disk", recording.stopped_because)
    if recording.error is not None:
        return Check(
            "failing: the console of the server and, for marshals, the admin page show the reason",
            recording.error,
        )
    return Check()
