"""Every route of the API, called by everybody: let in or refused as the table says, and none is forgotten."""

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

OWNERS = {key for key, who in POLICY.items() if who is Audience.OWNER}
RANKS = {"viewer": 1, "display": 1, "marshal": 2, "admin": 3}
NEEDED: dict[Caller, int] = {Audience.ANYONE: 0, Role.VIEWER: 1, Role.MARSHAL: 2, Role.ADMIN: 3}
ACTORS = ("anonymous before any account", "anonymous", "anonymous, reading closed", *RANKS)
SAFE = ("get",)
# What somebody may do without being a marshal, and why that is no change of anything timed.
OWN_AFFAIRS = {"set_up", "log_in", "log_out", "change_my_password", "end_login"}
# Drivers show their own PIN or code in the body instead.
WITH_PIN = {"take_rig", "leave_rig"}


class Served:
    """A world with and without accounts, and a token of each kind."""

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
        """One request with nothing right in it but who sends it."""
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


def expected(actor: str, who: Caller, method: str) -> str:
    """``let in``, ``who are you`` or ``not you``."""
    rank = RANKS.get(actor, 0)
    if who is Audience.READER:
        return "let in" if rank or "closed" not in actor else "who are you"
    if rank < NEEDED[who]:
        return "not you" if rank else "who are you"
    if actor == "display" and method not in SAFE and who is not Audience.ANYONE:
        return "not you"
    return "let in"


def outcome(answer: httpx.Response) -> str:
    return {401: "who are you", 403: "not you"}.get(answer.status_code, "let in")


@pytest.mark.parametrize("actor", ACTORS)
def test_every_route_lets_in_whom_the_table_names_and_nobody_else(served: Served, actor: str) -> None:
    wrong = {}
    for method, path, key in operations(served.full.app):
        answer = served.call(actor, method, path)
        assert answer.status_code < 500, (key, answer.text)
        if outcome(answer) != expected(actor, POLICY[key], method):
            wrong[f"{method} {path}"] = (answer.status_code, answer.text)
    assert {} == wrong


def test_before_there_is_an_account_a_change_is_answered_with_where_to_begin(served: Served) -> None:
    kinds = set()
    for method, path, key in operations(served.empty.app):
        if method not in SAFE and POLICY[key] is not Audience.ANYONE:
            problem = served.call(ACTORS[0], method, path).json()
            kinds.add(problem["type"])
            assert "/setup" in problem["detail"]
    assert {"/docs#problem-setup-needed"} == kinds


@pytest.mark.parametrize("actor", [*ACTORS[1:]])
def test_what_is_for_commands_of_the_owner_is_for_nobody_else(served: Served, actor: str) -> None:
    paths = [("POST", "/api/internal/records"), ("GET", "/api/internal/tokens")]
    paths += [("POST", "/api/internal/tokens"), ("DELETE", "/api/internal/tokens/none")]
    assert [401] * 4 == [served.call(actor, method, path).status_code for method, path in paths]


def test_the_table_has_a_line_for_every_route_and_no_other(served: Served) -> None:
    assert {key for _, _, key in operations(served.full.app)} | OWNERS == set(POLICY)


def test_a_route_that_the_table_does_not_name_keeps_the_server_from_starting(served: Served) -> None:
    forgotten = {key: who for key, who in POLICY.items() if key != "list_laps"}
    with pytest.raises(LookupError, match="list_laps"):
        refuse_gaps(served.full.app.routes, forgotten)
    refuse_gaps(served.full.app.routes)


def test_nothing_is_changed_by_less_than_a_marshal(served: Served) -> None:
    writes = {key for method, _, key in operations(served.full.app) if method not in SAFE}
    assert {key for key in writes if POLICY[key] not in (Role.MARSHAL, Role.ADMIN)} == OWN_AFFAIRS | WITH_PIN


def test_the_description_says_of_each_route_who_may_call_it(served: Served) -> None:
    document = served.full.app.openapi()
    for methods in document["paths"].values():
        for operation in methods.values():
            who = POLICY[operation["operationId"]]
            named = any({} == one for one in operation.get("security", [{}]))
            assert named == (who in (Audience.ANYONE, Audience.READER)), operation["operationId"]
    assert {"token", "session", "display"} == set(document["components"]["securitySchemes"])
