"""``/api/v1/drivers/{driver_id}/laps``: sector marks, and why a lap does not count."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.store.acts import assignments, drivers
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.timing.records import LapState
from tests.web import records
from tests.web.world import World, open_client, open_world, serve

RIG, OTHER_RIG = "192.168.1.21", "192.168.1.22"


class Evening:
    """Ada and Ben, each at a rig of their own; an anonymous client and a marshal."""

    def __init__(self, world: World, address: str) -> None:
        self.world = world
        base = f"http://{address}/api/v1"
        self.anonymous = open_client(base)
        self.marshal = open_client(base, {"Authorization": f"Bearer {world.token(Role.MARSHAL)}"})
        self.ada, self.ben = (self._seat(rig, name) for rig, name in ((RIG, "Ada"), (OTHER_RIG, "Ben")))

    def _seat(self, rig: str, name: str) -> str:
        self.world.commit(records.rig(rig), SessionChanged(records.session(rig_key=rig)), at=time.time())
        driver = self.world.store.act("Marta", lambda desk: drivers.add(desk, name=name))
        self.world.store.act("Marta", lambda desk: assignments.assign(desk, rig, driver.id))
        return driver.id

    def drive(self, rig: str, number: int, *sectors: int, **facts: Any) -> None:
        named: dict[str, Any] = {f"sector{at}_ms": sector for at, sector in enumerate(sectors, start=1)}
        lap = records.lap(number, sum(sectors), session=records.session(rig_key=rig), **(named | facts))
        self.world.commit(LapRecorded(lap), at=time.time())

    def laps(self, driver_id: str) -> dict[int, Any]:
        """The laps of a driver by number."""
        answer = self.anonymous.get(f"/drivers/{driver_id}/laps")
        assert 200 == answer.status_code, answer.text
        return {lap["lap_number"]: lap for lap in answer.json()["items"]}

    def reasons(self) -> dict[int, str | None]:
        return {number: lap["not_counting"] for number, lap in self.laps(self.ada).items()}

    def edit_meeting(self, **facts: object) -> httpx.Response:
        meeting = self.marshal.get("/meeting").json()
        answer = self.marshal.patch(
            f"/meetings/{meeting['id']}", json={"version": meeting["version"], **facts}
        )
        assert 200 == answer.status_code, answer.text
        return answer


@pytest.fixture
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    with open_world(tmp_path_factory.mktemp("world")) as world, serve(world.app) as address:
        evening = Evening(world, address)
        with evening.anonymous, evening.marshal:
            yield evening


def test_sectors_are_marked_against_the_driver_and_the_board(evening: Evening) -> None:
    evening.drive(OTHER_RIG, 1, 27_000, 27_000, 27_000)
    evening.drive(RIG, 1, 27_500, 26_500, 27_500)
    evening.drive(RIG, 2, 27_400, 26_600, 27_500)
    evening.drive(RIG, 3, 20_000, 20_000, 20_000, is_valid=False)
    marks = {
        number: tuple(lap[f"s{sector}_mark"] for sector in (1, 2, 3))
        for number, lap in evening.laps(evening.ada).items()
    }
    assert {
        1: ("slower", "best", "personal"),
        2: ("personal", "slower", "personal"),
        3: (None, None, None),
    } == marks
    assert [3, 2, 1] == list(marks)


def test_each_lap_has_the_reason_why_it_does_not_count(evening: Evening) -> None:
    evening.drive(RIG, 1, 27_000, 27_000, 27_000)
    evening.drive(RIG, 2, 27_000, 27_000, 27_000, is_valid=False)
    evening.drive(RIG, 3, 27_000, 27_000, 27_000, state=LapState.SUPERSEDED)
    evening.drive(RIG, 4, 27_000, 27_000, 27_000, is_valid=None)
    evening.drive(RIG, 5, 27_000, 27_000, 27_000)
    evening.drive(RIG, 6, 27_000, 27_000, 27_000)
    laps = evening.laps(evening.ada)
    for number, decision in ((5, {"is_valid": False}), (6, {"is_deleted": True})):
        body = {"revision": laps[number]["revision"], **decision}
        assert evening.marshal.patch(f"/laps/{laps[number]['id']}", json=body).is_success
    assert {
        1: None,
        2: "invalid",
        3: "superseded",
        4: "unjudged",
        5: "overruled",
        6: "deleted",
    } == evening.reasons()


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({}, None),
        ({"session_types": ["Time Trial"]}, "session_types"),
        ({"formats": [2024]}, "formats"),
        ({"assists_allowed": False}, "assists_allowed"),
    ],
)
def test_the_rules_of_the_meeting_are_a_reason(
    evening: Evening, rules: dict[str, Any], reason: str | None
) -> None:
    evening.drive(RIG, 1, 27_000, 27_000, 27_000)
    evening.edit_meeting(rules=rules)
    assert {1: reason} == evening.reasons()


def test_typed_laps_that_the_rules_exclude_and_a_cleared_board_are_reasons(evening: Evening) -> None:
    def by_source() -> dict[str, str | None]:
        items = evening.anonymous.get(f"/drivers/{evening.ada}/laps").json()["items"]
        return {lap["source"]: lap["not_counting"] for lap in items}

    evening.drive(RIG, 1, 27_000, 27_000, 27_000)
    assert evening.marshal.post("/laps", json={"driver": "Ada", "time": "1:20.000"}).is_success
    assert {"telemetry": None, "manual": None} == by_source()
    meeting = evening.edit_meeting(rules={"manual_laps": False}).json()
    assert {"telemetry": None, "manual": "manual_laps"} == by_source()
    body = {"circuit": "Monza", "confirm": "Monza"}
    cleared = evening.marshal.post(f"/meetings/{meeting['id']}/clear", json=body)
    assert cleared.is_success, cleared.text
    assert {"telemetry": "cleared", "manual": "manual_laps"} == by_source()


def test_an_unknown_driver_has_no_laps(evening: Evening) -> None:
    assert 404 == evening.anonymous.get("/drivers/none/laps").status_code
