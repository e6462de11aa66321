"""The OpenAPI document: FastAPI's own, with the schema of problems, which no route returns by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from f1timings.web.problems import Problem

PROBLEM_SCHEMA = "#/components/schemas/Problem"
_REFERENCE = "#/components/schemas/{model}"


def install(app: FastAPI, complete: Callable[[dict[str, Any]], None]) -> None:
    """Let ``app.openapi()`` give our document; made once.

    Args:
        complete: adds what holds for all routes.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
            complete(app.openapi_schema)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

    # Making it takes half a second: in a thread, while the loop goes on timing.
    @app.get("/openapi.json", include_in_schema=False)
    def document() -> Response:
        return JSONResponse(app.openapi())


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    problem = Problem.model_json_schema(ref_template=_REFERENCE)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    return document
