"""``/api/v1/circuits/{track_id}/outline``: what a circuit looks like."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.responses import Response

from f1timings.outlines.records import OutlineKey
from f1timings.packets import FIRST_FORMAT, track_name
from f1timings.web.caching.etags import CACHING, NOT_MODIFIED, etag_of, is_known
from f1timings.web.circuits.bodies import OUTLINE, OutlineBody
from f1timings.web.http import lists
from f1timings.web.http.negotiation import JSON
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.queries import only
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

_DESCRIPTION = (
    "It is learned from where cars drive, per circuit and packet format, and known after the first complete "
    "lap. The answer has an ETag; send it as `If-None-Match` to get 304 while nothing has changed."
)
_TrackId = Annotated[
    int, Path(ge=0, le=99, examples=[11], description="The game's number of it: `track_id` in `map:<rig>`.")
]
_Format = Annotated[int, Query(ge=FIRST_FORMAT, le=9999, examples=[2025], description="Such as 2025.")]


def routes(services: Services) -> RouteList:
    """The routes of circuits."""
    router = RouteList(tags=["sessions"])

    @router.get(
        "/circuits/{track_id}/outline",
        operation_id="get_outline",
        summary="What a circuit looks like",
        description=_DESCRIPTION,
        dependencies=[Depends(lists.accepts_json), Depends(only("packet_format"))],
        response_model=OutlineBody,
        responses=lists.described(OUTLINE, 404, 406, 422, 500) | NOT_MODIFIED,
    )
    def get_outline(request: Request, track_id: _TrackId, packet_format: _Format) -> Response:
        outline = services.outline(OutlineKey(track_id, packet_format))
        if outline is None:
            name = track_name(packet_format, track_id) or f"track {track_id}"
            raise ProblemError("not-found", f"No complete lap of {name} was seen in format {packet_format}.")
        content = OutlineBody.of(outline).model_dump_json().encode()
        tag = etag_of(content)
        headers = {"ETag": tag, "Cache-Control": CACHING}
        if is_known(tag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=JSON, headers=headers)

    return router
