"""The security log: changes and refusals with their actors, without secrets, and bounded in size."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from f1timings.errors import StoreError
from f1timings.web.access.credentials.refusals import MAX_ENTRIES
from tests.web.access.conftest import ADMIN, OTHER_PASSWORD, PASSWORD, client_of
from tests.web.world import World

LOG = "/api/v1/access/log"


def log_entries(admin: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    answer = admin.get(LOG, params=query)
    assert 200 == answer.status_code, answer.text
    entries: list[dict[str, Any]] = answer.json()["items"]
    return entries


def test_changes_are_listed_newest_first(admin: httpx.Client) -> None:
    admin.post("/api/v1/accounts", json={"name": "M", "role": "marshal", "password": OTHER_PASSWORD})
    token = admin.post("/api/v1/tokens", json={"name": "bot", "role": "viewer"}).json()
    admin.delete(f"/api/v1/tokens/{token['id']}")
    admin.patch("/api/v1/access", json={"reading": "closed"})
    newest = log_entries(admin)[:5]
    assert ["access changed", "token revoked", "token created", "account created", "login"] == [
        entry["what"] for entry in newest
    ]
    assert {(ADMIN, "127.0.0.1", "done")} == {
        (entry["who"], entry["ip"], entry["outcome"]) for entry in newest
    }
    assert "reading closed" == newest[0]["detail"]


def test_refusals_are_listed_without_secrets_in_the_wrong_field(
    admin: httpx.Client, anonymous: httpx.Client
) -> None:
    anonymous.post("/api/v1/login", json={"name": ADMIN, "password": "wrong wrong"})
    anonymous.post("/api/v1/login", json={"name": "my secret in the wrong field", "password": "wrong wrong"})
    anonymous.patch("/api/v1/access", json={"reading": "closed"})
    logged = {
        (entry["what"], entry["outcome"], entry["who"], entry["detail"]) for entry in log_entries(admin)
    }
    assert ("login", "failed", ADMIN, "") in logged
    assert ("login", "failed", "", "unknown name") in logged
    assert ("update_access", "refused", "", "unauthorised") in logged


def test_repetitions_are_counted_and_a_flood_becomes_one_entry(world: World, admin: httpx.Client) -> None:
    changes = world.access.changes
    for _ in range(1000):
        changes.add_refusal(who="", ip="10.0.0.1", what="mark_lap", outcome="refused")
    for number in range(500):
        changes.add_refusal(who="", ip=f"10.0.1.{number}", what="mark_lap", outcome="refused")
    refused = [entry for entry in log_entries(admin) if entry["outcome"] == "refused"]
    assert MAX_ENTRIES + 1 == len(refused)
    assert 1500 == sum(entry["times"] for entry in refused)
    assert 1000 in {entry["times"] for entry in refused}


def test_the_log_has_pages_filters_and_csv(admin: httpx.Client) -> None:
    for number in range(5):
        admin.post("/api/v1/tokens", json={"name": f"bot {number}", "role": "viewer"})
    page = admin.get(LOG, params={"limit": 2}).json()
    following = admin.get(LOG, params={"limit": 2, "cursor": page["next"]}).json()
    numbers = [entry["seq"] for entry in page["items"] + following["items"]]
    assert numbers == sorted(set(numbers), reverse=True)
    assert 5 == len(log_entries(admin, what="token created"))
    table = admin.get(LOG, params={"limit": 1}, headers={"Accept": "text/csv"}).text
    assert table.startswith("seq,at,who,ip,what,outcome,detail,times\r\n")


def test_no_secret_is_in_any_log(
    world: World,
    admin: httpx.Client,
    address: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with caplog.at_level(logging.DEBUG):
        token = admin.post("/api/v1/tokens", json={"name": "bot", "role": "viewer"}).json()["token"]
        new = {"name": "M", "role": "marshal", "password": OTHER_PASSWORD}
        account = admin.post("/api/v1/accounts", json=new).json()
        edit = {"version": 1, "password": "a third one here"}
        admin.patch(f"/api/v1/accounts/{account['id']}", json=edit)
        with client_of(address, token) as program:
            program.patch("/api/v1/access", json={"reading": "closed"})
        admin.get(f"/api/v1/laps?token={token}")
        world.access.changes.write_refusals()
    with sqlite3.connect(tmp_path / "f1timings.db") as database:
        stored = str(database.execute("SELECT * FROM access_log").fetchall())
    database.close()
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    printed = "".join([*ours, *capfd.readouterr(), stored, repr(world.access)])
    secrets = (PASSWORD, OTHER_PASSWORD, "a third one here", token, "argon2id")
    assert [] == [secret for secret in secrets if secret in printed]


def test_a_log_that_cannot_be_written_is_reported_and_stops_nothing(
    world: World, admin: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    world.access.changes.add_refusal(who="", ip="10.0.0.1", what="x", outcome="refused")
    monkeypatch.setattr(world.access.changes, "_transact", fail)
    world.access._maintain_once()
    assert "the security log was not written: the disk is full" in caplog.text
    assert 200 == admin.get("/api/v1/laps").status_code
