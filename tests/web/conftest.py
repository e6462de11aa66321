"""A server with one stored race, shared by the tests that only read."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.web.world import World, open_client, open_world, serve


@pytest.fixture(scope="package")
def race(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(tmp_path_factory.mktemp("race")) as world:
        world.commit_race()
        yield world


@pytest.fixture(scope="package")
def api(race: World) -> Iterator[httpx.Client]:
    with (
        serve(race.app) as address,
        open_client(f"http://{address}") as client,
    ):
        yield client
