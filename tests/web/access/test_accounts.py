"""Accounts over the API: created, changed and deleted; an admin always remains."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.web.access.conftest import (
    ADMIN,
    OTHER_PASSWORD,
    PASSWORD,
    client_of,
    log_in,
    status_and_kind,
)

ACCOUNTS = "/api/v1/accounts"
MARSHAL = {"name": "Marshal", "role": "marshal", "password": OTHER_PASSWORD}


def create_marshal(admin: httpx.Client, **fields: str) -> dict[str, Any]:
    answer = admin.post(ACCOUNTS, json=MARSHAL | fields)
    assert 201 == answer.status_code, answer.text
    account: dict[str, Any] = answer.json()
    return account


def own_account(admin: httpx.Client) -> dict[str, Any]:
    accounts = admin.get(ACCOUNTS).json()["items"]
    account: dict[str, Any] = next(account for account in accounts if account["name"] == ADMIN)
    return account


def test_an_account_is_created_and_listed_without_its_password(admin: httpx.Client) -> None:
    account = create_marshal(admin)
    assert ("Marshal", "marshal", False, 1) == tuple(
        account[field] for field in ("name", "role", "is_disabled", "version")
    )
    listed = admin.get(ACCOUNTS)
    assert [ADMIN, "Marshal"] == [account["name"] for account in listed.json()["items"]]
    assert "argon2" not in listed.text


def test_the_list_of_accounts_is_also_csv(admin: httpx.Client) -> None:
    table = admin.get(ACCOUNTS, headers={"Accept": "text/csv"}).text
    assert table.startswith("id,name,role,is_disabled,version,created_at,changed_at\r\n")


def test_a_name_belongs_to_one_account_in_any_case(admin: httpx.Client) -> None:
    account = create_marshal(admin)
    refused = admin.post(ACCOUNTS, json=MARSHAL | {"name": "MARSHAL"})
    assert (409, "conflict") == status_and_kind(refused)
    assert account == refused.json()["current"]


def test_a_new_role_applies_at_once(admin: httpx.Client, address: str) -> None:
    account = create_marshal(admin)
    with client_of(address) as client:
        log_in(client, "Marshal", OTHER_PASSWORD)
        assert 403 == client.get(ACCOUNTS).status_code
        edit = {"version": 1, "role": "admin"}
        assert 2 == admin.patch(f"{ACCOUNTS}/{account['id']}", json=edit).json()["version"]
        assert 200 == client.get(ACCOUNTS).status_code


def test_an_edit_of_an_outdated_version_is_refused_with_the_current_account(
    admin: httpx.Client,
) -> None:
    path = f"{ACCOUNTS}/{create_marshal(admin)['id']}"
    current = admin.patch(path, json={"version": 1, "name": "Flag 3"}).json()
    refused = admin.patch(path, json={"version": 1, "role": "viewer"})
    assert (409, "conflict") == status_and_kind(refused)
    assert current == refused.json()["current"]


def test_a_new_password_from_an_admin_ends_all_logins(admin: httpx.Client, address: str) -> None:
    account = create_marshal(admin)
    with client_of(address) as client:
        log_in(client, "Marshal", OTHER_PASSWORD)
        edit = {"version": 1, "password": PASSWORD}
        assert 200 == admin.patch(f"{ACCOUNTS}/{account['id']}", json=edit).status_code
        assert "anonymous" == client.get("/api/v1/me").json()["kind"]
        log_in(client, "Marshal", PASSWORD)


def test_deleting_an_account_ends_its_logins(admin: httpx.Client, address: str) -> None:
    account = create_marshal(admin)
    with client_of(address) as client:
        log_in(client, "Marshal", OTHER_PASSWORD)
        path = f"{ACCOUNTS}/{account['id']}"
        assert [204, 404] == [admin.delete(path).status_code for _ in range(2)]
        assert "anonymous" == client.get("/api/v1/me").json()["kind"]
        assert [ADMIN] == [account["name"] for account in admin.get(ACCOUNTS).json()["items"]]


@pytest.mark.parametrize("edit", [{"role": "marshal"}, {"is_disabled": True}, None])
def test_the_last_admin_cannot_be_removed(admin: httpx.Client, edit: dict[str, Any] | None) -> None:
    path = f"{ACCOUNTS}/{own_account(admin)['id']}"
    refused = admin.delete(path) if edit is None else admin.patch(path, json={"version": 1} | edit)
    assert (409, "conflict") == status_and_kind(refused)
    assert "another account an admin first" in refused.json()["detail"]
    assert ("admin", False, 1) == tuple(
        own_account(admin)[field] for field in ("role", "is_disabled", "version")
    )


def test_an_admin_can_be_deleted_if_there_is_another(admin: httpx.Client) -> None:
    create_marshal(admin, role="admin")
    assert 204 == admin.delete(f"{ACCOUNTS}/{own_account(admin)['id']}").status_code


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "boss"},
        {"role": None},
        {"password": "2shrt"},
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
def test_an_account_with_an_invalid_field_is_refused_without_repeating_the_password(
    admin: httpx.Client, wrong: dict[str, Any]
) -> None:
    refused = admin.post(ACCOUNTS, json=MARSHAL | wrong)
    assert (422, "invalid-request") == status_and_kind(refused)
    assert not (isinstance(wrong.get("password"), str) and wrong["password"] in refused.text)
    assert 1 == len(admin.get(ACCOUNTS).json()["items"])


@pytest.mark.parametrize("field", ["name", "password"])
def test_text_that_is_not_valid_unicode_is_refused(admin: httpx.Client, field: str) -> None:
    surrogates = json.dumps(MARSHAL | {field: "\ud800" * 8}).encode()
    refused = admin.post(ACCOUNTS, content=surrogates, headers={"Content-Type": "application/json"})
    assert (422, "invalid-request") == status_and_kind(refused)
