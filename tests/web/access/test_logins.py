"""Logging in and out: the login cookie, how long a login lasts, and what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import argon2
import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.web.access.credentials.identity import COOKIE, hash_secret
from f1timings.web.access.credentials.password_hashing import THREADS, PasswordHasher, hash_now
from tests.web.access.conftest import (
    ADMIN,
    BY,
    OTHER_PASSWORD,
    PASSWORD,
    client_of,
    log_in,
    status_and_kind,
)
from tests.web.access.test_rules import Clock
from tests.web.world import World

ME = "/api/v1/me"


@pytest.fixture
def second(
    admin: httpx.Client,  # noqa: ARG001  creates the account
    address: str,
) -> Iterator[httpx.Client]:
    """The same admin in another browser."""
    with client_of(address) as client:
        yield log_in(client)


def try_login(client: httpx.Client, name: str, password: str) -> httpx.Response:
    return client.post("/api/v1/login", json={"name": name, "password": password})


def test_a_login_identifies_the_account(admin: httpx.Client) -> None:
    assert {
        "name": ADMIN,
        "role": "admin",
        "kind": "account",
        "needs_setup": False,
        "reading": "open",
    } == admin.get(ME).json()


def test_a_client_without_login_is_anonymous(anonymous: httpx.Client) -> None:
    me = anonymous.get(ME).json()
    assert (None, None, "anonymous") == (me["name"], me["role"], me["kind"])


def test_the_cookie_is_hidden_from_scripts_and_other_sites(admin: httpx.Client) -> None:
    header = try_login(admin, ADMIN, PASSWORD).headers["set-cookie"]
    assert header.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=86400"):
        assert part.lower() in header.lower()
    assert "secure" not in header.lower()


def test_the_cookie_is_secure_behind_https(admin: httpx.Client) -> None:
    answer = admin.post(
        "/api/v1/login",
        json={"name": ADMIN, "password": PASSWORD},
        headers={"X-Forwarded-Proto": "https"},
    )
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_a_new_login_has_a_new_secret_and_ends_the_previous_one(admin: httpx.Client) -> None:
    previous = admin.cookies[COOKIE]
    try_login(admin, ADMIN, PASSWORD)
    assert previous != admin.cookies[COOKIE]
    assert len(admin.cookies[COOKIE]) >= 43
    assert 1 == len(admin.get("/api/v1/logins").json()["items"])
    admin.cookies.set(COOKIE, previous, domain=admin.base_url.host)
    assert "anonymous" == httpx.get(f"{admin.base_url}{ME}", cookies={COOKIE: previous}).json()["kind"]


def test_only_hashes_of_secrets_and_passwords_are_stored(
    world: World, admin: httpx.Client, tmp_path: Path
) -> None:
    token = world.token(Role.ADMIN)
    cookie = admin.cookies[COOKIE]
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("f1timings.db*"))
    assert hash_secret(cookie).encode() in stored
    assert [False] * 3 == [secret.encode() in stored for secret in (PASSWORD, cookie, token)]


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(admin: httpx.Client) -> None:
    wrong, unknown = (
        try_login(admin, ADMIN, "not the password"),
        try_login(admin, "Nobody", "not the password"),
    )
    assert (401, "unauthorised") == status_and_kind(wrong)
    assert wrong.json() == unknown.json()


def test_an_unknown_name_costs_the_same_work(admin: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    checks: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, hash_: Any, password: Any) -> Any:
        checks.append(hash_.rpartition("$")[0].rpartition("$")[0])
        return verify(self, hash_, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    try_login(admin, ADMIN, "not the password")
    try_login(admin, "Nobody", "not the password")
    assert 2 == len(checks)
    assert checks[0] == checks[1]
    assert checks[0].startswith("$argon2id$v=19$m=19456,t=2,p=1")


def test_guessing_must_wait_longer_and_longer_even_with_the_right_password(
    admin: httpx.Client, address: str
) -> None:
    with client_of(address) as guesser:
        answers = [try_login(guesser, ADMIN, f"guess {number}") for number in range(8)]
        assert [401] * 5 + [429] * 3 == [answer.status_code for answer in answers]
        waits = [int(answer.headers["retry-after"]) for answer in answers[5:]]
        assert waits == sorted(set(waits))
        assert (429, "too-many-attempts") == status_and_kind(try_login(guesser, ADMIN, PASSWORD))
    assert 200 == admin.get("/api/v1/accounts").status_code, "existing logins are not affected"


@pytest.mark.usefixtures("admin")
def test_twenty_failures_from_one_address_are_throttled_for_any_names(address: str) -> None:
    with client_of(address) as guesser:
        answers = [try_login(guesser, f"name {number}", "guess guess").status_code for number in range(21)]
    assert [401] * 20 + [429] == answers


def test_a_disabled_account_cannot_log_in(world: World, admin: httpx.Client, address: str) -> None:
    account = world.access.accounts.add("Marshal", Role.MARSHAL, hash_now(OTHER_PASSWORD), by=BY)
    with client_of(address) as marshal:
        log_in(marshal, "marshal", OTHER_PASSWORD)
        path = f"/api/v1/accounts/{account.id}"
        assert 200 == admin.patch(path, json={"version": 1, "is_disabled": True}).status_code
        assert "anonymous" == marshal.get(ME).json()["kind"]
        assert 401 == try_login(marshal, "Marshal", OTHER_PASSWORD).status_code


def test_logging_out_ends_the_login_and_deletes_the_cookie(admin: httpx.Client) -> None:
    cookie = admin.cookies[COOKIE]
    assert 204 == admin.post("/api/v1/logout").status_code
    assert COOKIE not in admin.cookies
    assert "anonymous" == httpx.get(f"{admin.base_url}{ME}", cookies={COOKIE: cookie}).json()["kind"]


def test_a_new_password_ends_all_logins_except_this_one(admin: httpx.Client, second: httpx.Client) -> None:
    body = {"current": PASSWORD, "new": OTHER_PASSWORD}
    assert 204 == admin.post("/api/v1/me/password", json=body).status_code
    assert "account" == admin.get(ME).json()["kind"]
    assert "anonymous" == second.get(ME).json()["kind"]
    assert 401 == try_login(second, ADMIN, PASSWORD).status_code
    assert 200 == try_login(second, ADMIN, OTHER_PASSWORD).status_code


def test_changing_the_password_needs_the_current_one(admin: httpx.Client) -> None:
    body = {"current": "not the password", "new": OTHER_PASSWORD}
    assert (401, "unauthorised") == status_and_kind(admin.post("/api/v1/me/password", json=body))


def test_admins_list_and_end_all_logins_others_only_their_own(
    world: World, admin: httpx.Client, address: str
) -> None:
    world.access.accounts.add("Viewer", Role.VIEWER, hash_now(OTHER_PASSWORD), by=BY)
    with client_of(address) as viewer:
        log_in(viewer, "Viewer", OTHER_PASSWORD)
        (own,) = viewer.get("/api/v1/logins").json()["items"]
        assert ("Viewer", True, "127.0.0.1") == (own["account"], own["is_this_one"], own["address"])
        by_account = {login["account"]: login for login in admin.get("/api/v1/logins").json()["items"]}
        assert {ADMIN, "Viewer"} == set(by_account)
        assert 404 == viewer.delete(f"/api/v1/logins/{by_account[ADMIN]['id']}").status_code
        assert 204 == admin.delete(f"/api/v1/logins/{own['id']}").status_code
        assert "anonymous" == viewer.get(ME).json()["kind"]


@pytest.mark.parametrize(("passed", "kind"), [(7.9, "account"), (8.1, "anonymous")])
def test_a_login_ends_after_eight_hours_without_use(
    world: World, admin: httpx.Client, passed: float, kind: str
) -> None:
    later = world.access.directory._clock() + timedelta(hours=passed).total_seconds()
    world.access.directory._clock = lambda: later
    assert kind == admin.get(ME).json()["kind"]


def test_a_login_ends_after_a_day_even_if_it_is_used(world: World, admin: httpx.Client) -> None:
    directory = world.access.directory
    clock = Clock()
    start = directory._clock()
    directory._clock = clock
    kinds = []
    for hour in range(0, 26, 2):
        clock.now = start + hour * 3600.0
        kinds.append(admin.get(ME).json()["kind"])
    assert ["account"] * 12 + ["anonymous"] == kinds
    world.access.changes.clean_up()
    assert {} == directory.records.logins


def test_the_last_use_of_a_login_is_stored_from_time_to_time(world: World, admin: httpx.Client) -> None:
    directory = world.access.directory
    (login,) = directory.records.logins.values()
    later = directory._clock() + 3600.0
    directory._clock = lambda: later
    admin.get(ME)
    world.access.changes.clean_up()
    (after,) = directory.records.logins.values()
    assert timedelta(minutes=59) < after.last_seen_at - login.last_seen_at < timedelta(minutes=61)


@pytest.mark.usefixtures("admin")
def test_an_account_has_at_most_fifty_logins(world: World) -> None:
    account = world.access.directory.get_account_named(ADMIN)
    assert account is not None
    for _ in range(60):
        world.access.logins.begin(account, by=BY, agent="", previous=None)
    assert 50 == len(world.access.directory.records.logins)


def test_at_most_two_passwords_are_checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    hash_ = argon2.PasswordHasher.hash

    def counted(self: argon2.PasswordHasher, password: Any) -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return hash_(self, password)
        finally:
            running -= 1

    async def many() -> None:
        hasher = PasswordHasher()
        await asyncio.gather(*(hasher.hash(f"password {number}") for number in range(20)))

    monkeypatch.setattr(argon2.PasswordHasher, "hash", counted)
    asyncio.run(many())
    assert 1 <= most <= THREADS
