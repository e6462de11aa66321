"""The format of a list: chosen by query parameters, which work in an address bar, or by the Accept header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Literal, NamedTuple

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError, WithJsonSchema, WrapValidator

from f1timings.web.http.negotiation import CSV, JSON, XLSX, choose
from f1timings.web.http.problems import FieldErrorBody, ProblemError
from f1timings.web.tables.csv_text import CsvForm

#: The media types of the formats that every list has, in our order of preference.
MEDIA_TYPES: Final[Mapping[str, str]] = {"json": JSON, "csv": CSV, "xlsx": XLSX}
_ONLY_CSV: Final = ("delimiter", "bom")

Delimiter = Literal[",", ";", "tab"]
FileFormat = Literal["csv", "xlsx"]
DELIMITERS: Final[Mapping[Delimiter, str]] = {",": ",", ";": ";", "tab": "\t"}


class CsvChoice(BaseModel):
    """The query parameters about CSV."""

    delimiter: Delimiter = Field(
        ",", description="CSV only: the character between two cells. Excel in Italian expects `;`."
    )
    bom: bool = Field(
        False, description="CSV only: begin with a byte order mark, by which Excel recognises UTF-8."
    )

    @property
    def csv_form(self) -> CsvForm:
        """The choice in the terms of the writer."""
        return CsvForm(DELIMITERS[self.delimiter], self.bom)


class FormatChoice(CsvChoice):
    """The query parameters about the format of an answer.

    Attributes:
        media_types: by the word for each format, in our order of preference.
    """

    media_types: ClassVar[Mapping[str, str]] = MEDIA_TYPES

    format: str | None = None


class ListFormatChoice(FormatChoice):
    """The query parameters about the format of a list."""

    format: Literal["json", "csv", "xlsx"] | None = Field(
        None, description="Format of the answer; the Accept header decides if absent.", examples=["csv"]
    )


def number_or_format(least: int, greatest: int) -> Any:
    """Return the type of a parameter `format` that filters by a number; it is None for a format of files.

    Args:
        least: the least number.
        greatest: the greatest number.
    """
    number = {"type": "integer", "minimum": least, "maximum": greatest}
    word = {"type": "string", "enum": [*MEDIA_TYPES]}
    return Annotated[
        int,
        Field(ge=least, le=greatest),
        WrapValidator(lambda given, check: None if given in MEDIA_TYPES else check(given)),
        WithJsonSchema({"anyOf": [number, word]}),
    ]


class ListFormat(NamedTuple):
    """The format in which a client wants a list.

    Attributes:
        word: for the format, as in the parameter `format`.
        media_type: of the answer; two formats may have the same one.
        csv_form: how CSV is written.
    """

    word: str
    media_type: str
    csv_form: CsvForm


#: The names of the query parameters that every list accepts.
FORMAT_PARAMETERS: Final = ("format", *_ONLY_CSV)


def requested_format(
    request: Request, *, has_format_filter: bool = False, choices: type[FormatChoice] = ListFormatChoice
) -> ListFormat:
    """Return the format that a client wants.

    Args:
        has_format_filter: the list has a field `format`, by which a number in the parameter filters.
        choices: the formats of the route.

    Raises:
        RequestValidationError: a parameter has another value than those that are possible.
        ProblemError: the client accepts none of our formats, or chooses details of CSV for another format.
    """
    choice = _parse_choice(request, choices, has_format_filter=has_format_filter)
    word = choice.format or _accepted_word(request, choices.media_types)
    if word != "csv":
        refuse_csv_choices(request)
    return ListFormat(word, choices.media_types[word], choice.csv_form)


def refuse_csv_choices(request: Request) -> None:
    """Refuse parameters about CSV in a request for something else.

    Raises:
        ProblemError: the request has such a parameter.
    """
    errors = [
        FieldErrorBody(where=f"query.{name}", message="is for CSV only; add format=csv, or leave it out")
        for name in _ONLY_CSV
        if name in request.query_params
    ]
    if errors:
        raise ProblemError("invalid-request", errors=errors)


def add_format_parameters(document: dict[str, Any]) -> None:
    """Add the parameters about the format to every list in an OpenAPI document, as far as it has none."""
    parameters = format_parameters(ListFormatChoice)
    for methods in document["paths"].values():
        for operation in methods.values():
            if CSV in operation["responses"].get("200", {}).get("content", {}):
                operation["parameters"] = _inserted(parameters, operation.get("parameters", []))


def format_parameters(choices: type[FormatChoice]) -> list[dict[str, Any]]:
    """The parameters about the format, for the OpenAPI document."""
    properties = choices.model_json_schema()["properties"]
    return [_described_parameter(name, properties[name]) for name in FORMAT_PARAMETERS]


def _accepted_word(request: Request, media_types: Mapping[str, str]) -> str:
    """The word for the format that the Accept header prefers.

    Raises:
        ProblemError: the client accepts none of them.
    """
    media_type = choose(request.headers.get("accept"), tuple(media_types.values()))
    if media_type is None:
        raise ProblemError("not-acceptable")
    return next(word for word, known in media_types.items() if known == media_type)


def _parse_choice(request: Request, choices: type[FormatChoice], *, has_format_filter: bool) -> FormatChoice:
    given = {name: request.query_params[name] for name in FORMAT_PARAMETERS if name in request.query_params}
    if has_format_filter and given.get("format") not in MEDIA_TYPES:
        given.pop("format", None)
    try:
        return choices.model_validate(given)
    except ValidationError as error:
        faults = [fault | {"loc": ("query", *fault["loc"])} for fault in error.errors()]
        raise RequestValidationError(faults) from None


def _inserted(
    parameters: Sequence[dict[str, Any]], own: Sequence[dict[str, Any]]
) -> Sequence[dict[str, Any]]:
    """An operation's own parameters with others between those of the path and the filters."""
    names = {parameter["name"] for parameter in own}
    in_path = [parameter for parameter in own if parameter["in"] == "path"]
    return [
        *in_path,
        *(parameter for parameter in parameters if parameter["name"] not in names),
        *(parameter for parameter in own if parameter["in"] != "path"),
    ]


def _described_parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    description = schema.pop("description")
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
