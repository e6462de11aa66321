"""Routes are built when they are first used, so that a server starts sooner."""

from __future__ import annotations

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from f1timings.web.access.checks.policy import policy_key
from tests.web.world import World


def built(app: FastAPI) -> set[str]:
    """The keys of the routes that are built."""
    return {policy_key(route) for route in app.routes if isinstance(route, APIRoute) and "app" in vars(route)}


def test_a_new_server_has_built_no_route(world: World) -> None:
    assert set() == built(world.app)


def test_a_request_builds_the_route_that_answers_it(world: World, anonymous: httpx.Client) -> None:
    assert [200, 200] == [anonymous.get("/api/v1/laps").status_code for _ in range(2)]
    assert {"list_laps"} == built(world.app)


def test_the_document_describes_routes_that_nobody_has_used(world: World) -> None:
    operation = world.app.openapi()["paths"]["/api/v1/laps"]["get"]
    assert ("list_laps", True) == (operation["operationId"], "200" in operation["responses"])
    assert "mark_laps" in built(world.app)


def test_a_route_has_no_attribute_that_a_built_one_lacks(world: World) -> None:
    route = next(route for route in world.app.routes if isinstance(route, APIRoute))
    assert not hasattr(route, "no_such_attribute")
