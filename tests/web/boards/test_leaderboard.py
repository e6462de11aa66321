"""The board over HTTP: its answers, filters and refusals; and as rows for screens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from f1timings.errors import StoreError
from f1timings.live.fanout.sheet import Contents
from f1timings.live.views.board import COLUMNS, BoardWatch, board_rows
from f1timings.meeting.people import RigCard
from f1timings.store import Board, Desk, LeaderboardQuery
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.web.boards import bodies as leaderboard_bodies
from tests.waiting import until
from tests.web import records
from tests.web.tables.headers import with_time_texts
from tests.web.world import World, open_client, open_world, serve


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two rigs with laps of nobody, the left one's equal to the right one's but later."""
    with open_world(tmp_path_factory.mktemp("evening")) as world:
        left, right = records.session(), records.session(rig_key="192.168.1.22")
        world.commit(SessionChanged(left), SessionChanged(right))
        world.commit(LapRecorded(records.lap(1, 83_000, session=right)), at=1_795_000_090.0)
        world.commit(
            LapRecorded(records.lap(1, 83_000)),
            LapRecorded(records.lap(2, 84_000, sector1_ms=27_000, start="standing")),
            LapRecorded(records.lap(3, 80_000, is_valid=False, compound="hard")),
            at=1_795_000_100.0,
        )

        def name_it(desk: Desk) -> None:
            desk.store_record(RigCard(rig=records.RIG, name="Left rig", place=1))

        world.store.act("Marta", name_it)
        yield world


@pytest.fixture(scope="module")
def api(evening: World) -> Iterator[httpx.Client]:
    with serve(evening.app) as address:
        base = f"http://{address}/api/v1"
        with open_client(base) as client:
            yield client


def test_the_board_of_the_open_meeting(api: httpx.Client) -> None:
    found = api.get("/leaderboard").json()
    assert ("Monza", None) == (found["circuit"], found["next"])
    first, second = found["items"]
    assert (1, True, True, "Rig") == tuple(
        first[name] for name in ("position", "is_equal", "is_fastest", "rig_name")
    )
    expected = {
        "position": 1,
        "is_equal": True,
        "is_fastest": False,
        "entrant": f"r:{records.RIG}",
        "driver": None,
        "rig_name": "Left rig",
        "best_lap_ms": 83_000,
        "gap_ms": 0,
        "interval_ms": 0,
        "laps": 3,
        "valid_laps": 2,
        "ideal_lap_ms": 27_000 + 2 * 27_666 + 2,
        "format": 2025,
        "points": 25,
    }
    assert expected == {name: second[name] for name in expected}
    assert set(leaderboard_bodies.LEADERBOARD_ROW) == set(second)


def test_the_same_rows_as_csv(api: httpx.Client) -> None:
    lines = api.get("/leaderboard", headers={"Accept": "text/csv"}).text.splitlines()
    assert (3, with_time_texts(leaderboard_bodies.LeaderboardRowBody.model_fields)) == (
        len(lines),
        lines[0].split(","),
    )


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({"rig": records.RIG}, 1),
        ({"circuit": "MONZA"}, 2),
        ({"circuit": "Spa"}, 0),
        ({"circuit": ""}, 0),
        ({"compound": "hard"}, 0),
        ({"format": "2025", "session_type": "Race", "source": "telemetry"}, 2),
        ({"assists": "none"}, 0),
        ({"assists": "abs,tc_full"}, 0),
        ({"weather": "mixed"}, 0),
        ({"circuit": "Albert Park"}, 0),
        ({"start": "standing"}, 1),
        ({"start": "flying"}, 0),
        ({"equal_performance": "true"}, 0),
        ({"source": "manual"}, 0),
        ({"limit": "1"}, 1),
    ],
)
def test_a_filter(api: httpx.Client, query: dict[str, str], rows: int) -> None:
    assert rows == len(api.get("/leaderboard", params=query).json()["items"])


@pytest.mark.parametrize(
    "query",
    [
        "circiut=Spa",
        "limit=0",
        "source=radio",
        "start=fast",
        "assists=maybe",
        "assists=abs,maybe",
        "weather=snow",
        "compound=gravel",
        "session_type=race",
        "formula=F3",
        "format=1999",
        "rig=a&rig=b",
        "equal_performance=2",
    ],
)
def test_what_is_not_understood_is_refused(api: httpx.Client, query: str) -> None:
    answer = api.get(f"/leaderboard?{query}")
    assert (422, query.partition("=")[0]) == (
        answer.status_code,
        answer.json()["errors"][0]["where"].removeprefix("query."),
    )


@pytest.mark.parametrize("path", ["/leaderboard", "/boards"])
def test_a_meeting_that_there_is_not(api: httpx.Client, path: str) -> None:
    answer = api.get(path, params={"meeting": "x"})
    assert (404, "There is no meeting 'x'. GET /api/v1/meetings lists those that exist.") == (
        answer.status_code,
        answer.json()["detail"],
    )


def test_the_boards_that_there_are(api: httpx.Client) -> None:
    (found,) = api.get("/boards").json()["items"]
    assert ("Monza", 4, 2, 83_000) == tuple(
        found[name] for name in ("circuit", "laps", "entrants", "best_lap_ms")
    )
    assert [found] == api.get("/boards", params={"meeting": found["meeting_id"]}).json()["items"]
    assert 422 == api.get("/boards", params={"limit": 3}).status_code


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (leaderboard_bodies.LeaderboardRowBody, leaderboard_bodies.LEADERBOARD_ROW),
        (leaderboard_bodies.LeaderboardBody, leaderboard_bodies.LEADERBOARD),
        (leaderboard_bodies.BoardRowBody, leaderboard_bodies.BOARD),
    ],
)
def test_an_example_is_what_its_model_gives(model: Any, example: dict[str, object]) -> None:
    assert example == model.model_validate(example).model_dump(mode="json")


# Rows for screens ---------------------------------------------------------------------------------------


def test_the_board_as_rows_with_marks_of_the_sectors(evening: World) -> None:
    contents = board_rows(evening.store.reads.get_leaderboard(LeaderboardQuery()))
    names = [column.name for column in COLUMNS]
    left, right = (
        dict(zip(names, contents.rows[f"r:{rig}"], strict=True)) for rig in (records.RIG, "192.168.1.22")
    )
    assert ("Left rig", 1, True, 1_795_000_100_000) == tuple(
        left[name] for name in ("name", "position", "is_equal", "set_at")
    )
    marks = [[row[f"s{number}_mark"] for number in (1, 2, 3)] for row in (left, right)]
    assert [["slower", "best", "best"], ["personal", "best", "best"]] == marks
    board = evening.store.reads.get_leaderboard(LeaderboardQuery())
    bodies = {body.entrant: body for body in leaderboard_bodies.LeaderboardBody.of(board, 10).items}
    of_api = [bodies[f"r:{rig}"] for rig in (records.RIG, "192.168.1.22")]
    assert marks == [[body.s1_mark, body.s2_mark, body.s3_mark] for body in of_api]
    assert ("r:192.168.1.22", "Monza") == (contents.facts["fastest"], contents.facts["circuit"])


def shown_by(watch: BoardWatch, now: Callable[[float], None], after_s: float = 1.0) -> Contents:
    """What the view shows next, asked again and again as the hub does."""
    found: list[Contents] = []
    now(after_s)

    def look() -> bool:
        contents = watch.contents()
        if contents is not None:
            found.append(contents)
        return bool(found)

    until(look)
    return found[0]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def pass_(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


def test_the_view_asks_in_another_thread_and_only_after_a_change() -> None:
    threads: list[int] = []

    def read(_query: LeaderboardQuery) -> Board:
        threads.append(threading.get_ident())
        return Board(meeting_id="m", meeting="Meeting", circuit="Monza", entries=())

    clock = Clock()
    watch = BoardWatch(read, clock)
    watch.start()
    try:
        assert "Monza" == shown_by(watch, clock.pass_).facts["circuit"]
        assert [None] * 3 == [watch.contents() for _ in range(3)]
        for _ in range(5):
            watch.after_act(None)
        shown_by(watch, clock.pass_)
        watch.after_act(None)
        clock.pass_(0.1)
        assert watch.contents() is None
    finally:
        watch.stop()
    assert 2 == len(threads)
    assert threading.get_ident() not in threads


def test_a_board_that_cannot_be_read_is_asked_for_again() -> None:
    answers: list[Board | None] = [None, Board(meeting_id="m", meeting="Meeting", circuit="Spa", entries=())]

    def read(_query: LeaderboardQuery) -> Board:
        answer = answers.pop(0)
        if answer is None:
            raise StoreError("the disk is gone")
        return answer

    clock = Clock()
    watch = BoardWatch(read, clock)
    watch.start()

    def pass_more() -> bool:
        clock.pass_(1.0)
        contents = watch.contents()
        return contents is not None and contents.facts["circuit"] == "Spa"

    try:
        until(pass_more)
    finally:
        watch.stop()


def test_a_circuit_that_there_is_not(api: httpx.Client) -> None:
    answer = api.get("/leaderboard", params={"circuit": "Monzza"})
    (error,) = answer.json()["errors"]
    assert (404, "query.circuit") == (answer.status_code, error["where"])
