"""The OpenAPI document is complete, and its examples are valid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from f1timings.web.access.checks.policy import POLICY, Audience
from f1timings.web.health import HEALTH, NOT_READY, READY, HealthBody, ReadyBody
from f1timings.web.http.bodies import page_of
from f1timings.web.laps.bodies import LAP, LapBody, LapListBody
from f1timings.web.rigs.bodies import ORDER, ORDER_ROW, RIG, OrderRowBody, RigBody, RunningOrderBody
from f1timings.web.sessions.bodies import (
    CLASSIFICATION,
    CLASSIFICATION_ROW,
    PARTICIPANT,
    SESSION,
    SESSION_DETAIL,
    ClassificationBody,
    ClassificationRowBody,
    SessionBody,
    SessionDetailBody,
    SessionParticipantBody,
)
from f1timings.web.sessions.occurrence_bodies import (
    INCIDENT,
    PIT_VISIT,
    STINT,
    IncidentBody,
    PitVisitBody,
    StintBody,
)

JSON = "application/json"


@pytest.fixture(scope="module")
def document(api: httpx.Client) -> dict[str, Any]:
    document: dict[str, Any] = api.get("/openapi.json").json()
    return document


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from references(child)


def test_the_document_describes_every_public_route(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    public = {key for key, caller in POLICY.items() if caller is not Audience.OWNER}
    assert {operation["operationId"] for operation in operations(document)} == public


def test_every_reference_has_its_schema(document: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) - known == set()


def test_operation_ids_are_unique_words(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document)]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalpha() for name in names)


def test_every_response_has_an_example(document: dict[str, Any]) -> None:
    without = [
        (operation["operationId"], status, media)
        for operation in operations(document)
        for status, answer in operation["responses"].items()
        for media, content in answer.get("content", {}).items()
        if "example" not in content
    ]
    assert without == []


def test_errors_are_described_as_problems(document: dict[str, Any]) -> None:
    # Readiness has the same body for both statuses; the older program's export has its own errors.
    exceptions = {"get_readiness", "older_export"}
    without = [
        (operation["operationId"], status, sorted(answer.get("content", {})))
        for operation in operations(document)
        if operation["operationId"] not in exceptions
        for status, answer in operation["responses"].items()
        if status >= "400" and set(answer.get("content", {})) != {"application/problem+json"}
    ]
    assert without == []


def test_every_schema_has_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    without = {name for name, schema in schemas.items() if "examples" not in schema}
    # The example of a list is with its route, an enum lists its values; of these, the fields have examples.
    without = {name for name in without if not name.endswith("List") and "enum" not in schemas[name]}
    assert without == {"FieldError", "JsonValue", "Refusal"}


def test_every_filter_is_a_described_parameter(document: dict[str, Any]) -> None:
    parameters = {
        parameter["name"]: parameter for parameter in document["paths"]["/api/v1/laps"]["get"]["parameters"]
    }
    expected = {"limit", "cursor", "sort", "lap_time_ms", "lap_time_ms_lt", "is_valid", "official_at_gte"}
    assert expected <= set(parameters)
    assert all(parameter["description"] for parameter in parameters.values())
    assert "is_valid_lt" not in parameters


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (LapBody, LAP),
        (SessionBody, SESSION),
        (SessionDetailBody, SESSION_DETAIL),
        (SessionParticipantBody, PARTICIPANT),
        (ClassificationRowBody, CLASSIFICATION_ROW),
        (ClassificationBody, CLASSIFICATION),
        (IncidentBody, INCIDENT),
        (StintBody, STINT),
        (PitVisitBody, PIT_VISIT),
        (OrderRowBody, ORDER_ROW),
        (RunningOrderBody, ORDER),
        (RigBody, RIG),
        (HealthBody, HEALTH),
        (ReadyBody, READY),
        (ReadyBody, NOT_READY),
        (LapListBody, page_of(LAP)),
    ],
)
def test_an_example_is_valid_for_its_model(model: type[BaseModel], example: dict[str, object]) -> None:
    parsed = model.model_validate_json(httpx.Response(200, json=example).content)
    assert parsed.model_dump(mode="json") == example
