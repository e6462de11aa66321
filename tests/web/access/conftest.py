"""A served world with an admin, and clients that identify themselves in different ways."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.web.access.credentials.changes import Requester
from f1timings.web.access.credentials.password_hashing import hash_now
from tests.web.world import World, open_client, open_world, serve

ADMIN, PASSWORD = "Race control", "lights out and away"
OTHER_PASSWORD = "box box box now please"
BY = Requester("the test")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A world without any account."""
    with open_world(tmp_path) as world:
        yield world


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with serve(world.app) as address:
        yield address


@pytest.fixture
def anonymous(address: str) -> Iterator[httpx.Client]:
    """A client that does not identify itself."""
    with client_of(address) as client:
        yield client


@pytest.fixture
def admin(world: World, address: str) -> Iterator[httpx.Client]:
    """The admin's browser, logged in."""
    world.access.accounts.add(ADMIN, Role.ADMIN, hash_of_admin(), by=BY)
    with client_of(address) as client:
        log_in(client)
        yield client


@cache
def hash_of_admin() -> str:
    """The hash of the admin's password, computed once."""
    return hash_now(PASSWORD)


def client_of(address: str, token: str | None = None) -> httpx.Client:
    """A browser on one of our own pages; with a token, a program."""
    headers = {"Origin": f"http://{address}"} if token is None else {"Authorization": f"Bearer {token}"}
    return open_client(f"http://{address}", headers)


def log_in(client: httpx.Client, name: str = ADMIN, password: str = PASSWORD) -> httpx.Client:
    """The same client, with the cookie of a login."""
    answer = client.post("/api/v1/login", json={"name": name, "password": password})
    assert 200 == answer.status_code, answer.text
    return client


def status_and_kind(answer: httpx.Response) -> tuple[int, str]:
    """Status and kind of a problem."""
    return answer.status_code, answer.json()["type"].removeprefix("/docs#problem-")
