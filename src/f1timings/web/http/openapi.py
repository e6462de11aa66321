"""The OpenAPI document: FastAPI's own, with the schema of problems, and with the public names of our models.

In the code a JSON model's name ends in ``Body``, which tells it from the record of the same name; in the
document it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from f1timings.web.http.problems import Problem

PROBLEM_SCHEMA = "#/components/schemas/Problem"
_REFERENCE = "#/components/schemas/{model}"
_SUFFIX = "Body"


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
    document: dict[str, Any] = get_openapi(
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
    names = {name: name.removesuffix(_SUFFIX) for name in schemas}
    document["components"]["schemas"] = {names[name]: schema for name, schema in schemas.items()}
    references = {_REFERENCE.format(model=old): _REFERENCE.format(model=new) for old, new in names.items()}
    document = _renamed(document, names, references)
    return document


def _renamed(part: Any, names: Mapping[str, str], references: Mapping[str, str]) -> Any:
    """Return a part of the document with the public names of its models, in titles and references."""
    if isinstance(part, list):
        return [_renamed(item, names, references) for item in part]
    if not isinstance(part, dict):
        return part
    renamed = {key: _renamed(value, names, references) for key, value in part.items()}
    if isinstance(part.get("$ref"), str):
        renamed["$ref"] = references.get(part["$ref"], part["$ref"])
    if isinstance(part.get("title"), str):
        renamed["title"] = names.get(part["title"], part["title"])
    return renamed
