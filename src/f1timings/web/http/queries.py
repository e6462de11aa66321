"""What a list may be asked: query parameters made from the store's table of fields, and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import BaseModel, Field, create_model

from f1timings.store import Condition, Page
from f1timings.web.http.problems import FieldErrorBody, ProblemError
from f1timings.web.http.timestamps import Moment

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000
# One below 2**63: the widest whole number that both databases hold.
_LARGEST = 2**63 - 1
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
    int: Annotated[int, Field(ge=-_LARGEST - 1, le=_LARGEST)],
    datetime: Moment,
}


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list request, as the store understands it."""

    page: Page
    where: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Filterable:
    """The fields of one list.

    Attributes:
        name: of the list, in the singular and capital (names its model).
        kinds: Python type by public name.
        stored_names: name in the store, where it differs from the public one.
        examples: an example value by public name, for the documentation.
        words: the only values of a text field, where there are only some.
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
        stored_names: Mapping[str, str] | None = None,
        words: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Filterable:
        """Those fields of the store's table that the JSON shows too; arguments as the attributes.

        Args:
            stored: the store's table, Python type by field.
            example: an example of the JSON body.
        """
        renamed = stored_names or {}
        kinds = {
            public: stored[kept] for public in example if (kept := renamed.get(public, public)) in stored
        }
        return cls(name, kinds, renamed, example, words or {})

    @property
    def choice(self) -> str:
        """What may be asked, in words."""
        suffixes = ", ".join(f"_{operator}" for operator in _WORDS if operator != "eq")
        return (
            f"allowed are limit, cursor, sort and the fields {', '.join(self.kinds)}, "
            f"each alone or with {suffixes} (_ne only where it is true or false)"
        )

    def stored(self, public: str) -> str:
        """The store's name of a field."""
        return self.stored_names.get(public, public)


def listing(fields: Filterable) -> Callable[..., ListRequest]:
    """A dependency that reads ``limit``, ``cursor``, ``sort`` and every filter of a list."""
    model, conditions = _model(fields)

    def ask(request: Request, asked: Any) -> ListRequest:
        _refuse_unknown(request, model.model_fields, fields.choice)
        given = asked.model_dump(exclude_none=True)
        where = tuple(
            Condition(fields.stored(field), operator, given[name])
            for name, (field, operator) in conditions.items()
            if name in given
        )
        return ListRequest(
            Page(given["limit"], given.get("cursor"), _stored_sort(fields, given.get("sort"))), where
        )

    ask.__annotations__["asked"] = Annotated[model, Query()]
    return ask


def only(*names: str) -> Callable[[Request], None]:
    """A dependency that refuses all parameters but these, and any that is given twice."""

    def refuse_others(request: Request) -> None:
        _refuse_unknown(request, dict.fromkeys(names), f"allowed are {', '.join(names)}")

    return refuse_others


def no_parameters(request: Request) -> None:
    """A dependency for routes that take no query at all."""
    _refuse_unknown(request, {}, "this route takes none")


def _stored_sort(fields: Filterable, sort: str | None) -> str | None:
    if sort is None:
        return None
    name = sort.removeprefix("-")
    return sort[: len(sort) - len(name)] + fields.stored(name)


def _refuse_unknown(request: Request, allowed: Mapping[str, object], choice: str) -> None:
    """Silence about a misspelt filter would give a wrong answer that looks right."""
    names = [name for name, _ in request.query_params.multi_items()]
    unknown = [name for name in names if name not in allowed]
    doubled = sorted({name for name in names if names.count(name) > 1})
    errors = [_error(name, f"unknown parameter; {choice}") for name in unknown]
    errors += [_error(name, "given more than once; give it once") for name in doubled]
    if errors:
        raise ProblemError("invalid-request", errors=errors)


def _error(parameter: str, message: str) -> FieldErrorBody:
    return FieldErrorBody(where=f"query.{parameter}", message=message)


def _model(fields: Filterable) -> tuple[type[BaseModel], dict[str, tuple[str, str]]]:
    """The model of a list's query, and (field, operator) by the name of each filter."""
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
            Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Rows at most.", examples=[DEFAULT_LIMIT]),
        ),
        "cursor": (
            str | None,
            Field(
                None,
                max_length=2000,
                description="`next` of the page before, unchanged; the first if absent.",
            ),
        ),
        "sort": (
            orders | None,
            Field(
                None,
                description="A field; with `-` before it, descending.",
                examples=[f"-{next(iter(fields.kinds))}"],
            ),
        ),
    }


def _filter(fields: Filterable, field: str, operator: str) -> tuple[Any, Any]:
    example = fields.examples[field]
    described = Field(
        None,
        description=f"`{field}` {_WORDS[operator]} this.",
        examples=[] if example is None else [example],
    )
    accepted = _ACCEPTED[fields.kinds[field]]
    if operator in ("eq", "ne") and field in fields.words:
        accepted = Literal.__getitem__(fields.words[field])
    return accepted | None, described
