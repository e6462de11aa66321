"""``/api/export``: the older program's export of the board, and in other formats."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from f1timings.web.boards.exports import ExportForm, NothingToExport, export_board
from f1timings.web.http import lists
from f1timings.web.http.queries import only
from f1timings.web.http.route_list import RouteList
from f1timings.web.older import bodies
from f1timings.web.services import Services
from f1timings.web.tables.formats import CsvChoice, FileFormat, refuse_csv_choices


class ExportChoice(CsvChoice):
    """The query of an export; without parameters it is the older program's."""

    circuit: str | None = Field(
        None,
        max_length=200,
        pattern=r"^[^\x00]*$",
        description="Any usual name of it; the circuit of the board if absent.",
        examples=["Monza"],
    )
    format: FileFormat | None = Field(
        None,
        description="Format of the file; the older program's CSV, without `Time_ms`, if absent.",
        examples=["xlsx"],
    )

    @property
    def form(self) -> ExportForm:
        """The choice in the terms of the export."""
        return ExportForm(self.format, self.csv_form)


def routes(services: Services) -> RouteList:
    """The route of exports."""
    router = RouteList(
        prefix="/api",
        tags=["older program"],
        dependencies=[Depends(only(*ExportChoice.model_fields)), Depends(lists.accepts_json)],
    )

    @router.get(
        "/export",
        operation_id="older_export",
        summary="Write a board to a file in the data folder",
        response_model=bodies.ExportBody,
        responses={
            **lists.described(bodies.EXPORT, 401, 403, 406, 422, 500, 503),
            400: {
                "description": "No track or no lap",
                "model": bodies.ExportBody,
                "content": {"application/json": {"example": bodies.NO_EXPORT}},
            },
        },
    )
    def older_export(request: Request, choice: Annotated[ExportChoice, Query()]) -> Response:
        if choice.format == "xlsx":
            refuse_csv_choices(request)
        now = datetime.now().astimezone()
        try:
            filename = export_board(
                services.reads, services.data_dir, now, circuit=choice.circuit, form=choice.form
            )
        except NothingToExport as error:
            return JSONResponse(bodies.NO_EXPORT | {"message": str(error)}, 400)
        return JSONResponse(bodies.EXPORT | {"filename": filename})

    return router
