"""Rigs: what is stored of them, joined with how the intake sees them now."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from f1timings.meeting.rigs import RigStatus
from tests.web import records
from tests.web.world import World, open_world, serve


def status(key: str, seconds_ago: float, **facts: Any) -> RigStatus:
    now = time.time()
    known: dict[str, Any] = {
        "address": key,
        "port": 61000,
        "listen_port": 20777,
        "first_received_at": now - 100,
        "last_received_at": now - seconds_ago,
    }
    return RigStatus(key=key, **(known | facts))


def rigs(world: World) -> list[dict[str, Any]]:
    with serve(world.app) as address:
        answer = httpx.get(f"http://{address}/api/v1/rigs", trust_env=False)
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


def test_a_rig_that_sends_is_live_with_its_counters(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.commit(records.rig())
        world.statuses[records.RIG] = status(
            records.RIG,
            0.0,
            packet_format=2026,
            packets=Counter(motion=9),
            rejected=Counter(wrong_size=3),
        )
        (rig,) = rigs(world)
    assert rig.pop("last_received_at").endswith("Z")
    assert rig == {
        "rig": records.RIG,
        "address": records.RIG,
        "port": 61000,
        "listen_port": 20777,
        "packet_format": 2026,
        "game_year": 25,
        "is_live": True,
        "datagrams": 12,
        "packets": {"motion": 9},
        "rejected": {"wrong_size": 3},
    }


def test_a_rig_that_was_silent_for_two_seconds_is_not_live(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.commit(records.rig())
        world.statuses[records.RIG] = status(records.RIG, 2.5)
        (rig,) = rigs(world)
    assert rig["is_live"] is False


def test_a_rig_from_before_our_start_has_no_counters(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.commit(records.rig())
        (rig,) = rigs(world)
    assert (rig["is_live"], rig["last_received_at"], rig["datagrams"]) == (False, None, 0)


def test_a_rig_that_sends_only_rubbish_is_shown_although_it_is_not_stored(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.statuses["10.0.0.9"] = status("10.0.0.9", 0.0, rejected=Counter(too_short=5))
        (rig,) = rigs(world)
    assert (rig["rig"], rig["is_live"], rig["rejected"]) == ("10.0.0.9", True, {"too_short": 5})
