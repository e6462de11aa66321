"""Tokens of programs and screens: the secret is shown once, each has a role, and revoking works at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from f1timings.access.roles import Role
from tests.web.access.conftest import BY, OTHER_PASSWORD, client_of, log_in, status_and_kind
from tests.web.world import World

TOKENS = "/api/v1/tokens"
ACCOUNTS = "/api/v1/accounts"
LAPS = "/api/v1/laps"


def create_token(admin: httpx.Client, **fields: Any) -> dict[str, Any]:
    answer = admin.post(TOKENS, json={"name": "bot", "role": "marshal"} | fields)
    assert 201 == answer.status_code, answer.text
    token: dict[str, Any] = answer.json()
    return token


def test_a_token_is_shown_once_and_listed_without_its_secret(admin: httpx.Client) -> None:
    token = create_token(admin)
    listed = admin.get(TOKENS)
    assert token["token"] not in listed.text
    assert [{name: token[name] for name in token if name != "token"}] == listed.json()["items"]


def test_a_program_with_a_token_has_its_role(admin: httpx.Client, address: str) -> None:
    with client_of(address, create_token(admin)["token"]) as program:
        me = program.get("/api/v1/me").json()
        assert ("bot", "marshal", "token") == (me["name"], me["role"], me["kind"])
        assert (403, "forbidden") == status_and_kind(program.get("/api/v1/accounts"))


def test_a_token_needs_no_origin(world: World, address: str) -> None:
    with client_of(address, world.token(Role.ADMIN)) as program:
        for origin in ({}, {"Origin": "http://elsewhere.example"}):
            created = program.post(TOKENS, json={"name": "x", "role": "viewer"}, headers=origin)
            assert 201 == created.status_code
            path = f"{TOKENS}/{created.json()['id']}"
            assert 204 == program.delete(path, headers=origin).status_code


def test_a_revoked_token_is_refused_even_while_reading_is_open(admin: httpx.Client, address: str) -> None:
    token = create_token(admin)
    with client_of(address, token["token"]) as program:
        assert 200 == program.get(LAPS).status_code
        assert [204, 404] == [admin.delete(f"{TOKENS}/{token['id']}").status_code for _ in range(2)]
        refused = program.get(LAPS)
        assert (401, "unauthorised") == status_and_kind(refused)
        assert "revoked" in refused.json()["detail"]
        assert "Bearer" == refused.headers["www-authenticate"]
        assert 200 == program.get("/api/health").status_code


def test_a_token_expires(world: World, admin: httpx.Client, address: str) -> None:
    directory = world.access.directory
    until = datetime.fromtimestamp(directory._clock(), UTC) + timedelta(days=1)
    token = create_token(admin, expires_at=until.isoformat())
    with client_of(address, token["token"]) as program:
        assert 200 == program.get(LAPS).status_code
        later = until.timestamp() + 1
        directory._clock = lambda: later
        assert "expired" in program.get(LAPS).json()["detail"]


def test_a_token_works_before_any_account_exists(world: World, address: str) -> None:
    with client_of(address, world.token(Role.ADMIN)) as program:
        assert 201 == program.post(TOKENS, json={"name": "x", "role": "viewer"}).status_code


def test_a_display_token_works_in_an_address_and_only_reads(admin: httpx.Client, address: str) -> None:
    secret = create_token(admin, role="viewer", kind="display")["token"]
    admin.patch("/api/v1/access", json={"reading": "closed"})
    with client_of(address) as screen:
        assert 401 == screen.get(LAPS).status_code
        assert 200 == screen.get(f"{LAPS}?limit=3&token={secret}").status_code
        assert 404 == screen.get(f"{LAPS}/none?token={secret}").status_code
        me = screen.get(f"/api/v1/me?token={secret}").json()
        assert ("viewer", "token") == (me["role"], me["kind"])
        assert 401 == screen.get(f"{LAPS}?token=wrong").status_code
    with client_of(address, secret) as screen:
        assert 200 == screen.get(LAPS).status_code
        assert 403 == screen.delete("/api/v1/logins/none").status_code


def test_any_other_token_in_an_address_is_refused(world: World, address: str) -> None:
    with client_of(address) as screen:
        refused = screen.get(f"{LAPS}?token={world.token(Role.VIEWER)}")
    assert (401, "unauthorised") == status_and_kind(refused)
    assert "Only a display's token" in refused.json()["detail"]


def test_a_page_opens_with_a_display_token_in_its_address(world: World, address: str) -> None:
    secret = world.access.tokens.add("tv", Role.VIEWER, "display", by=BY)[1]
    with client_of(address) as screen:
        plain, with_token = screen.get("/"), screen.get(f"/?token={secret}")
    assert plain.status_code == with_token.status_code
    assert plain.content == with_token.content


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "boss"},
        {"name": ""},
        {"kind": "display", "role": "admin"},
        {"expires_at": "yesterday"},
        {"expires_at": 1_900_000_000},
        {"expires_at": "2026-11-22T16:00:00"},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"unknown": 1},
    ],
)
def test_a_token_with_an_invalid_field_is_refused(admin: httpx.Client, wrong: dict[str, Any]) -> None:
    refused = admin.post(TOKENS, json={"name": "bot", "role": "marshal"} | wrong)
    assert (422, "invalid-request") == status_and_kind(refused)


@pytest.mark.parametrize("header", ["Bearer", "Bearer x y", "bearer " + "x" * 5000, "Bearer ü"])
def test_text_that_is_not_a_token_is_refused(anonymous: httpx.Client, header: str) -> None:
    assert 401 == anonymous.get(LAPS, headers={b"Authorization": header.encode()}).status_code


def test_other_authorization_schemes_are_ignored(anonymous: httpx.Client) -> None:
    headers = {"Authorization": "Basic YWRtaW46YWRtaW4xMjM="}
    assert 200 == anonymous.get(LAPS, headers=headers).status_code
    assert "anonymous" == anonymous.get("/api/v1/me", headers=headers).json()["kind"]


@pytest.fixture
def colleague(admin: httpx.Client, address: str) -> Iterator[tuple[dict[str, Any], httpx.Client]]:
    """The account of another admin, and the client that is logged in with it."""
    new = {"name": "Colleague", "role": "admin", "password": OTHER_PASSWORD}
    account = admin.post(ACCOUNTS, json=new).json()
    with client_of(address) as client:
        log_in(client, "Colleague", OTHER_PASSWORD)
        yield account, client


def test_a_token_ends_with_its_account_and_a_display_stays(
    admin: httpx.Client, colleague: tuple[dict[str, Any], httpx.Client], address: str
) -> None:
    account, client = colleague
    first = create_token(client, role="admin")
    with client_of(address, first["token"]) as program:
        second = create_token(program)
        display = create_token(program, kind="display", role="viewer")
    kept = create_token(admin)
    assert 204 == admin.delete(f"{ACCOUNTS}/{account['id']}").status_code
    answers = []
    for token in (first, second, display, kept):
        with client_of(address, token["token"]) as program:
            answers.append(program.get(LAPS).status_code)
    assert [401, 401, 200, 200] == answers
    assert {display["id"], kept["id"]} == {token["id"] for token in admin.get(TOKENS).json()["items"]}


def test_a_token_may_do_no_more_than_its_account(
    admin: httpx.Client, colleague: tuple[dict[str, Any], httpx.Client], address: str
) -> None:
    account, client = colleague
    token = create_token(client, role="admin")
    path = f"{ACCOUNTS}/{account['id']}"
    with client_of(address, token["token"]) as program:
        assert 200 == program.get(ACCOUNTS).status_code
        assert 200 == admin.patch(path, json={"version": 1, "role": "marshal"}).status_code
        assert (403, "marshal") == (
            program.get(ACCOUNTS).status_code,
            program.get("/api/v1/me").json()["role"],
        )
        assert 200 == admin.patch(path, json={"version": 2, "is_disabled": True}).status_code
        refused = program.get(LAPS)
        assert (401, "unauthorised") == status_and_kind(refused)
        assert "account of this token is disabled" in refused.json()["detail"]
        assert 200 == admin.patch(path, json={"version": 3, "is_disabled": False}).status_code
        assert 200 == program.get(LAPS).status_code
