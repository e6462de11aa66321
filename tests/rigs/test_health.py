"""Hints about what is wrong with a rig."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from f1timings.rigs.health import Hint, RigFacts, hints
from f1timings.rigs.registry import RigSeen, RigStatus

WELL = RigFacts(
    is_live=True,
    heard_s=600.0,
    packets={"lap_data": 3600, "participants": 12, "session": 120},
    rejected={"wrong_size": 2},
    implausible={},
    packet_format=2025,
    game_year=25,
    updates_per_s=59.8,
    lost_pct=0.3,
    hides_names=False,
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ()),
        ({"is_live": False, "hides_names": True}, (Hint.NO_DATA,)),
        ({"packets": {}, "rejected": {"unknown_format": 9}}, (Hint.NOT_RECOGNISED,)),
        ({"packets": {"lap_data": 3600}}, (Hint.NO_PARTICIPANTS,)),
        ({"packets": {"lap_data": 60}, "heard_s": 3.0}, ()),
        ({"packets": {"session": 60, "participants": 9}}, (Hint.NO_LAP_DATA,)),
        ({"updates_per_s": 10.0}, (Hint.LOW_RATE,)),
        ({"updates_per_s": 20.1}, ()),
        ({"updates_per_s": 0.0, "lost_pct": None}, ()),
        ({"updates_per_s": None, "lost_pct": None}, ()),
        ({"lost_pct": 2.5}, (Hint.LOSSES,)),
        ({"packet_format": 2023}, (Hint.FORMAT_OLD,)),
        ({"packet_format": 2023, "game_year": None}, ()),
        ({"packet_format": 2026}, ()),
        ({"hides_names": True}, (Hint.NAMES_HIDDEN,)),
        (
            {"hides_names": True, "lost_pct": 9.0, "packet_format": 2024},
            ("losses", "format_old", "names_hidden"),
        ),
    ],
)
def test_each_hint_is_given_for_its_cause_only(facts: dict[str, Any], expected: tuple[Hint, ...]) -> None:
    assert expected == hints(replace(WELL, **facts))


ENDPOINT: dict[str, Any] = {
    "key": "10.0.0.5",
    "address": "10.0.0.5",
    "port": 50_000,
    "listen_port": 20_777,
}


def test_the_facts_come_from_the_intake_and_before_its_first_datagram_from_the_store() -> None:
    seen = RigSeen(**ENDPOINT, packet_format=2024, game_year=25)
    silent = RigFacts(
        is_live=False, heard_s=0.0, packets={}, rejected={}, implausible={}, packet_format=2024, game_year=25
    )
    assert silent == RigFacts.of(seen, None, 100.0)
    status = RigStatus(
        **ENDPOINT,
        first_received_at=40.0,
        last_received_at=99.0,
        packet_format=2025,
        game_year=25,
        packets=Counter(motion=2),
    )
    facts = RigFacts.of(seen, status, 100.0, hides_names=True)
    assert (True, 60.0, {"motion": 2}, 2025) == (
        facts.is_live,
        facts.heard_s,
        facts.packets,
        facts.packet_format,
    )
    assert facts.hides_names


def test_every_hint_is_documented() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
    assert [] == [hint.value for hint in Hint if f"| `{hint}` |" not in documented]
