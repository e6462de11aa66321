"""Problem details (RFC 9457): the JSON body of every error that the API answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi.responses import Response
from pydantic import ConfigDict, Field, JsonValue

from f1timings.web.http.bodies import Body
from f1timings.web.http.problem_kinds import KINDS

MEDIA_TYPE = "application/problem+json"


class RefusalBody(Body):
    """Why an act is refused, for programs with sentences of their own."""

    code: str = Field(
        description="Which refusal it is; it is always the same.", examples=["driver-name-taken"]
    )
    values: dict[str, str] = Field(description="What the sentence names.", examples=[{"name": "Ada"}])


class FieldErrorBody(Body):
    """One fault in a request."""

    where: str = Field(
        description="`query`, `path`, `body` or `header`, then the name.", examples=["query.limit"]
    )
    message: str = Field(examples=["Input should be less than or equal to 1000"])
    kind: str | None = Field(
        default=None,
        description="Of a value in a wrong form: what is wrong with it, such as `string_too_short`.",
    )
    limit: int | None = Field(
        default=None, description="Of a text that is too short or too long: what is allowed."
    )


class ProblemBody(Body):
    """Problem details as RFC 9457 describes them; `detail` states what to do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/docs#problem-not-found",
                    "title": "Not found",
                    "status": 404,
                    "detail": "There is no lap 'x'. GET /api/v1/laps lists the laps.",
                    "instance": "/api/v1/laps/x",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldErrorBody] | None = None
    refusal: RefusalBody | None = Field(None, description="Of a refused act: why.")
    current: dict[str, JsonValue] | None = Field(
        None, description="Of a conflict: the record as it is now, in the form of its own route."
    )


class ProblemError(Exception):
    """Raised in a route to answer a problem.

    Args:
        kind: a key of :data:`~f1timings.web.http.problem_kinds.KINDS`.
        detail: what to do; the kind's advice if empty.
        errors: the single faults of a request.
        headers: further headers, such as Retry-After.
    """

    def __init__(
        self,
        kind: str,
        detail: str = "",
        errors: Sequence[FieldErrorBody] = (),
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers


def problem_response(
    kind: str,
    instance: str,
    detail: str = "",
    *,
    errors: Sequence[FieldErrorBody] = (),
    headers: Mapping[str, str] | None = None,
    refusal: RefusalBody | None = None,
    current: dict[str, JsonValue] | None = None,
) -> Response:
    """The HTTP response for a problem.

    Args:
        kind: a key of :data:`~f1timings.web.http.problem_kinds.KINDS`.
        instance: path of the request.
        detail: what to do; the kind's advice if empty.
        errors: the single faults of the request.
        headers: further headers, such as Allow.
        refusal: of a refused act, why.
        current: of a conflict, the record as it is now.
    """
    row = KINDS[kind]
    body = ProblemBody(
        type=f"/docs#problem-{kind}",
        title=row.title,
        status=row.status,
        detail=detail or row.advice,
        instance=instance,
        errors=list(errors) or None,
        refusal=refusal,
        current=current,
    )
    return Response(
        body.model_dump_json(exclude_none=True),
        status_code=row.status,
        headers=headers,
        media_type=MEDIA_TYPE,
    )
