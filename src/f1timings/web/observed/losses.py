"""The rule for "nothing lost": what was lost since the start, by its cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from f1timings.web.observed.figures import Figures

CauseName = Literal["network", "kernel", "receiving", "refused", "processing", "records", "captures"]
"""``network``: between the rigs and this machine, in updates; ``kernel``: dropped by this machine's kernel;
``receiving``: errors of the socket; ``refused``: events that the full queue to the database refused;
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
