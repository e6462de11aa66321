"""The rule for "nothing lost": what was lost since the start, by its cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from f1timings.web.observed.figures import Figures

CauseName = Literal[
    "network", "kernel", "receiving", "waiting", "refused", "processing", "records", "captures"
]
"""``network``: between the rigs and this machine, in updates; ``kernel``: dropped by this machine's kernel;
``receiving``: errors of the socket; ``waiting``: read and then dropped, because too many datagrams of the rig
waited to be handled; ``refused``: events that the full queue to the database refused;
``processing``: other failures, see the log; ``records``: what the database can never accept, see the log;
``captures``: missing in the recordings only."""

LossState = Literal["nothing-lost", "lost", "unknown"]
"""``unknown``: nothing is known to be lost, but this system does not count what its kernel drops."""

_REFUSED: Final = ("StoreBusy", "StoreError")


@dataclass(frozen=True, slots=True)
class Cause:
    """How much was lost for one reason; None if the system does not count it."""

    name: CauseName
    count: int | None


def list_causes(figures: Figures) -> list[Cause]:
    """Every cause with its count, the nearest to the rigs first."""
    intake = figures.intake
    refused = sum(intake.unprocessed.get(kind, 0) for kind in _REFUSED)
    return [
        Cause("network", sum(rig.lost_updates for rig in figures.rigs)),
        Cause("kernel", intake.kernel_dropped),
        Cause("receiving", sum(intake.receive_errors.values())),
        Cause("waiting", _dropped_of_rigs(figures)),
        Cause("refused", refused),
        Cause("processing", sum(intake.unprocessed.values()) - refused),
        Cause("records", figures.writer.rejected),
        Cause("captures", figures.recording.dropped),
    ]


def loss_state(causes: list[Cause]) -> LossState:
    """Whether nothing was lost; that is only said if every count is known to be 0."""
    if any(cause.count for cause in causes):
        return "lost"
    return "unknown" if any(cause.count is None for cause in causes) else "nothing-lost"


def _dropped_of_rigs(figures: Figures) -> int:
    """What the full queue dropped of rigs; a stranger who floods the port loses nothing of ours."""
    keys = [rig.key for rig in figures.rigs]
    return sum(
        count
        for address, count in figures.intake.overflowed.items()
        if any(key == address or key.startswith(f"{address}:") for key in keys)
    )
