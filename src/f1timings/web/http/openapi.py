"""The OpenAPI document: FastAPI's, with the schema of problems and the public names of our models.

In the code, the class name of a JSON model ends in ``Body``, which distinguishes it from the domain record.
The document leaves that ending out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from f1timings.web.http.problems import ProblemBody

PROBLEM_SCHEMA = "#/components/schemas/Problem"
_REFERENCE = "#/components/schemas/{model}"
_SUFFIX = "Body"


def install(app: FastAPI, *complete: Callable[[dict[str, Any]], None]) -> None:
    """Replace ``app.openapi()`` by our document, and add the route ``/openapi.json``.

    Args:
        complete: functions that add to the document what holds for many routes.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _build_document(app)
            for add in complete:
                add(app.openapi_schema)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

    # Not async, so it runs in a thread: building the document takes half a second.
    @app.get("/openapi.json", include_in_schema=False)
    def document() -> Response:
        return JSONResponse(app.openapi())


def _build_document(app: FastAPI) -> dict[str, Any]:
    document: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    problem = ProblemBody.model_json_schema(ref_template=_REFERENCE)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(problem.pop("$defs"))
    schemas[ProblemBody.__name__] = problem
    names = {name: name.removesuffix(_SUFFIX) for name in schemas}
    document["components"]["schemas"] = {names[name]: schema for name, schema in schemas.items()}
    references = {_REFERENCE.format(model=old): _REFERENCE.format(model=new) for old, new in names.items()}
    document = _rename(document, names, references)
    return document


def _rename(part: Any, names: Mapping[str, str], references: Mapping[str, str]) -> Any:
    """A part of the document with the public names of its models, in titles and references."""
    if isinstance(part, list):
        return [_rename(item, names, references) for item in part]
    if not isinstance(part, dict):
        return part
    renamed = {key: _rename(value, names, references) for key, value in part.items()}
    if isinstance(part.get("$ref"), str):
        renamed["$ref"] = references.get(part["$ref"], part["$ref"])
    if isinstance(part.get("title"), str):
        renamed["title"] = names.get(part["title"], part["title"])
    return renamed
