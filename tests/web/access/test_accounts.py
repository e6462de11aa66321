"""Accounts over the API: made, changed, deleted, never in a way that leaves nobody to do so."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.web.access.conftest import ADMIN, OTHER_PASSWORD, PASSWORD, client_of, kind_of, logged_in

ACCOUNTS = "/api/v1/accounts"
MARSHAL = {"name": "Marshal", "role": "marshal", "password": OTHER_PASSWORD}


def made(admin: httpx.Client, **other: str) -> dict[str, Any]:
    answer = admin.post(ACCOUNTS, json=MARSHAL | other)
    assert 201 == answer.status_code, answer.text
    account: dict[str, Any] = answer.json()
    return account


def own(admin: httpx.Client) -> dict[str, Any]:
    accounts = admin.get(ACCOUNTS).json()["items"]
    account: dict[str, Any] = next(one for one in accounts if one["name"] == ADMIN)
    return account


def test_an_account_is_made_and_listed_without_its_password(admin: httpx.Client) -> None:
    account = made(admin)
    assert ("Marshal", "marshal", False, 1) == tuple(
        account[one] for one in ("name", "role", "is_disabled", "version")
    )
    listed = admin.get(ACCOUNTS)
    assert [ADMIN, "Marshal"] == [one["name"] for one in listed.json()["items"]]
    assert "argon2" not in listed.text


def test_accounts_are_a_table_too(admin: httpx.Client) -> None:
    table = admin.get(ACCOUNTS, headers={"Accept": "text/csv"}).text
    assert table.startswith("id,name,role,is_disabled,version,created_at,changed_at\r\n")


def test_a_name_belongs_to_one_account(admin: httpx.Client) -> None:
    account = made(admin)
    refused = admin.post(ACCOUNTS, json=MARSHAL | {"name": "MARSHAL"})
    assert (409, "conflict") == kind_of(refused)
    assert account == refused.json()["current"]


def test_an_account_takes_part_at_once_in_what_its_role_may(admin: httpx.Client, address: str) -> None:
    account = made(admin)
    with client_of(address) as client:
        logged_in(client, "Marshal", OTHER_PASSWORD)
        assert 403 == client.get(ACCOUNTS).status_code
        edit = {"version": 1, "role": "admin"}
        assert 2 == admin.patch(f"{ACCOUNTS}/{account['id']}", json=edit).json()["version"]
        assert 200 == client.get(ACCOUNTS).status_code


def test_an_edit_of_what_somebody_changed_meanwhile_is_refused_with_what_is_there(
    admin: httpx.Client,
) -> None:
    path = f"{ACCOUNTS}/{made(admin)['id']}"
    current = admin.patch(path, json={"version": 1, "name": "Flag 3"}).json()
    refused = admin.patch(path, json={"version": 1, "role": "viewer"})
    assert (409, "conflict") == kind_of(refused)
    assert current == refused.json()["current"]


def test_another_password_by_an_admin_ends_all_sessions(admin: httpx.Client, address: str) -> None:
    account = made(admin)
    with client_of(address) as client:
        logged_in(client, "Marshal", OTHER_PASSWORD)
        edit = {"version": 1, "password": PASSWORD}
        assert 200 == admin.patch(f"{ACCOUNTS}/{account['id']}", json=edit).status_code
        assert "anonymous" == client.get("/api/v1/me").json()["kind"]
        logged_in(client, "Marshal", PASSWORD)


def test_a_deleted_account_is_gone_with_its_sessions(admin: httpx.Client, address: str) -> None:
    account = made(admin)
    with client_of(address) as client:
        logged_in(client, "Marshal", OTHER_PASSWORD)
        path = f"{ACCOUNTS}/{account['id']}"
        assert [204, 404] == [admin.delete(path).status_code for _ in range(2)]
        assert "anonymous" == client.get("/api/v1/me").json()["kind"]
        assert [ADMIN] == [one["name"] for one in admin.get(ACCOUNTS).json()["items"]]


@pytest.mark.parametrize("edit", [{"role": "marshal"}, {"is_disabled": True}, None])
def test_the_last_admin_stays_one(admin: httpx.Client, edit: dict[str, Any] | None) -> None:
    path = f"{ACCOUNTS}/{own(admin)['id']}"
    refused = admin.delete(path) if edit is None else admin.patch(path, json={"version": 1} | edit)
    assert (409, "conflict") == kind_of(refused)
    assert "another account an admin first" in refused.json()["detail"]
    assert ("admin", False, 1) == tuple(own(admin)[one] for one in ("role", "is_disabled", "version"))


def test_the_first_admin_may_go_when_there_is_another(admin: httpx.Client) -> None:
    made(admin, role="admin")
    assert 204 == admin.delete(f"{ACCOUNTS}/{own(admin)['id']}").status_code


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "boss"},
        {"role": None},
        {"password": "short"},
        {"password": "x" * 129},
        {"password": "password123"},
        {"name": ""},
        {"name": "x" * 65},
        {"name": "a\u0000b"},
        {"name": 7},
        {"name": "longer name", "password": "Longer Name"},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_is_refused_and_never_repeated(admin: httpx.Client, wrong: dict[str, Any]) -> None:
    refused = admin.post(ACCOUNTS, json=MARSHAL | wrong)
    assert (422, "invalid-request") == kind_of(refused)
    assert not (isinstance(wrong.get("password"), str) and wrong["password"] in refused.text)
    assert 1 == len(admin.get(ACCOUNTS).json()["items"])


@pytest.mark.parametrize("field", ["name", "password"])
def test_text_that_is_no_text_is_refused(admin: httpx.Client, field: str) -> None:
    halves = json.dumps(MARSHAL | {field: "\ud800" * 8}).encode()
    refused = admin.post(ACCOUNTS, content=halves, headers={"Content-Type": "application/json"})
    assert (422, "invalid-request") == kind_of(refused)
