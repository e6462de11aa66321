"""The JSON body about what was lost."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Self

from pydantic import ConfigDict, Field

from f1timings.web.http.bodies import Body, Timestamp, moment_text
from f1timings.web.observed.figures import Figures
from f1timings.web.observed.losses import Cause, CauseName, LossState, list_causes, loss_state

LOSSES: dict[str, Any] = {
    "state": "lost",
    "since": "2026-11-22T17:58:03.125000Z",
    "datagrams": 1203456,
    "causes": [
        {"name": "network", "count": 14},
        {"name": "kernel", "count": 0},
        {"name": "receiving", "count": 0},
        {"name": "waiting", "count": 0},
        {"name": "refused", "count": 0},
        {"name": "processing", "count": 0},
        {"name": "records", "count": 0},
        {"name": "captures", "count": 0},
    ],
    "waiting_datagrams": 0,
    "queued_records": 3,
}


class LossCauseBody(Body):
    """How much was lost for one reason."""

    model_config = ConfigDict(json_schema_extra={"examples": [LOSSES["causes"][0]]})

    name: CauseName
    count: int | None = Field(description="Since the start of the server; null if the system does not say.")

    @classmethod
    def of(cls, cause: Cause) -> Self:
        """From a cause."""
        return cls(name=cause.name, count=cause.count)


class LossesBody(Body):
    """Whether anything of the telemetry was lost since the start of the server."""

    model_config = ConfigDict(json_schema_extra={"examples": [LOSSES]})

    state: LossState = Field(
        description="`nothing-lost` only if every count is known to be 0; `unknown`: the system does not say "
        "what its kernel drops."
    )
    since: Timestamp
    datagrams: int = Field(description="Received since then.")
    causes: list[LossCauseBody]
    waiting_datagrams: int = Field(description="Read from the socket and not handled yet.")
    queued_records: int = Field(description="Waiting for the database.")

    @classmethod
    def of(cls, figures: Figures) -> Self:
        """From the figures of this moment."""
        causes = list_causes(figures)
        return cls(
            state=loss_state(causes),
            since=moment_text(datetime.fromtimestamp(figures.since, UTC)),
            datagrams=figures.intake.datagrams,
            causes=[LossCauseBody.of(cause) for cause in causes],
            waiting_datagrams=figures.intake.waiting,
            queued_records=figures.writer.queued,
        )
