"""A lap begins when the previous one ends, also with a bad network and when a capture is timed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from f1timings.commands.derived_records import LatestRecords, derive_records
from f1timings.intake.datagrams import Datagram
from f1timings.pipeline import Pipeline
from f1timings.simulator import Emission, Scenario, ScenarioKind, simulate
from f1timings.store import Stamped
from f1timings.timing.events import LapBegan, LapRecorded
from f1timings.timing.records import Lap, LapState
from tests.network.faults import add_faults
from tests.truth.comparing import address, short

EVENING = 1_795_000_000.0
# The longest time for which the network of the tests delays a datagram.
SLACK_S = 0.21


def sent(scenario: Scenario, network: Callable[[Iterable[Emission]], Iterator[Any]] = iter) -> list[Datagram]:
    return [
        Datagram(EVENING + emission.at, address(emission.rig), 5000, 20777, emission.data)
        for emission in network(simulate(scenario))
    ]


def starts(entries: Iterable[Stamped]) -> dict[str, tuple[Lap, float | None]]:
    """The completed laps by id, and when they began."""
    return {
        entry.event.lap.id: (entry.event.lap, entry.began_at)
        for entry in entries
        if isinstance(entry.event, LapRecorded) and entry.event.lap.state is LapState.COMPLETED
    }


@pytest.mark.parametrize("kind", ["race", "time_trial", "hot_lap_evening", "lobby"])
@pytest.mark.parametrize("year", [2020, 2022, 2025])
def test_each_lap_begins_one_lap_time_after_the_previous_one(kind: ScenarioKind, year: int) -> None:
    undisturbed = replace(short(kind, year, seed=3), flashbacks=0, pauses=0, restarts=0)
    found = starts(derive_records(sent(undisturbed)))
    began = {(lap.session_id, lap.car_index, lap.lap_number): at for lap, at in found.values()}
    following = 0
    for lap, began_at in found.values():
        following_at = began.get((lap.session_id, lap.car_index, lap.lap_number + 1))
        assert began_at is not None
        assert lap.lap_time_ms is not None
        if following_at is not None:
            following += 1
            assert following_at == pytest.approx(began_at + lap.lap_time_ms / 1000, abs=0.01)
    assert following


def test_a_lap_repeated_after_a_flashback_begins_before_its_next_lap() -> None:
    scenario = replace(short("race", 2025, seed=7), flashbacks=3, pauses=0)
    found = starts(derive_records(sent(scenario)))
    repeated = [(lap, at) for lap, at in found.values() if lap.branch]
    assert repeated
    for lap, began_at in repeated:
        assert began_at is not None
        assert lap.lap_time_ms is not None
        following = found.get(f"{lap.session_id}~{lap.car_index}~{lap.lap_number + 1}~0")
        if following is not None and following[1] is not None:
            assert began_at < following[1] < began_at + lap.lap_time_ms / 1000


def test_a_network_that_duplicates_and_reorders_hardly_changes_a_start() -> None:
    scenario = short("race", 2025, seed=4)
    undisturbed = starts(derive_records(sent(scenario)))
    disturbed = starts(
        derive_records(
            sent(scenario, lambda emissions: add_faults(emissions, reorder=0.05, duplicate=0.05, seed=9))
        )
    )
    assert undisturbed.keys() == disturbed.keys()
    for lap_id, (_, began_at) in undisturbed.items():
        assert disturbed[lap_id][1] == pytest.approx(began_at, abs=SLACK_S)


def test_a_capture_timed_again_gives_the_same_starts_to_the_microsecond() -> None:
    datagrams = sent(short("race", 2025, seed=5))
    live = LatestRecords()
    announced: list[Stamped] = []

    def take(entries: Sequence[Stamped]) -> None:
        announced.extend(entries)
        live.handle_entries(entries)

    pipeline = Pipeline(take)
    for received_at, rig, port, listen_port, data in datagrams:
        pipeline.feed(data, rig, port, listen_port, received_at)
    pipeline.finish(datagrams[-1].received_at)
    assert starts(live.entries) == starts(derive_records(datagrams))
    assert not any(isinstance(entry.event, LapBegan) for entry in announced)
