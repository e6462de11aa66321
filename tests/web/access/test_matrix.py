"""Every route of the API, called by every kind of client: allowed or refused as the policy states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from f1timings.access.accounts import Reading
from f1timings.access.roles import Role
from f1timings.web.access.checks.policy import POLICY, Audience, Caller, refuse_gaps
from f1timings.web.access.credentials.password_hashing import hash_now
from tests.web.access.conftest import ADMIN, BY, PASSWORD, client_of
from tests.web.world import World, open_world, serve

OWNER_OPERATIONS = {key for key, caller in POLICY.items() if caller is Audience.OWNER}
RANKS = {"viewer": 1, "display": 1, "marshal": 2, "admin": 3}
NEEDED: dict[Caller, int] = {Audience.ANYONE: 0, Role.VIEWER: 1, Role.MARSHAL: 2, Role.ADMIN: 3}
ACTORS = ("anonymous before any account", "anonymous", "anonymous, reading closed", *RANKS)
SAFE = ("get",)
# What clients below marshal may change: only their own login and password, nothing that was timed.
OWN_LOGIN = {"set_up", "log_in", "log_out", "change_my_password", "end_login"}
# Drivers send their own PIN or code in the body instead.
WITH_PIN = {"take_rig", "leave_rig", "sign_in_as_driver"}


class Served:
    """A world without accounts and one with accounts, and a client of each kind."""

    def __init__(self, empty: World, full: World, empty_address: str, full_address: str) -> None:
        self.full = full
        full.access.accounts.add(ADMIN, Role.ADMIN, hash_now(PASSWORD), by=BY)
        tokens = {role.value: full.token(role) for role in Role}
        tokens["display"] = full.access.tokens.add("tv", Role.VIEWER, "display", by=BY)[1]
        self.clients = {name: client_of(full_address, token) for name, token in tokens.items()}
        self.clients |= {name: client_of(full_address) for name in ACTORS[1:3]}
        self.clients[ACTORS[0]] = client_of(empty_address)
        self.empty = empty

    def call(self, actor: str, method: str, path: str) -> httpx.Response:
        """Send a request that is invalid except for its sender."""
        reading: Reading = "closed" if "closed" in actor else "open"
        if self.full.access.directory.reading != reading:
            self.full.access.changes.set_reading(reading, BY)
        body: Any = {"no such field": 1} if method in ("post", "put", "patch") else None
        return self.clients[actor].request(method, re.sub(r"\{\w+\}", "none", path), json=body)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with (
        open_world(tmp_path_factory.mktemp("empty")) as empty,
        open_world(tmp_path_factory.mktemp("full")) as full,
        serve(empty.app) as empty_address,
        serve(full.app) as full_address,
    ):
        served = Served(empty, full, empty_address, full_address)
        yield served
        for client in served.clients.values():
            client.close()


def operations(app: FastAPI) -> list[tuple[str, str, str]]:
    """Method, path and operation id of every route in the OpenAPI document."""
    return [
        (method, path, operation["operationId"])
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    ]


def expected(actor: str, caller: Caller, method: str) -> str:
    """``allowed``, ``unauthorised`` or ``forbidden``."""
    rank = RANKS.get(actor, 0)
    if caller is Audience.READER:
        return "allowed" if rank or "closed" not in actor else "unauthorised"
    if rank < NEEDED[caller]:
        return "forbidden" if rank else "unauthorised"
    if actor == "display" and method not in SAFE and caller is not Audience.ANYONE:
        return "forbidden"
    return "allowed"


def outcome(answer: httpx.Response) -> str:
    return {401: "unauthorised", 403: "forbidden"}.get(answer.status_code, "allowed")


@pytest.mark.parametrize("actor", ACTORS)
def test_every_route_allows_the_callers_of_the_policy_and_no_others(served: Served, actor: str) -> None:
    wrong = {}
    for method, path, key in operations(served.full.app):
        answer = served.call(actor, method, path)
        assert answer.status_code < 500, (key, answer.text)
        if outcome(answer) != expected(actor, POLICY[key], method):
            wrong[f"{method} {path}"] = (answer.status_code, answer.text)
    assert {} == wrong


def test_before_setup_a_refused_change_points_to_the_setup_page(served: Served) -> None:
    kinds = set()
    for method, path, key in operations(served.empty.app):
        if method not in SAFE and POLICY[key] is not Audience.ANYONE:
            problem = served.call(ACTORS[0], method, path).json()
            kinds.add(problem["type"])
            assert "/setup" in problem["detail"]
    assert {"/docs#problem-setup-needed"} == kinds


@pytest.mark.parametrize("actor", [*ACTORS[1:]])
def test_routes_for_commands_of_the_owner_refuse_every_other_client(served: Served, actor: str) -> None:
    paths = [("POST", "/api/internal/records"), ("GET", "/api/internal/tokens")]
    paths += [("POST", "/api/internal/tokens"), ("DELETE", "/api/internal/tokens/none")]
    assert [401] * 4 == [served.call(actor, method, path).status_code for method, path in paths]


def test_the_policy_names_exactly_the_routes_that_exist(served: Served) -> None:
    assert {key for _, _, key in operations(served.full.app)} | OWNER_OPERATIONS == set(POLICY)


def test_the_server_does_not_start_with_a_route_that_the_policy_does_not_name(served: Served) -> None:
    incomplete = {key: caller for key, caller in POLICY.items() if key != "list_laps"}
    with pytest.raises(LookupError, match="list_laps"):
        refuse_gaps(served.full.app.routes, incomplete)
    refuse_gaps(served.full.app.routes)


def test_only_marshals_and_admins_change_anything_timed(served: Served) -> None:
    writes = {key for method, _, key in operations(served.full.app) if method not in SAFE}
    assert {key for key in writes if POLICY[key] not in (Role.MARSHAL, Role.ADMIN)} == OWN_LOGIN | WITH_PIN


def test_the_openapi_document_states_for_each_route_who_may_call_it(served: Served) -> None:
    document = served.full.app.openapi()
    for methods in document["paths"].values():
        for operation in methods.values():
            caller = POLICY[operation["operationId"]]
            needs_no_login = {} in operation.get("security", [{}])
            assert needs_no_login == (caller in (Audience.ANYONE, Audience.READER)), operation["operationId"]
    assert {"token", "session", "display"} == set(document["components"]["securitySchemes"])
