"""Health: always alive, and ready only when every check passes."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.errors import StoreDamaged
from f1timings.intake.recorder.state import RecorderState
from f1timings.web.readiness import Check, Readiness, captures_check, database_check
from tests.web.world import open_client, open_world, serve


def test_health_is_ok_and_names_the_version(api: httpx.Client) -> None:
    answer = api.get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": "0.1.0"})


def test_head_is_get_without_a_body(api: httpx.Client) -> None:
    head, get = api.head("/api/health"), api.get("/api/health")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


def test_a_ready_server_lists_its_checks(api: httpx.Client) -> None:
    answer = api.get("/api/health/ready")
    expected = {"status": "ready", "checks": {"database": "ok", "udp": "ok", "captures": "ok"}}
    assert (answer.status_code, answer.json()) == (200, expected)


def test_a_server_that_is_not_ready_gives_the_reason_and_is_alive(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.readiness = Readiness(udp=Check("not listening"))
        with serve(world.app) as address, open_client(f"http://{address}") as api:
            ready, alive = api.get("/api/health/ready"), api.get("/api/health")
    expected = {"status": "not ready", "checks": {"database": "ok", "udp": "not listening", "captures": "ok"}}
    assert (ready.status_code, ready.json()) == (503, expected)
    assert alive.status_code == 200


def test_captures_that_fail_do_not_make_the_server_unready() -> None:
    assert Readiness(captures=captures_check(None)).is_ready
    assert Readiness(captures=captures_check(RecorderState(error="disk I/O error"))).is_ready


@pytest.mark.parametrize("role", [None, Role.VIEWER, Role.MARSHAL, Role.ADMIN])
def test_only_marshals_read_paths_commands_and_stored_values(tmp_path: Path, role: Role | None) -> None:
    damage = StoreDamaged("/srv/club/f1timings.db", "a stored value cannot be read (Max)", "enter /srv/club")
    paused = RecorderState(stopped_because="12 MiB are free on the disk of /srv/club")
    failing = RecorderState(error="[Errno 5] Input/output error: '/srv/club/captures'")
    states = [
        Readiness(database=database_check(damage, None), captures=captures_check(paused)),
        Readiness(database=database_check(None, "no answer of /srv/club"), captures=captures_check(failing)),
    ]
    is_shown = role in (Role.MARSHAL, Role.ADMIN)
    with open_world(tmp_path) as world, serve(world.app) as address:
        token = {} if role is None else {"Authorization": f"Bearer {world.token(role)}"}
        for world.readiness in states:
            answer = httpx.get(f"http://{address}/api/health/ready", headers=token, trust_env=False)
            checks = answer.json()["checks"]
            assert 503 == answer.status_code
            assert [is_shown, is_shown] == ["/srv/club" in checks[name] for name in ("database", "captures")]
            assert (is_shown and world.readiness is states[0]) == ("Max" in answer.text)
