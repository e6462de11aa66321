"""The query parameters of lists: derived from the fields in the store, and validated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeVar

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, ValidationError, create_model

from f1timings.store import Condition, Page
from f1timings.web.http.negotiation import CSV
from f1timings.web.http.problems import FieldErrorBody, ProblemError
from f1timings.web.http.timestamps import Moment
from f1timings.web.tables.formats import FORMAT_PARAMETERS, number_or_format

Parameters = TypeVar("Parameters", bound=BaseModel)

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
# 2**63 - 1 is the largest integer that both databases can store.
LARGEST_INTEGER = 2**63 - 1
_WORDS = {
    "eq": "is",
    "ne": "is not",
    "lt": "is less than",
    "lte": "is at most",
    "gt": "is more than",
    "gte": "is at least",
}
_OPERATORS: Mapping[type, tuple[str, ...]] = {
    bool: ("eq", "ne"),
    str: tuple(_WORDS),
    int: tuple(_WORDS),
    datetime: tuple(_WORDS),
}
_ACCEPTED: Mapping[type, Any] = {
    bool: bool,
    str: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")],
    int: Annotated[int, Field(ge=-LARGEST_INTEGER - 1, le=LARGEST_INTEGER)],
    datetime: Moment,
}

# The model of the query of each list, by the dependency that reads it.
_MODELS: Final[dict[object, type[BaseModel]]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """The request of a list, in the terms of the store.

    Attributes:
        is_whole: the client wants all pages as one file.
        has_format_filter: the list has a field `format`, by which a number in that parameter filters.
    """

    page: Page
    where: tuple[Condition, ...]
    is_whole: bool = False
    has_format_filter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filterable:
    """The fields of one list.

    Attributes:
        name: the prefix of the name of the model of the query.
        kinds: Python type by public name.
        stored_names: name in the store by public name, where they differ.
        examples: an example value by public name, for the documentation.
        words: the possible values of a text field by public name, where their number is limited.
    """

    name: str
    kinds: Mapping[str, type]
    stored_names: Mapping[str, str]
    examples: Mapping[str, object]
    words: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls,
        name: str,
        stored: Mapping[str, type],
        example: Mapping[str, object],
        *,
        stored_names: Mapping[str, str] | None = None,
        words: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Filterable:
        """The fields in the store that the JSON body has, too; other arguments as the attributes.

        Args:
            stored: Python type by name in the store.
            example: an example of the JSON body.
        """
        renamed = stored_names or {}
        kinds = {
            public: stored[name_in_store]
            for public in example
            if (name_in_store := renamed.get(public, public)) in stored
        }
        return cls(name=name, kinds=kinds, stored_names=renamed, examples=example, words=words or {})

    @property
    def choice(self) -> str:
        """The allowed parameters, as a sentence."""
        suffixes = ", ".join(f"_{operator}" for operator in _WORDS if operator != "eq")
        return (
            f"allowed are limit, cursor, sort, all and the fields {', '.join(self.kinds)}, "
            f"each alone or with {suffixes} (only _ne where it is true or false)"
        )

    def stored(self, public: str) -> str:
        """The name of a field in the store."""
        return self.stored_names.get(public, public)


def listing(fields: Filterable) -> Callable[[Request], Awaitable[ListRequest]]:
    """A dependency that reads ``limit``, ``cursor``, ``sort`` and the filters of a list.

    Its parameters are validated here, and FastAPI does not know them: it would look for each of 200 filters
    in every request. :func:`list_parameters` adds them to the OpenAPI document. Like all dependencies here it
    is a coroutine: FastAPI would run any other one in a thread, and wait for that.
    """
    model, conditions = _model(fields)

    async def read_query(request: Request) -> ListRequest:
        given = _validated(request, model).model_dump(exclude_none=True)
        _refuse_unknown(request, model.model_fields, fields.choice)
        where = tuple(
            Condition(fields.stored(field), operator, given[name])
            for name, (field, operator) in conditions.items()
            if name in given
        )
        sort = _stored_sort(fields, given.get("sort"))
        return ListRequest(
            page=Page(given["limit"], given.get("cursor"), sort),
            where=where,
            is_whole=given["all"],
            has_format_filter="format" in fields.kinds,
        )

    _MODELS[read_query] = model
    return read_query


def reading(model: type[Parameters]) -> Callable[[Request], Awaitable[Parameters]]:
    """A dependency that reads the parameters of a model, and refuses all others; see :func:`listing`."""

    async def read_parameters(request: Request) -> Parameters:
        _refuse_unknown(request, model.model_fields, f"allowed are {', '.join(model.model_fields)}")
        return _validated(request, model)

    _MODELS[read_parameters] = model
    return read_parameters


def list_parameters(routes: Iterable[object]) -> Callable[[dict[str, Any]], None]:
    """What adds the parameters that FastAPI does not know to the OpenAPI document of these routes."""

    def add(document: dict[str, Any]) -> None:
        for route in routes:
            if isinstance(route, APIRoute):
                models = (_MODELS.get(dependency.call) for dependency in route.dependant.dependencies)
                for model in filter(None, models):
                    operation = document["paths"][route.path_format]["get"]
                    operation["parameters"] = [*operation.get("parameters", ()), *_described(model)]

    return add


def only(*names: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that refuses every parameter except these, and every repeated parameter."""

    async def refuse_others(request: Request) -> None:
        _refuse_unknown(request, dict.fromkeys(names), f"allowed are {', '.join(names)}")

    return refuse_others


async def no_parameters(request: Request) -> None:
    """A dependency for routes without query parameters."""
    _refuse_unknown(request, {}, "this route has no parameters")


def _validated(request: Request, model: type[Parameters]) -> Parameters:
    """The values of the parameters that were given, and the defaults.

    Raises:
        RequestValidationError: a value is wrong.
    """
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        faults = [fault | {"loc": ("query", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults) from None


def _described(model: type[BaseModel]) -> list[dict[str, Any]]:
    """The parameters of a query for the OpenAPI document, as FastAPI describes them."""
    app = FastAPI()

    def route(query: Any) -> None:
        """Stand in for a list."""

    route.__annotations__["query"] = Annotated[model, Query()]
    app.get("/")(route)
    parameters: list[dict[str, Any]] = app.openapi()["paths"]["/"]["get"]["parameters"]
    return parameters


def _stored_sort(fields: Filterable, sort: str | None) -> str | None:
    if sort is None:
        return None
    name = sort.removeprefix("-")
    return sort[: len(sort) - len(name)] + fields.stored(name)


def _refuse_unknown(request: Request, allowed: Mapping[str, object], choice: str) -> None:
    """Refuse unknown parameters: a misspelt filter that is ignored gives a wrong answer that looks right.

    A list accepts the parameters about its format, too.
    """
    if _is_list(request):
        allowed = {**allowed, **dict.fromkeys(FORMAT_PARAMETERS)}
        choice = f"{choice}; and about the format {', '.join(FORMAT_PARAMETERS)}"
    names = [name for name, _ in request.query_params.multi_items()]
    unknown = [name for name in names if name not in allowed]
    repeated = sorted({name for name in names if names.count(name) > 1})
    errors = [_error(name, f"unknown parameter; {choice}") for name in unknown]
    errors += [_error(name, "repeated; give it once") for name in repeated]
    if errors:
        raise ProblemError("invalid-request", errors=errors)


def _is_list(request: Request) -> bool:
    """Whether the route of a request describes its answer as CSV, as every list does."""
    return CSV in request.scope["route"].responses.get(200, {}).get("content", {})


def _error(parameter: str, message: str) -> FieldErrorBody:
    return FieldErrorBody(where=f"query.{parameter}", message=message)


def _model(fields: Filterable) -> tuple[type[BaseModel], dict[str, tuple[str, str]]]:
    """The model of the query of a list, and (field, operator) by the name of each filter."""
    conditions = {
        field if operator == "eq" else f"{field}_{operator}": (field, operator)
        for field, kind in fields.kinds.items()
        for operator in _OPERATORS[kind]
    }
    filters: dict[str, Any] = {name: _filter(fields, *condition) for name, condition in conditions.items()}
    model = create_model(f"{fields.name}Query", **(_paging(fields) | filters))
    return model, conditions


def _paging(fields: Filterable) -> dict[str, Any]:
    orders: Any = Literal.__getitem__(tuple(sign + name for name in fields.kinds for sign in ("", "-")))
    return {
        "limit": (
            int,
            Field(
                DEFAULT_LIMIT,
                ge=1,
                le=MAX_LIMIT,
                description="The most rows to return.",
                examples=[DEFAULT_LIMIT],
            ),
        ),
        "cursor": (
            str | None,
            Field(
                None,
                max_length=2000,
                description="`next` of the previous page, unchanged; the first page if absent.",
            ),
        ),
        "sort": (
            orders | None,
            Field(
                None,
                description="A field; with `-` before it in descending order.",
                examples=[f"-{next(iter(fields.kinds))}"],
            ),
        ),
        "all": (
            bool,
            Field(False, description="CSV and XLSX only: all pages as one file, without limit and cursor."),
        ),
    }


def _filter(fields: Filterable, field: str, operator: str) -> tuple[Any, Any]:
    example = fields.examples[field]
    accepted = _ACCEPTED[fields.kinds[field]]
    description = f"`{field}` {_WORDS[operator]} this."
    if operator in ("eq", "ne") and field in fields.words:
        accepted = Literal.__getitem__(fields.words[field])
    if field == "format" and operator == "eq":
        accepted = number_or_format(-LARGEST_INTEGER - 1, LARGEST_INTEGER)
        description = "A number: `format` is this. A word: the format of the answer, as in every list."
    examples = [] if example is None else [example]
    return accepted | None, Field(None, description=description, examples=examples)
