"""No body is larger than its route allows, and nobody's body is read who may not call the route."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPResponse
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from f1timings.access.roles import Role
from f1timings.web.access.checks.policy import POLICY, Audience
from f1timings.web.http.body_limits import LARGEST_OF_ANYONE, LARGEST_OF_KNOWN
from tests.web.http.test_problems import problem
from tests.web.world import World

_JSON = {"Content-Type": "application/json"}


@contextmanager
def half_sent(api: httpx.Client, path: str, *headers: str) -> Iterator[HTTPResponse]:
    """The answer to a request of which only the head is ever sent."""
    host, port = api.base_url.host, api.base_url.port
    assert port is not None
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers, "", ""]
    with closing(socket.create_connection((host, port), timeout=60)) as connection:
        connection.sendall("\r\n".join(lines).encode())
        answer = HTTPResponse(connection)
        answer.begin()
        yield answer


def test_a_body_that_is_announced_as_too_large_is_not_read(api: httpx.Client) -> None:
    with half_sent(api, "/api/v1/login", "Content-Length: 60000000") as answer:
        body = json.loads(answer.read())
    assert (answer.status, body["type"]) == (413, "/docs#problem-too-large")
    assert f"{LARGEST_OF_ANYONE:,} bytes" in body["detail"]
    assert answer.getheader("connection") == "close"


def test_a_body_without_a_length_is_read_up_to_the_limit(api: httpx.Client) -> None:
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(4 * LARGEST_OF_ANYONE // 1024):
            sent += 1024
            yield b" " * 1024

    try:
        answer = api.post("/api/v1/login", content=chunks(), headers=_JSON)
    except httpx.WriteError:  # the connection ended while the rest was being sent
        assert sent > LARGEST_OF_ANYONE
    else:
        problem(answer, 413, "too-large")


@pytest.mark.parametrize("size", [LARGEST_OF_ANYONE, LARGEST_OF_ANYONE + 1])
def test_the_limit_is_exact(api: httpx.Client, size: int) -> None:
    answer = api.post("/api/v1/login", content=b" " * size, headers=_JSON)
    if size > LARGEST_OF_ANYONE:
        problem(answer, 413, "too-large")
    else:
        problem(answer, 422, "invalid-request")


def test_who_may_not_call_a_route_is_refused_before_the_body_is_read(api: httpx.Client) -> None:
    with half_sent(api, "/api/v1/drivers", "Content-Length: 1000") as answer:
        assert answer.status == 401
    with half_sent(api, "/api/v1/drivers", "Content-Length: 60000000") as answer:
        assert answer.status == 401
    with half_sent(api, "/api/internal/records", "Transfer-Encoding: chunked") as answer:
        assert answer.status == 401


def test_a_marshal_may_send_more_than_anyone(race: World, api: httpx.Client) -> None:
    headers = {**_JSON, "Authorization": f"Bearer {race.token(Role.MARSHAL)}"}
    allowed = api.post("/api/v1/drivers", content=b" " * LARGEST_OF_KNOWN, headers=headers)
    problem(allowed, 422, "invalid-request")
    refused = api.post("/api/v1/drivers", content=b" " * (LARGEST_OF_KNOWN + 1), headers=headers)
    problem(refused, 413, "too-large")


def test_many_faults_in_one_body_give_a_short_answer(api: httpx.Client) -> None:
    body = json.dumps({f"{number:x}": 1 for number in range(400)})
    assert len(body) <= LARGEST_OF_ANYONE
    answer = api.post("/api/v1/login", content=body, headers=_JSON)
    assert len(problem(answer, 422, "invalid-request")["errors"]) == 20


@pytest.mark.parametrize("text", ["[" * 4000, '{"a":' * 800, "[" * 2000 + "]" * 2000])
def test_a_deep_body_is_an_invalid_request(api: httpx.Client, text: str) -> None:
    answer = api.post("/api/v1/login", content=text, headers=_JSON)
    problem(answer, 422, "invalid-request")


def test_every_route_that_reads_a_body_documents_its_limit(race: World) -> None:
    assert _limits(race.app)["log_in"] == f"Request too large: more than {LARGEST_OF_ANYONE:,} bytes"
    for operation_id, text in _limits(race.app).items():
        is_of_anyone = POLICY[operation_id] is Audience.ANYONE
        assert f"{LARGEST_OF_ANYONE:,}" in text or not is_of_anyone, operation_id


def test_only_routes_that_read_a_body_document_413(race: World) -> None:
    for methods in race.app.openapi()["paths"].values():
        for operation in methods.values():
            assert ("requestBody" in operation) == ("413" in operation["responses"]), operation


def _limits(app: FastAPI) -> dict[str, Any]:
    return {
        operation["operationId"]: operation["responses"]["413"]["description"]
        for methods in app.openapi()["paths"].values()
        for operation in methods.values()
        if "requestBody" in operation
    }
