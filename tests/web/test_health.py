"""Health: always alive, and ready only when every check passes."""

from __future__ import annotations

from pathlib import Path

import httpx

from f1timings.web.application import Readiness
from tests.web.world import open_world, serve


def test_health_is_ok_and_names_the_version(api: httpx.Client) -> None:
    answer = api.get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": "0.1.0"})


def test_head_is_get_without_a_body(api: httpx.Client) -> None:
    head, get = api.head("/api/health"), api.get("/api/health")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


def test_a_ready_server_lists_its_checks(api: httpx.Client) -> None:
    answer = api.get("/api/health/ready")
    expected = {"status": "ready", "checks": {"database": "ok", "udp": "listening on 0.0.0.0:20777"}}
    assert (answer.status_code, answer.json()) == (200, expected)


def test_a_server_that_is_not_ready_gives_the_reason_and_is_alive(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.readiness = Readiness(False, {"database": "the disk is full", "udp": "listening"})
        with serve(world.app) as address, httpx.Client(base_url=f"http://{address}", trust_env=False) as api:
            ready, alive = api.get("/api/health/ready"), api.get("/api/health")
    expected = {"status": "not ready", "checks": {"database": "the disk is full", "udp": "listening"}}
    assert (ready.status_code, ready.json()) == (503, expected)
    assert alive.status_code == 200
