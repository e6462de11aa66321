"""The first start: no account, a code on the console, and one use of it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.store import Store, sqlite_url
from f1timings.web.access.control import AccessControl
from f1timings.web.access.credentials.setup_code import address_of_pages
from tests.web.access.conftest import ADMIN, BY, PASSWORD, client_of, kind_of
from tests.web.world import World, open_world, serve


def shown_code(world: World) -> str:
    found = re.search(r"code ([0-9A-Z]{5}-[0-9A-Z]{5})", world.console[-1])
    assert found is not None
    return found[1]


def body(code: str, password: str = PASSWORD) -> dict[str, str]:
    return {"code": code, "name": ADMIN, "password": password}


def test_the_console_shows_address_code_and_picture(world: World, anybody: httpx.Client) -> None:
    assert anybody.get("/api/v1/me").json()["needs_setup"]
    (text,) = world.console
    assert "http://localhost:8080/setup" in text
    assert shown_code(world) in text
    assert sum("█" in line for line in text.splitlines()) > 15


def test_the_code_makes_the_first_admin_and_logs_in(world: World, anybody: httpx.Client) -> None:
    answer = anybody.post("/api/v1/setup", json=body(shown_code(world)))
    assert 201 == answer.status_code, answer.text
    assert ("admin", "account", False) == tuple(answer.json()[one] for one in ("role", "kind", "needs_setup"))
    assert [ADMIN] == [one["name"] for one in anybody.get("/api/v1/accounts").json()["items"]]


def test_the_code_is_read_as_people_type_it(world: World, anybody: httpx.Client) -> None:
    typed = f" {shown_code(world).replace('-', '').lower()} "
    assert 201 == anybody.post("/api/v1/setup", json=body(typed)).status_code


def test_the_code_works_once(world: World, anybody: httpx.Client, address: str) -> None:
    code = shown_code(world)
    anybody.post("/api/v1/setup", json=body(code))
    with client_of(address) as other:
        assert (409, "conflict") == kind_of(other.post("/api/v1/setup", json=body(code)))


def test_a_wrong_code_makes_nothing_and_guessing_is_held_up(world: World, anybody: httpx.Client) -> None:
    answers = [anybody.post("/api/v1/setup", json=body("AAAAA-AAAAA")) for _ in range(7)]
    assert [401] * 5 + [429] * 2 == [answer.status_code for answer in answers]
    assert world.access.directory.needs_setup


def test_a_password_that_cannot_be_costs_no_code(world: World, anybody: httpx.Client) -> None:
    code = shown_code(world)
    refused = anybody.post("/api/v1/setup", json=body(code, "password123"))
    assert (422, "invalid-request") == kind_of(refused)
    assert 201 == anybody.post("/api/v1/setup", json=body(code)).status_code


def test_an_old_code_brings_a_new_one(tmp_path: Path) -> None:
    now = 1_795_000_000.0
    with open_world(tmp_path) as world:
        world.access.setup_code._clock = lambda: now
        with serve(world.app) as address, client_of(address) as client:
            old = shown_code(world)
            now += 1800
            refused = client.post("/api/v1/setup", json=body(old))
            assert "console shows a new one" in refused.json()["detail"]
            assert 2 == len(world.console)
            assert old != shown_code(world)
            assert 201 == client.post("/api/v1/setup", json=body(shown_code(world))).status_code


def test_no_code_is_shown_once_there_is_an_account(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.access.accounts.add(ADMIN, Role.ADMIN, "hash", by=BY)
        with serve(world.app):
            assert [] == world.console


def test_until_then_reading_is_open_and_writing_closed(anybody: httpx.Client) -> None:
    assert 200 == anybody.get("/api/v1/laps").status_code
    refused = anybody.post("/api/v1/tokens", json={"name": "x", "role": "viewer"})
    assert (401, "setup-needed") == kind_of(refused)
    assert "/setup" in refused.json()["detail"]


@pytest.mark.parametrize(("host", "expected"), [("192.168.1.5", "192.168.1.5"), ("::1", "[::1]")])
def test_the_address_is_the_one_that_is_served_at(host: str, expected: str) -> None:
    assert f"http://{expected}:8080" == address_of_pages(host, 8080)


def test_served_everywhere_the_address_is_one_that_others_can_reach() -> None:
    assert re.fullmatch(r"http://[0-9a-z.]+:8080", address_of_pages("0.0.0.0", 8080))


def test_accounts_outlive_a_restart(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path)) as store:
        AccessControl.create(store.transact).accounts.add(ADMIN, Role.ADMIN, "hash", by=BY)
    with Store.open(sqlite_url(tmp_path)) as store:
        access = AccessControl.create(store.transact)
    account = access.directory.get_account_named("RACE CONTROL")
    assert account is not None
    assert (ADMIN, Role.ADMIN, "hash", 1) == (
        account.name,
        account.role,
        account.password_hash,
        account.version,
    )
