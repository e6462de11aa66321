"""``/api/v1/circuits/{track_id}/outline`` gives what a circuit looks like."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from f1timings.outlines.records import Outline, OutlineKey, PitLaneOutline
from tests.web.world import World

OUTLINE = Outline(
    key=OutlineKey(11, 2025),
    track_length_m=5793,
    points=((1.5, -2.5), (3.0, 4.0), (-5.2, 6.1)),
    sector2_start_m=1892.5,
    sector3_start_m=3921.0,
    pit_lane=PitLaneOutline(entry_m=5480.2, exit_m=310.7, points=((1.0, 2.0), (3.0, 4.0))),
    marshal_zone_starts_m=(86.9, 410.2),
    laps=3,
    revision=4,
)
ADDRESS = "/api/v1/circuits/11/outline?packet_format=2025"


@pytest.fixture
def known(race: World) -> None:
    race.outlines[OUTLINE.key] = OUTLINE


@pytest.mark.usefixtures("known")
def test_the_outline_has_the_points_and_what_is_marked_on_them(api: httpx.Client) -> None:
    assert api.get(ADDRESS).raise_for_status().json() == {
        "track_id": 11,
        "packet_format": 2025,
        "circuit": "Monza",
        "track_length_m": 5793,
        "points_m": [[1.5, -2.5], [3.0, 4.0], [-5.2, 6.1]],
        "sector2_start_m": 1892.5,
        "sector3_start_m": 3921.0,
        "pit_lane": {"entry_m": 5480.2, "exit_m": 310.7, "points_m": [[1.0, 2.0], [3.0, 4.0]]},
        "marshal_zone_starts_m": [86.9, 410.2],
        "laps": 3,
        "revision": 4,
    }


@pytest.mark.usefixtures("known")
def test_an_unchanged_outline_is_not_sent_again(api: httpx.Client, race: World) -> None:
    tag = api.get(ADDRESS).headers["ETag"]
    again = api.get(ADDRESS, headers={"If-None-Match": tag})
    assert (304, b"", tag) == (again.status_code, again.content, again.headers["ETag"])
    race.outlines[OUTLINE.key] = replace(OUTLINE, revision=5)
    changed = api.get(ADDRESS, headers={"If-None-Match": tag})
    assert (200, 5) == (changed.status_code, changed.json()["revision"])


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("/api/v1/circuits/11/outline?packet_format=2024", 404, "No complete lap of Monza was seen"),
        ("/api/v1/circuits/98/outline?packet_format=2025", 404, "No complete lap of track 98 was seen"),
        ("/api/v1/circuits/11/outline", 422, ""),
        ("/api/v1/circuits/100/outline?packet_format=2025", 422, ""),
        ("/api/v1/circuits/11/outline?packet_format=2025&rig=1", 422, ""),
    ],
)
def test_what_is_not_known_is_a_problem(api: httpx.Client, address: str, status: int, detail: str) -> None:
    answer = api.get(address)
    assert status == answer.status_code
    assert detail in answer.json().get("detail", "")
