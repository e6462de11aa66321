"""Kept answers: read and encoded once while nothing changes, never old, and only for those who may read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import anyio.to_thread
import httpx
import msgspec
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from f1timings.access.roles import Role
from f1timings.timing.events import LapRecorded
from f1timings.traces.lap_files import MEDIA_TYPE, write_lap_file
from f1timings.units import lap_text
from f1timings.web.access.checks.policy import POLICY
from f1timings.web.application import create_web
from f1timings.web.caching import etags
from f1timings.web.caching.kept_answers import KEPT_OPERATIONS, AnswerKey, KeptAnswer, KeptAnswers
from f1timings.web.http.bodies import PlainPage
from tests.sql_statements import statements
from tests.traces.test_lap_files import BLOB, FACTS
from tests.web import records
from tests.web.world import World, open_world

LISTS = ("/api/v1/leaderboard", "/api/v1/laps?limit=100", "/api/drivers", "/api/v1/drivers")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world(tmp_path) as world:
        world.commit_race()
        world.commit_trace()
        yield world


class Client:
    """A client of an application in this process."""

    def __init__(self, app: FastAPI, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1", headers=self._headers
            ) as client:
                return await client.request(method, path, **options)

        return asyncio.run(send())

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def act(self, method: str, path: str, body: Any) -> httpx.Response:
        """Send JSON, or a lap file."""
        if isinstance(body, bytes):
            return self.request(method, path, content=body, headers={"Content-Type": MEDIA_TYPE})
        return self.request(method, path, json=body)


def client_of(world: World, role: Role | None = None, *, is_fresh: bool = False) -> Client:
    """A client; ``is_fresh`` talks to a server that keeps no answer."""
    app = create_web(replace(world.services, newest_change=count().__next__)) if is_fresh else world.app
    headers = {} if role is None else {"Authorization": f"Bearer {world.token(role)}"}
    return Client(app, headers)


# While nothing changes ----------------------------------------------------------------------------------


@pytest.fixture
def in_threads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The functions that were run in a thread: each of them waits for the interpreter lock twice."""
    run: list[object] = []
    run_sync = anyio.to_thread.run_sync

    def run_and_note(function: Callable[..., Any], *given: Any, **options: Any) -> Awaitable[Any]:
        run.append(function)
        return run_sync(function, *given, **options)

    monkeypatch.setattr(anyio.to_thread, "run_sync", run_and_note)
    return run


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ways in which something was encoded, one entry each time."""
    done: list[str] = []

    def note(owner: type[Any], name: str) -> None:
        encode = getattr(owner, name)

        def encode_and_note(self: Any, *given: Any, **options: Any) -> Any:
            done.append(name)
            return encode(self, *given, **options)

        monkeypatch.setattr(owner, name, encode_and_note)

    note(BaseModel, "model_dump_json")
    note(PlainPage, "as_json")
    return done


@pytest.mark.parametrize("path", LISTS)
def test_an_answer_that_has_not_changed_costs_no_statement_no_encoding_and_no_thread(
    world: World, path: str, in_threads: list[object], encoded: list[str]
) -> None:
    client = client_of(world)
    first = client.get(path)
    in_threads.clear()
    encoded.clear()
    with statements(world.store.reads._engine) as executed:
        second = client.get(path)

    assert 200 == first.status_code == second.status_code
    assert first.content == second.content
    assert first.headers == second.headers
    assert [] == executed
    assert [] == encoded
    assert [] == in_threads


@pytest.mark.parametrize("path", [*LISTS, "/api/v1/sessions", "/api/v1/boards"])
def test_a_list_that_has_changed_is_built_in_one_go_in_one_thread(
    world: World, path: str, in_threads: list[object]
) -> None:
    assert 200 == client_of(world, is_fresh=True).get(path).status_code
    assert 1 == len(in_threads)


def test_the_older_list_of_drivers_costs_the_same_number_of_statements_for_any_number_of_drivers(
    world: World,
) -> None:
    client, marshal = client_of(world, is_fresh=True), client_of(world, Role.MARSHAL)
    executed: list[int] = []
    for number in range(6):
        typed = {"name": f"Driver {number}", "team": "Night Shift", "time": f"1:2{number}.500"}
        assert 200 == marshal.request("POST", "/api/laptime", json=typed).status_code
        with statements(world.store.reads._engine) as statements_now:
            assert f"1:2{number}.500" in client.get("/api/drivers").text
        executed.append(len(statements_now))
    assert [executed[0]] * 6 == executed


@pytest.mark.parametrize("path", LISTS)
def test_an_etag_gets_304_until_something_that_is_shown_changes(world: World, path: str) -> None:
    client, marshal = client_of(world), client_of(world, Role.MARSHAL)
    etag = client.get(path).headers["ETag"]

    unchanged = client.get(path, headers={"If-None-Match": etag})
    assert (304, b"", etag) == (unchanged.status_code, unchanged.content, unchanged.headers["ETag"])
    assert "no-cache" == unchanged.headers["Cache-Control"]

    # A screen card is a change that none of these answers shows.
    direct = {"screen": "TV 1", "is_blank": True}
    assert marshal.request("PATCH", "/api/v1/screen-cards", json=direct).status_code < 300
    assert 304 == client.get(path, headers={"If-None-Match": etag}).status_code

    typed = {"name": "Ada Brandt", "team": "Night Shift", "time": "1:20.000"}
    assert 200 == marshal.request("POST", "/api/laptime", json=typed).status_code
    changed = client.get(path, headers={"If-None-Match": etag})
    assert 200 == changed.status_code
    assert etag != changed.headers["ETag"]


def test_a_head_request_gets_the_headers_of_a_kept_answer(world: World) -> None:
    client = client_of(world)
    whole = client.get("/api/v1/leaderboard")
    head = client.request("HEAD", "/api/v1/leaderboard")
    assert (b"", whole.headers["ETag"]) == (head.content, head.headers["ETag"])
    assert str(len(whole.content)) == head.headers["Content-Length"]


def test_another_form_of_a_list_is_another_answer(world: World) -> None:
    client = client_of(world)
    as_json, as_csv = client.get("/api/v1/laps"), client.get("/api/v1/laps", headers={"Accept": "text/csv"})
    filtered = client.get("/api/v1/laps?lap_number=1")
    assert as_json.headers["Content-Type"] == "application/json"
    assert as_csv.headers["Content-Type"].startswith("text/csv")
    assert len(filtered.json()["items"]) < len(as_json.json()["items"])
    assert as_json.content == client.get("/api/v1/laps").content


# Who may read -------------------------------------------------------------------------------------------


def test_a_kept_answer_is_only_for_those_who_may_read(world: World) -> None:
    anyone, admin = client_of(world), client_of(world, Role.ADMIN)
    viewer = client_of(world, Role.VIEWER)
    assert {200} == {who.get("/api/v1/leaderboard").status_code for who in (anyone, viewer, admin)}

    assert 200 == admin.request("PATCH", "/api/v1/access", json={"reading": "closed"}).status_code
    assert 401 == anyone.get("/api/v1/leaderboard").status_code
    assert {200} == {who.get("/api/v1/leaderboard").status_code for who in (viewer, admin)}
    unknown = anyone.get("/api/v1/leaderboard", headers={"Authorization": "Bearer unknown"})
    assert 401 == unknown.status_code


def test_what_only_marshals_see_is_kept_for_marshals_only(world: World) -> None:
    anyone, marshal = client_of(world), client_of(world, Role.MARSHAL)
    hidden = {"name": "Marta Rossi", "nickname": "Flash", "shows_name": False, "pin": "4711"}
    assert 201 == marshal.request("POST", "/api/v1/drivers", json=hidden).status_code
    for _ in range(2):
        assert "Marta Rossi" in marshal.get("/api/v1/drivers").text
        assert "Marta Rossi" not in anyone.get("/api/v1/drivers").text


def test_every_kept_operation_is_one_that_readers_may_call() -> None:
    assert KEPT_OPERATIONS <= POLICY.keys()


# Their size ---------------------------------------------------------------------------------------------


def kept_answer(size: int) -> KeptAnswer:
    body = bytes(size)
    return KeptAnswer("list_laps", etags.etag_of(body), (), (), body)


def key_of(number: int) -> AnswerKey:
    return AnswerKey(is_marshal=False, root_path="", path=f"/{number}", query=b"", accept=b"")


def test_kept_answers_take_no_more_than_their_bytes_and_the_oldest_goes_first() -> None:
    kept = KeptAnswers(lambda: 1, max_bytes=50_000)
    for number in range(10):
        kept.keep(key_of(number), kept_answer(10_000), 1)
        assert kept.get(key_of(0)) is not None
        assert kept.size_bytes <= 50_000
    assert [0, 7, 8, 9] == [number for number in range(10) if kept.get(key_of(number)) is not None]
    kept.keep(key_of(11), kept_answer(50_000), 1)
    assert kept.get(key_of(11)) is None


def test_an_answer_that_was_read_before_the_newest_change_is_not_kept() -> None:
    number = 1
    kept = KeptAnswers(lambda: number)
    kept.keep(key_of(0), kept_answer(10), 1)
    number = 2
    assert kept.get(key_of(0)) is None
    kept.keep(key_of(0), kept_answer(10), 1)
    assert kept.get(key_of(0)) is None
    assert 0 == kept.size_bytes


def test_answers_that_no_longer_count_take_no_memory() -> None:
    number = 1
    kept = KeptAnswers(lambda: number)
    for other in range(10):
        kept.keep(key_of(other), kept_answer(10_000), number)
    number = 2
    kept.keep(key_of(11), kept_answer(10), number)
    assert 0 < kept.size_bytes < 10_000
    assert kept.get(key_of(11)) is not None


# Never old ----------------------------------------------------------------------------------------------

Request = tuple[str, str, Any]


class Desk:
    """Random requests that change something, from what a server that keeps nothing answers now."""

    def __init__(self, fresh: Client, random: Random) -> None:
        self._fresh = fresh
        self._random = random

    def items(self, path: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._fresh.get(path).json()["items"]
        return items

    def one(self, path: str) -> dict[str, Any]:
        return self._random.choice(self.items(path))

    @property
    def driver(self) -> dict[str, Any]:
        return self.one("/api/v1/drivers")

    def name(self) -> str:
        return f"Driver {self._random.randrange(10**6)}"

    def time(self) -> str:
        return f"1:{self._random.randrange(10, 60)}.{self._random.randrange(1000):03d}"

    def flag(self) -> bool:
        return self._random.random() < 0.5


def versioned(path: str, record: dict[str, Any], **facts: Any) -> tuple[str, Any]:
    return path.format(record["id"]), {"version": record["version"], **facts}


def _edited_driver(desk: Desk) -> tuple[str, Any]:
    return versioned(
        "/api/v1/drivers/{}", desk.driver, name=desk.name(), shows_name=desk.flag(), nickname=desk.name()
    )


def _deleted_driver(desk: Desk) -> tuple[str, Any]:
    driver = desk.driver
    return f"/api/v1/drivers/{driver['id']}?version={driver['version']}", None


def _marked(desk: Desk) -> tuple[str, Any]:
    lap = desk.one("/api/v1/laps")
    return f"/api/v1/laps/{lap['id']}", {
        "revision": lap["revision"],
        "is_deleted": lap["state"] != "deleted",
        "reason": "x",
    }


def _erased(desk: Desk) -> tuple[str, Any]:
    driver = desk.driver
    return versioned("/api/v1/drivers/{}/erase", driver, confirm=driver["name"])


def _older_lap(desk: Desk) -> tuple[str, Any]:
    lap = desk.one("/api/v1/laps?source=manual&state=completed")
    return "/api/laptime", {"name": lap["driver"], "time": lap_text(lap["lap_time_ms"])}


ACTS: dict[str, tuple[str, Callable[[Desk], tuple[str, Any]]]] = {
    "make_driver": (
        "POST",
        lambda desk: ("/api/v1/drivers", {"name": desk.name(), "shows_name": desk.flag()}),
    ),
    "edit_driver": ("PATCH", _edited_driver),
    "delete_driver": ("DELETE", _deleted_driver),
    "erase_driver": ("POST", _erased),
    "merge_driver": (
        "POST",
        lambda desk: versioned("/api/v1/drivers/{}/merge", desk.driver, into=desk.driver["id"]),
    ),
    "map_game_name": (
        "PUT",
        lambda desk: ("/api/v1/game-names", {"name": "VERSTAPPEN", "driver_id": desk.driver["id"]}),
    ),
    "make_meeting": (
        "POST",
        lambda desk: ("/api/v1/meetings", {"name": desk.name(), "circuit": "Monza"}),
    ),
    "edit_meeting": (
        "PATCH",
        lambda desk: versioned("/api/v1/meetings/{}", desk.one("/api/v1/meetings"), venue=desk.name()),
    ),
    "open_meeting": (
        "POST",
        lambda desk: versioned("/api/v1/meetings/{}/open", desk.one("/api/v1/meetings"), keep_seats=True),
    ),
    "assign_rig": (
        "POST",
        lambda desk: (
            f"/api/v1/rigs/{records.RIG}/assign",
            {"driver_id": desk.driver["id"], "from_lap": desk.one("/api/v1/laps?source=telemetry")["id"]},
        ),
    ),
    "set_default_driver": (
        "PUT",
        lambda desk: (f"/api/v1/rigs/{records.RIG}/default-driver", {"driver_id": desk.driver["id"]}),
    ),
    "edit_rig": (
        "PATCH",
        lambda desk: (
            f"/api/v1/rigs/{records.RIG}",
            {"version": desk.one("/api/v1/rigs")["version"], "name": desk.name()},
        ),
    ),
    "make_lap": (
        "POST",
        lambda desk: ("/api/v1/laps", {"driver": desk.name(), "time": desk.time(), "circuit": "Monza"}),
    ),
    "import_lap": ("POST", lambda desk: ("/api/v1/imported-laps", lap_file_of(desk.name()))),
    "mark_lap": ("PATCH", _marked),
    "undo_act": ("POST", lambda desk: (f"/api/v1/acts/{desk.one('/api/v1/acts?limit=5')['id']}/undo", None)),
    "older_save_user": ("POST", lambda desk: ("/api/users", {"name": desk.name(), "team": desk.name()})),
    "older_save_lap": (
        "POST",
        lambda desk: ("/api/laptime", {"name": desk.name(), "team": "-", "time": desk.time()}),
    ),
    "older_remove_lap": ("DELETE", _older_lap),
    "older_set_track": ("POST", lambda desk: ("/api/track", {"name": desk._random.choice(("Monza", "Spa"))})),
}


def lap_file_of(name: str) -> bytes:
    """A lap file of another driver; the same lap is imported once only."""
    return write_lap_file(msgspec.structs.replace(FACTS, name=name), BLOB)


def kept_paths(desk: Desk) -> list[str]:
    """An address of every operation with kept answers."""
    session, lap, driver = records.SESSION_ID, desk.one("/api/v1/laps")["id"], desk.items("/api/v1/drivers")
    meeting, traced = desk.one("/api/v1/meetings")["id"], records.lap(1).id
    imported = desk.items("/api/v1/imported-laps")
    of_session = ("", "/classification", "/chart", "/incidents", "/stints", "/pit_visits")
    return [
        *(f"/api/v1/sessions/{session}{part}" for part in of_session),
        *(f"/api/v1/laps/{lap}{part}" for part in ("", "/revisions")),
        *(f"/api/v1/laps/{traced}{part}" for part in ("/trace", f"/comparison?other={traced}")),
        *(f"/api/v1/drivers/{each['id']}{part}" for each in driver[:1] for part in ("", "/laps")),
        *(f"/api/v1/{name}" for name in ("leaderboard", "boards", "laps", "drivers", "sessions", "meetings")),
        f"/api/v1/meetings/{meeting}",
        "/api/v1/meeting",
        *(f"/api/{name}" for name in ("drivers", "users", "track")),
        "/api/v1/imported-laps",
        *(f"/api/v1/imported-laps/{each['id']}{part}" for each in imported[:1] for part in ("", "/file")),
    ]


def test_the_addresses_of_kept_answers_are_those_of_every_kept_operation(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    monkeypatch.setattr(
        KeptAnswers, "keep", lambda _kept, _key, answer, _change: kept.append(answer.operation)
    )
    marshal = client_of(world, Role.MARSHAL)
    typed = {"name": "Ada Brandt", "team": "Night Shift", "time": "1:20.000"}
    assert 200 == marshal.request("POST", "/api/laptime", json=typed).status_code
    assert 201 == marshal.act("POST", "/api/v1/imported-laps", lap_file_of("Ada Brandt")).status_code
    for path in kept_paths(Desk(marshal, Random(1))):
        assert 200 == marshal.get(path).status_code, path
    assert set(kept) == KEPT_OPERATIONS


def test_no_change_leaves_an_old_answer(world: World) -> None:
    # The paths have their own chance, so that another path changes nothing about the acts.
    random, chance_of_paths = Random(14), Random(14)
    fresh = [client_of(world, role, is_fresh=True) for role in (None, Role.ADMIN)]
    keeping = [client_of(world), client_of(world, Role.ADMIN)]
    admin, desk = keeping[1], Desk(fresh[1], random)
    done: set[str] = set()
    first = ("make_driver", "make_driver", "make_driver", "make_driver", "make_meeting", "older_save_lap")
    for name in first:
        method, build = ACTS[name]
        path, body = build(desk)
        assert admin.act(method, path, body).status_code < 300
    names = [name for _ in range(3) for name in random.sample(list(ACTS), len(ACTS))]
    for step, name in enumerate(names):
        method, build = ACTS[name]
        try:
            path, body = build(desk)
        except (IndexError, StopIteration):
            continue
        if admin.act(method, path, body).status_code < 300:
            done.add(name)
        if step % 5 == 0:
            world.commit(LapRecorded(records.lap(10 + step, 80_000 - step)))
        for path in chance_of_paths.sample(kept_paths(desk), 5):
            for with_kept, without in zip(keeping, fresh, strict=True):
                expected, answers = without.get(path), [with_kept.get(path) for _ in range(2)]
                for answer in answers:
                    assert (expected.status_code, expected.content) == (answer.status_code, answer.content), (
                        f"{path} after {name}"
                    )
    assert ACTS.keys() == done
