"""The first start: no account, a set-up code on the console, and one use of it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.clock import ServerClock
from f1timings.store import Store, sqlite_url
from f1timings.web.access.control import AccessControl
from f1timings.web.access.credentials.setup_code import address_of_pages
from tests.web.access.conftest import ADMIN, BY, PASSWORD, client_of, status_and_kind
from tests.web.world import World, open_world, serve


def code_on_console(world: World) -> str:
    match = re.search(r"code ([0-9A-Z]{5}-[0-9A-Z]{5})", world.console[-1])
    assert match is not None
    return match[1]


def setup_body(code: str, password: str = PASSWORD) -> dict[str, str]:
    return {"code": code, "name": ADMIN, "password": password}


def test_the_console_shows_the_address_the_code_and_a_qr_code(world: World, anonymous: httpx.Client) -> None:
    assert anonymous.get("/api/v1/me").json()["needs_setup"]
    (text,) = world.console
    assert "http://localhost:8080/setup" in text
    assert code_on_console(world) in text
    assert sum("█" in line for line in text.splitlines()) > 15


def test_the_code_creates_the_first_admin_and_logs_in(world: World, anonymous: httpx.Client) -> None:
    answer = anonymous.post("/api/v1/setup", json=setup_body(code_on_console(world)))
    assert 201 == answer.status_code, answer.text
    me = answer.json()
    assert ("admin", "account", False) == (me["role"], me["kind"], me["needs_setup"])
    accounts = anonymous.get("/api/v1/accounts").json()["items"]
    assert [ADMIN] == [account["name"] for account in accounts]


def test_the_code_is_accepted_in_lower_case_with_spaces_and_without_hyphen(
    world: World, anonymous: httpx.Client
) -> None:
    typed = f" {code_on_console(world).replace('-', '').lower()} "
    assert 201 == anonymous.post("/api/v1/setup", json=setup_body(typed)).status_code


def test_the_code_works_once(world: World, anonymous: httpx.Client, address: str) -> None:
    code = code_on_console(world)
    anonymous.post("/api/v1/setup", json=setup_body(code))
    with client_of(address) as other:
        assert (409, "conflict") == status_and_kind(other.post("/api/v1/setup", json=setup_body(code)))


def test_a_wrong_code_creates_no_account_and_guessing_is_throttled(
    world: World, anonymous: httpx.Client
) -> None:
    answers = [anonymous.post("/api/v1/setup", json=setup_body("AAAAA-AAAAA")) for _ in range(7)]
    assert [401] * 5 + [429] * 2 == [answer.status_code for answer in answers]
    assert world.access.directory.needs_setup


def test_an_invalid_password_does_not_use_up_the_code(world: World, anonymous: httpx.Client) -> None:
    code = code_on_console(world)
    refused = anonymous.post("/api/v1/setup", json=setup_body(code, "password123"))
    assert (422, "invalid-request") == status_and_kind(refused)
    assert 201 == anonymous.post("/api/v1/setup", json=setup_body(code)).status_code


def test_sending_an_expired_code_prints_a_new_one(tmp_path: Path) -> None:
    now = 1_795_000_000.0
    with open_world(tmp_path) as world:
        world.access.setup_code._clock = lambda: now
        with serve(world.app) as address, client_of(address) as client:
            expired = code_on_console(world)
            now += 1800
            refused = client.post("/api/v1/setup", json=setup_body(expired))
            assert "This code has expired" in refused.json()["detail"]
            assert 2 == len(world.console)
            assert expired != code_on_console(world)
            accepted = client.post("/api/v1/setup", json=setup_body(code_on_console(world)))
            assert 201 == accepted.status_code


def test_no_code_is_shown_when_an_account_exists(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.access.accounts.add(ADMIN, Role.ADMIN, "hash", by=BY)
        with serve(world.app):
            assert [] == world.console


def test_before_setup_reading_is_open_and_changes_are_refused(anonymous: httpx.Client) -> None:
    assert 200 == anonymous.get("/api/v1/laps").status_code
    refused = anonymous.post("/api/v1/tokens", json={"name": "x", "role": "viewer"})
    assert (401, "setup-needed") == status_and_kind(refused)
    assert "/setup" in refused.json()["detail"]


@pytest.mark.parametrize(("host", "expected"), [("192.168.1.5", "192.168.1.5"), ("::1", "[::1]")])
def test_the_address_of_the_pages_is_the_address_that_the_server_listens_on(host: str, expected: str) -> None:
    assert f"http://{expected}:8080" == address_of_pages(host, 8080)


def test_a_server_that_listens_on_all_addresses_shows_one_that_others_can_reach() -> None:
    assert re.fullmatch(r"http://[0-9a-z.]+:8080", address_of_pages("0.0.0.0", 8080))


def test_accounts_survive_a_restart(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path), clock=ServerClock().now) as store:
        access = AccessControl.create(store.transact, clock=ServerClock())
        access.accounts.add(ADMIN, Role.ADMIN, "hash", by=BY)
    with Store.open(sqlite_url(tmp_path), clock=ServerClock().now) as store:
        access = AccessControl.create(store.transact, clock=ServerClock())
    account = access.directory.get_account_named("RACE CONTROL")
    assert account is not None
    assert (ADMIN, Role.ADMIN, "hash", 1) == (
        account.name,
        account.role,
        account.password_hash,
        account.version,
    )
