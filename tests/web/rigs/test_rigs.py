"""``/api/v1/rigs``: stored rigs, with their status in the intake."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from f1timings.rigs.registry import RigStatus
from f1timings.timing.events import ParticipantsChanged, SessionChanged
from tests.web import records
from tests.web.world import World, open_world, serve

# Seconds since the last datagram of a rig that sends: ahead of the clock, so that the rig does not become
# silent while a busy machine answers the request.
SENDING = -60.0


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
        answer = httpx.get(f"http://{address}/api/v1/rigs", trust_env=False, timeout=60)
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


def test_a_rig_that_sends_is_live_with_its_counters(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.commit(records.rig())
        world.statuses[records.RIG] = status(
            records.RIG,
            SENDING,
            packet_format=2026,
            packets=Counter(motion=9),
            rejected=Counter(wrong_size=3),
        )
        (rig,) = rigs(world)
    assert rig.pop("last_received_at").endswith("Z")
    assert rig == {
        "rig": records.RIG,
        "version": 0,
        "name": None,
        "place": None,
        "driver": None,
        "default_driver": None,
        "label": "Rig 1",
        "number": 1,
        "joined": [],
        "address": records.RIG,
        "port": 61000,
        "listen_port": 20777,
        "packet_format": 2026,
        "game_year": 25,
        "is_live": True,
        "datagrams": 12,
        "datagrams_per_s": None,
        "updates_per_s": None,
        "lost_pct": None,
        "hints": ["no_lap_data", "no_participants"],
        "packets": {"motion": 9},
        "rejected": {"wrong_size": 3},
        "implausible": {},
    }


def test_a_rig_that_is_silent_for_two_seconds_is_not_live(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.commit(records.rig())
        world.statuses[records.RIG] = status(records.RIG, 2.5)
        (rig,) = rigs(world)
    assert rig["is_live"] is False


def test_a_rig_that_is_silent_since_the_start_has_no_counters(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.commit(records.rig())
        (rig,) = rigs(world)
    assert (rig["is_live"], rig["last_received_at"], rig["datagrams"]) == (False, None, 0)
    assert rig["hints"] == ["no_data"]


def test_a_rig_that_sends_nothing_recognised_is_listed_although_it_is_not_stored(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.statuses["10.0.0.9"] = status("10.0.0.9", SENDING, rejected=Counter(too_short=5))
        (rig,) = rigs(world)
    assert (rig["rig"], rig["is_live"], rig["rejected"]) == ("10.0.0.9", True, {"too_short": 5})
    assert (rig["name"], rig["version"], rig["hints"]) == (None, 0, ["not_recognised"])


def test_a_rig_shows_the_health_of_its_stream(tmp_path: Path) -> None:
    sending = status(records.RIG, SENDING, packets=Counter(lap_data=120, participants=1))
    for tick in range(9):
        for _ in range(30):
            sending.stream.handle_frame(1000 + 2 * sending.port)
            sending.port += 1
        sending.stream.sample(tick / 2, 100 * tick)
    with open_world(tmp_path) as world:
        world.statuses[records.RIG] = sending
        (rig,) = rigs(world)
    assert (rig["datagrams_per_s"], rig["updates_per_s"], rig["lost_pct"]) == (200.0, 60.0, 0.0)
    assert rig["hints"] == []


def test_a_rig_in_a_lobby_that_hides_names_has_a_hint(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        other = records.participant(3, "Player", is_ai=False)
        world.commit(
            records.rig(),
            SessionChanged(records.session()),
            ParticipantsChanged(records.SESSION_ID, (other,)),
        )
        world.statuses[records.RIG] = status(
            records.RIG, SENDING, packets=Counter(lap_data=9, participants=1)
        )
        (rig,) = rigs(world)
    assert rig["hints"] == ["names_hidden"]
