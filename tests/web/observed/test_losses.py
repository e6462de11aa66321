"""That nothing was lost is said only if it is true; each cause has its figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from f1timings.access.roles import Role
from f1timings.store.stored import WriterState
from f1timings.web.observed.figures import Figures, IntakeFigures, RecordingFigures, RigFigures
from f1timings.web.observed.losses import list_causes, loss_state
from tests.web.world import open_client, open_world, serve

WELL = Figures(intake=IntakeFigures(datagrams=1_000))


def rig(key: str = "10.0.0.5", **facts: Any) -> RigFigures:
    usual: Mapping[str, Any] = {
        "is_live": True, "datagrams": 100, "lost_updates": 0, "updates_per_s": 60.0, "rejected": {},
    }  # fmt: skip
    return RigFigures(key=key, **{**usual, **facts})


def writer(**facts: Any) -> WriterState:
    usual = WriterState(queued=0, committed=0, rejected=0, failing_since=None, error=None)
    return replace(usual, **facts)


def test_nothing_is_lost_while_every_count_is_known_to_be_0() -> None:
    assert "nothing-lost" == loss_state(list_causes(WELL))
    assert "nothing-lost" == loss_state(list_causes(replace(WELL, rigs=[rig(rejected={"too_short": 9})])))


@pytest.mark.parametrize(
    ("figures", "cause", "count"),
    [
        (replace(WELL, rigs=[rig(lost_updates=3), rig("10.0.0.6", lost_updates=4)]), "network", 7),
        (replace(WELL, intake=IntakeFigures(kernel_dropped=5)), "kernel", 5),
        (replace(WELL, intake=IntakeFigures(receive_errors={"ECONNRESET": 1, "EIO": 1})), "receiving", 2),
        (replace(WELL, rigs=[rig()], intake=IntakeFigures(overflowed={"10.0.0.5": 6})), "waiting", 6),
        (
            replace(WELL, rigs=[rig("10.0.0.5:900")], intake=IntakeFigures(overflowed={"10.0.0.5": 6})),
            "waiting",
            6,
        ),
        (replace(WELL, intake=IntakeFigures(unprocessed={"StoreBusy": 2, "StoreError": 1})), "refused", 3),
        (replace(WELL, intake=IntakeFigures(unprocessed={"ValueError": 1})), "processing", 1),
        (replace(WELL, writer=writer(rejected=1)), "records", 1),
        (replace(WELL, recording=RecordingFigures(dropped=8)), "captures", 8),
    ],
)
def test_each_loss_ends_it_and_is_counted_under_its_own_cause(
    figures: Figures, cause: str, count: int
) -> None:
    causes = list_causes(figures)
    assert "lost" == loss_state(causes)
    assert {cause: count} == {found.name: found.count for found in causes if found.count}


def test_what_the_flood_of_a_stranger_loses_is_no_loss() -> None:
    flooded = replace(WELL, rigs=[rig("10.0.0.55")], intake=IntakeFigures(overflowed={"10.0.0.5": 6_000}))
    assert "nothing-lost" == loss_state(list_causes(flooded))


def test_a_system_that_does_not_count_its_drops_is_not_called_well() -> None:
    unknown = replace(WELL, intake=IntakeFigures(kernel_dropped=None))
    assert "unknown" == loss_state(list_causes(unknown))
    assert "lost" == loss_state(list_causes(replace(unknown, rigs=[rig(lost_updates=1)])))


def test_marshals_read_the_losses_and_nobody_else_does(tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.figures = replace(WELL, rigs=[rig(lost_updates=3)])
        for role, status in ((None, 401), (Role.VIEWER, 403), (Role.MARSHAL, 200)):
            headers = {} if role is None else {"Authorization": f"Bearer {world.token(role)}"}
            with open_client(f"http://{address}", headers) as client:
                answer = client.get("/api/v1/losses")
                assert status == answer.status_code
        losses = answer.json()
    assert ("lost", 1_000) == (losses["state"], losses["datagrams"])
    assert {"name": "network", "count": 3} == losses["causes"][0]
