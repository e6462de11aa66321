"""Backups over HTTP."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.recovery.backups import files
from tests.web.world import World, open_client, open_world, serve


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path) as world:
        yield world


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with serve(world.app) as address:
        yield address


def client_with_role(world: World, address: str, role: Role) -> httpx.Client:
    return open_client(f"http://{address}", {"Authorization": f"Bearer {world.token(role)}"})


@pytest.fixture
def admin(world: World, address: str) -> Iterator[httpx.Client]:
    with client_with_role(world, address, Role.ADMIN) as client:
        yield client


@pytest.fixture
def marshal(world: World, address: str) -> Iterator[httpx.Client]:
    with client_with_role(world, address, Role.MARSHAL) as client:
        yield client


def test_a_backup_is_made_listed_and_downloaded(
    world: World, admin: httpx.Client, marshal: httpx.Client
) -> None:
    world.commit_race()
    made = marshal.post("/api/v1/backups")
    assert 201 == made.status_code, made.text
    assert (6, "requested") == (made.json()["laps"], made.json()["reason"])
    listed = marshal.get("/api/v1/backups").json()["items"]
    assert [made.json()["name"]] == [backup["name"] for backup in listed]
    state = marshal.get("/api/v1/backup-state").json()
    assert made.json()["name"] == state["newest"]["name"]
    assert [None, None, False, None] == [state[name] for name in ("trouble", "problem", "is_late", "second")]
    path = f"/api/v1/backups/{made.json()['name']}/file"
    assert 403 == marshal.get(path).status_code
    answer = admin.get(path)
    (backup,) = files.list_backups(world.backups.folder)
    assert backup.sha256 == hashlib.sha256(answer.content).hexdigest()
    assert f'attachment; filename="{backup.path.name}"' == answer.headers["content-disposition"]
    assert "no-store" == answer.headers["cache-control"]


def test_only_backups_are_downloaded(world: World, admin: httpx.Client) -> None:
    (world.backups.folder.parent / "secret.db").write_text("secret")
    for name in ("..%2Fsecret.db", "%2e%2e%2fsecret.db", "f1timings-20260101T000000Z.db"):
        answer = admin.get(f"/api/v1/backups/{name}/file")
        assert 404 == answer.status_code
        assert "secret\n" not in answer.text


def test_a_failure_is_answered_and_stays_in_the_state(world: World, marshal: httpx.Client) -> None:
    world.backups.folder.parent.mkdir(exist_ok=True)
    world.backups.folder.write_text("a file in the place of the folder")
    refused = marshal.post("/api/v1/backups")
    assert 503 == refused.status_code
    assert refused.json()["detail"].startswith("No backup was made: the backup could not be written: ")
    state = marshal.get("/api/v1/backup-state").json()
    assert ("unwritable", None) == (state["trouble"], state["newest"])
    os.unlink(world.backups.folder)
    assert 201 == marshal.post("/api/v1/backups").status_code
    assert marshal.get("/api/v1/backup-state").json()["trouble"] is None


def test_a_great_change_has_a_backup_before_it(world: World, marshal: httpx.Client) -> None:
    first, second = (
        marshal.post("/api/v1/drivers", json={"name": name}).json() for name in ("Ada", "Ada L.")
    )
    body = {"into": second["id"], "version": first["version"]}
    assert 200 == marshal.post(f"/api/v1/drivers/{first['id']}/merge", json=body).status_code
    (backup,) = files.list_backups(world.backups.folder)
    assert "change" == backup.reason
