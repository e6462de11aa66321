"""``/api/v1/losses`` for staff, and ``/metrics`` for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fastapi import Depends
from fastapi.responses import PlainTextResponse, Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0

from f1timings.errors import StoreError
from f1timings.store import Page
from f1timings.web.http import lists
from f1timings.web.http.queries import no_parameters
from f1timings.web.http.responses import json_response
from f1timings.web.http.route_list import RouteList
from f1timings.web.observed.bodies import LOSSES, LossesBody
from f1timings.web.observed.metrics import MetricsPage
from f1timings.web.services import Services

PATH: Final = "/metrics"
_MOST_RIGS: Final = Page(limit=1000)


class _RigNumbers:
    """The numbers of rigs; a rig keeps its number, so they are read again only for a new one."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._numbers: dict[str, int] = {}

    def read(self) -> Mapping[str, int]:
        """The numbers by key; those that are known, if the database does not answer."""
        if self._services.rigs.statuses().keys() - self._numbers.keys():
            try:
                stored = self._services.reads.list_rigs(_MOST_RIGS).items
            except StoreError:
                return self._numbers
            self._numbers = {rig.rig.key: rig.number for rig in stored}
        return self._numbers


def routes(services: Services) -> RouteList:
    """The route about losses; in a worker thread, because the system's list of sockets is a file."""
    router = RouteList(tags=["health"])

    @router.get(
        "/losses",
        operation_id="get_losses",
        summary="Whether anything of the telemetry was lost",
        dependencies=[Depends(lists.accepts_json), Depends(no_parameters)],
        response_model=LossesBody,
        responses=lists.described(LOSSES, 401, 403, 406, 422, 500, 503),
    )
    def get_losses() -> Response:
        return json_response(LossesBody.of(services.figures()))

    return router


def metrics_routes(services: Services) -> RouteList:
    """The route for Prometheus, which ignores the Accept header."""
    router = RouteList(tags=["health"])
    page = MetricsPage(services.figures, _RigNumbers(services).read, services.version)

    @router.get(
        PATH,
        operation_id="get_metrics",
        summary="The metrics, for Prometheus",
        description="Needs a token, also while reading is open. The format is Prometheus' text format.",
        response_class=PlainTextResponse,
        responses={
            **lists.described({}, 401, 403, 500, 503),
            200: {"content": {"text/plain": {"example": "f1timings_datagrams_total 70.0\n"}}},
        },
    )
    def get_metrics() -> Response:
        headers = {"Cache-Control": "no-store"}
        return PlainTextResponse(page.text(), media_type=CONTENT_TYPE_PLAIN_1_0_0, headers=headers)

    return router
