"""The list of connected screens, and what a marshal sends to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from f1timings.access.roles import Role
from f1timings.store.acts.room.screens import MOST_CARDS
from f1timings.web.screens.bodies import SCREEN, ConnectedScreenBody
from tests.waiting import LONGEST_WAIT_S
from tests.web.world import World, open_client, open_world, serve

REPORTED = {"name": "TV <img onerror>", "page": "/display", "code": "KXQT", "scene": "leaderboard"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[World, str]]:
    with open_world(tmp_path) as world, serve(world.app) as address:
        yield world, address


def api(served: tuple[World, str], role: Role = Role.MARSHAL) -> httpx.Client:
    world, address = served
    headers = {"Authorization": f"Bearer {world.token(role)}"}
    return open_client(f"http://{address}/api/v1", headers)


def test_a_screen_that_reports_its_name_is_listed_and_can_be_reloaded(served: tuple[World, str]) -> None:
    _, address = served
    with connect(f"ws://{address}/ws", proxy=None) as screen, api(served) as client:
        screen.send(json.dumps({"subscribe": ["events"], "screen": REPORTED}))
        assert "hello" in json.loads(screen.recv(timeout=LONGEST_WAIT_S))
        (listed,) = client.get("/screens").json()["items"]
        assert {name: listed[name] for name in REPORTED} == REPORTED
        assert (listed["address"], listed["views"], listed["skipped"]) == ("127.0.0.1", ["events"], 0)
        answer = client.post(f"/screens/{listed['id']}/reload")
        assert (answer.status_code, answer.json()) == (200, {"id": listed["id"], "command": "reload"})
        while {"command": "reload"} != json.loads(screen.recv(timeout=LONGEST_WAIT_S)):
            pass  # The snapshot and heartbeats come before it.


def test_a_connection_without_a_subscription_is_not_listed(served: tuple[World, str]) -> None:
    _, address = served
    with connect(f"ws://{address}/ws", proxy=None), api(served) as client:
        assert client.get("/screens").json() == {"items": [], "next": None}


def test_reloading_an_unknown_screen_is_not_found(served: tuple[World, str]) -> None:
    with api(served) as client:
        answer = client.post("/screens/unknown/reload")
    assert answer.status_code == 404
    assert "GET /api/v1/screens" in answer.json()["detail"]


def test_a_viewer_may_neither_list_nor_reload_screens(served: tuple[World, str]) -> None:
    with api(served, Role.VIEWER) as client:
        assert [client.get("/screens").status_code, client.post("/screens/x/reload").status_code] == [
            403,
            403,
        ]


def direct(client: httpx.Client, screen: str, **facts: object) -> list[dict[str, object]]:
    answer = client.patch("/screen-cards", json={"screen": screen, **facts})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, object]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    ("reported", "key"),
    [(REPORTED, REPORTED["name"]), ({"code": "KXQT"}, "KXQT"), ({"page": "/display"}, None)],
)
def test_a_screen_is_directed_by_its_name_or_by_its_code(
    served: tuple[World, str], reported: dict[str, str], key: str | None
) -> None:
    _, address = served
    with connect(f"ws://{address}/ws", proxy=None) as screen, api(served) as client:
        screen.send(json.dumps({"subscribe": ["events"], "screen": reported}))
        assert "hello" in json.loads(screen.recv(timeout=LONGEST_WAIT_S))
        assert [key] == [each["screen"] for each in client.get("/screens").json()["items"]]


def test_what_is_sent_to_a_screen_is_kept_and_the_rest_stays(served: tuple[World, str]) -> None:
    with api(served) as client:
        assert client.get("/screen-cards").json() == {"items": [], "next": None}
        direct(client, "TV", scene="race")
        direct(client, "TV", delay_s=10)
        turns = {"turn_s": 15, "turns_in_race": False}
        expected = {"screen": "TV", "scene": "race", "delay_s": 10, "is_blank": False, **turns}
        assert [expected] == direct(client, "TV", is_blank=False)
        assert [expected | {"scene": None}] == direct(client, "TV", scene=None)


def test_what_is_sent_to_every_screen_is_for_those_with_a_card_and_those_without(
    served: tuple[World, str],
) -> None:
    with api(served) as client:
        direct(client, "TV", scene="race", delay_s=5)
        cards = {card["screen"]: card for card in direct(client, "*", scene="result")}
        assert {"TV": ("result", 5), "*": ("result", 0)} == {
            name: (card["scene"], card["delay_s"]) for name, card in cards.items()
        }
        # A screen that had no card keeps what was sent to every screen.
        (new,) = (card for card in direct(client, "Door", delay_s=2) if card["screen"] == "Door")
        assert ("result", 2) == (new["scene"], new["delay_s"])


def test_what_was_sent_is_an_act_which_can_be_undone(served: tuple[World, str]) -> None:
    with api(served) as client:
        before = direct(client, "TV", scene="race")
        direct(client, "*", is_blank=True)
        (act,) = client.get("/acts", params={"limit": 1}).json()["items"]
        assert ("screens_directed", "Every screen is blank.") == (act["kind"], act["summary"])
        assert client.post(f"/acts/{act['id']}/undo").status_code == 200
        assert before == client.get("/screen-cards").json()["items"]


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"scene": "race"}, "shows the scene race"),
        ({"scene": None}, "chooses its scene by itself"),
        ({"delay_s": 10}, "is 10 s late"),
        ({"delay_s": 0}, "is no longer late"),
        ({"is_blank": True}, "is blank"),
        ({"is_blank": False}, "is no longer blank"),
        ({"scene": "race", "delay_s": 3}, "was changed"),
        ({"scene": "rigs,next", "turn_s": 20, "turns_in_race": True}, "shows in turn rigs, next"),
        ({"turn_s": 20}, "was changed"),
    ],
)
def test_the_log_of_acts_says_what_was_sent(
    served: tuple[World, str], facts: dict[str, object], what: str
) -> None:
    with api(served) as client:
        direct(client, "TV", **facts)
        (act,) = client.get("/acts", params={"limit": 1}).json()["items"]
        assert f"The screen TV {what}." == act["summary"]


@pytest.mark.parametrize(
    "direction",
    [
        {"screen": "TV", "delay_s": 61},
        {"screen": "TV", "delay_s": -1},
        {"screen": "TV", "scene": "<b>"},
        {"screen": "TV", "scene": ""},
        {"screen": "TV", "scene": "race,"},
        {"screen": "TV", "scene": ",".join(["race"] * 13)},
        {"screen": "TV", "turn_s": 4},
        {"screen": "TV", "turn_s": 601},
        {"screen": " "},
        {"screen": "T" * 81},
        {"scene": "race"},
    ],
)
def test_what_no_screen_can_show_is_refused(served: tuple[World, str], direction: dict[str, object]) -> None:
    with api(served) as client:
        assert 422 == client.patch("/screen-cards", json=direction).status_code
        assert [] == client.get("/screen-cards").json()["items"]


def test_not_more_screens_can_be_directed_than_a_room_may_have(served: tuple[World, str]) -> None:
    with api(served) as client:
        for number in range(MOST_CARDS):
            direct(client, f"TV {number}", is_blank=True)
        assert 422 == client.patch("/screen-cards", json={"screen": "one more"}).status_code
        direct(client, "TV 0", is_blank=False)


def test_a_viewer_may_neither_read_nor_send_what_screens_show(served: tuple[World, str]) -> None:
    with api(served, Role.VIEWER) as client:
        direction = client.patch("/screen-cards", json={"screen": "TV", "scene": "race"})
        assert [403, 403] == [client.get("/screen-cards").status_code, direction.status_code]


def test_the_example_in_the_documentation_is_a_valid_screen() -> None:
    assert ConnectedScreenBody.model_validate(SCREEN).model_dump(mode="json") == SCREEN
