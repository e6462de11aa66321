"""Lists as files for spreadsheets, over HTTP: chosen in the address, as browsers and pandas request them."""

from __future__ import annotations

import csv
import io
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import openpyxl
import pytest

from f1timings.access.roles import Role
from f1timings.meeting.people import RigCard
from f1timings.store import Desk
from f1timings.store.acts import drivers
from f1timings.web.http import lists
from f1timings.web.tables import answers, workbook
from tests.web import records
from tests.web.tables.headers import with_time_texts
from tests.web.world import World, open_world, serve

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = '=HYPERLINK("http://x")'
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A race at a rig with the name of a formula, and a driver."""

    def name_rig(desk: Desk) -> None:
        desk.store_record(RigCard(rig=records.RIG, name=FORMULA, place=1))

    with open_world(tmp_path_factory.mktemp("evening")) as world:
        world.commit_race()
        world.commit_trace()
        world.store.act("Marta", name_rig)
        world.store.act("Marta", lambda desk: drivers.create_driver(desk, "Ann").id)
        yield world


@pytest.fixture(scope="module")
def address(evening: World) -> Iterator[str]:
    with serve(evening.app) as served:
        yield f"http://{served}"


@pytest.fixture(scope="module")
def api(evening: World, address: str) -> Iterator[httpx.Client]:
    """A client with the role admin that requests as a browser does."""
    headers = {"Accept": BROWSER, "Authorization": f"Bearer {evening.token(Role.ADMIN)}"}
    with httpx.Client(base_url=f"{address}/api/v1", headers=headers, trust_env=False, timeout=60) as client:
        yield client


def sheet_rows(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.rows]


def sheet_table(content: bytes) -> list[dict[str, Any]]:
    header, *rows = sheet_rows(content)
    return [dict(zip(header, row, strict=True)) for row in rows]


def errors(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {error["where"]: error["message"] for error in answer.json()["errors"]}


def test_the_address_alone_gives_csv_as_pandas_requests_it(address: str) -> None:
    request = urllib.request.Request(f"{address}/api/v1/laps?format=csv&sort=lap_time_ms")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        table = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
    assert [("1:23.001", "83001"), ("1:30.500", "90500")] == [
        (row["lap_time"], row["lap_time_ms"]) for row in (table[0], table[-1])
    ]


def test_a_browser_saves_the_file_under_the_name_of_the_list(api: httpx.Client) -> None:
    found = [api.get(f"/leaderboard?format={word}").headers for word in ("csv", "xlsx", "json")]
    assert [
        ("text/csv; charset=utf-8", 'attachment; filename="leaderboard.csv"'),
        (XLSX, 'attachment; filename="leaderboard.xlsx"'),
        ("application/json", None),
    ] == [(headers["content-type"], headers.get("content-disposition")) for headers in found]


def test_separator_and_byte_order_mark_can_be_chosen(api: httpx.Client) -> None:
    plain = api.get("/leaderboard?format=csv").content
    with_choice = api.get("/leaderboard?format=csv&delimiter=;&bom=true").content
    tabs = api.get("/leaderboard?delimiter=tab", headers={"Accept": "text/csv"}).content
    rows = list(csv.reader(io.StringIO(plain.decode(), newline="")))
    assert with_choice.startswith(b"\xef\xbb\xbfposition;is_equal;")
    assert rows == list(csv.reader(io.StringIO(with_choice.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == list(csv.reader(io.StringIO(tabs.decode(), newline=""), delimiter="\t"))


def test_a_workbook_has_the_rows_of_the_list_as_values(api: httpx.Client) -> None:
    items = api.get("/laps?sort=lap_time_ms").json()["items"]
    table = sheet_table(api.get("/laps?sort=lap_time_ms&format=xlsx").content)
    assert items == [{name: row[name] for name in items[0]} for row in table]
    assert with_time_texts(items[0]) == list(table[0])
    assert timedelta(milliseconds=83_001) == table[0]["lap_time"]
    assert (None, True) == (table[0]["reason"], table[0]["is_valid"])
    assert str(records.UID) == table[0]["session_uid"]


def test_a_time_in_a_workbook_is_shown_with_minutes_and_thousandths(api: httpx.Client) -> None:
    content = api.get("/laps?format=xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content))["laps"]
    header = [cell.value for cell in sheet[1]]
    assert "[m]:ss.000" == sheet[2][header.index("lap_time")].number_format
    assert "General" == sheet[2][header.index("lap_time_ms")].number_format


def test_a_name_is_never_a_formula(api: httpx.Client) -> None:
    (table,) = (csv.DictReader(io.StringIO(api.get("/leaderboard?format=csv").text, newline="")),)
    assert {f"'{FORMULA}"} == {row["rig_name"] for row in table}
    sheet = openpyxl.load_workbook(io.BytesIO(api.get("/leaderboard?format=xlsx").content))["leaderboard"]
    header = [cell.value for cell in sheet[1]]
    cell = sheet[2][header.index("rig_name")]
    assert (FORMULA, "s") == (cell.value, cell.data_type)


def list_paths(api: httpx.Client) -> list[str]:
    """Every list in the API, with the ids of the race."""
    ids = {
        "session_id": records.SESSION_ID,
        "lap_id": f"{records.SESSION_ID}~19~1~0",
        "rig": records.RIG,
        "driver_id": api.get("/drivers").json()["items"][0]["id"],
    }
    paths = api.get(str(api.base_url.join("/openapi.json"))).json()["paths"]
    return [
        path.format(**{name: quote(text) for name, text in ids.items()}).removeprefix("/api/v1")
        for path, methods in paths.items()
        if "text/csv" in methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
    ]


def test_every_list_has_every_format_and_refuses_others(api: httpx.Client) -> None:
    paths = list_paths(api)
    assert len(paths) > 20
    for path in paths:
        table = api.get(f"{path}?format=csv&delimiter=;").text.removesuffix("\r\n").split("\r\n")
        rows = sheet_rows(api.get(f"{path}?format=xlsx").content)
        assert (len(table), table[0].split(";")) == (len(rows), rows[0]), path
        assert len({*rows[0]}) == len(rows[0]), path
        rows_name = "channels" if path.endswith("/trace") else "items"
        assert rows_name in api.get(f"{path}?format=json").json(), path
        assert ["query.format"] == list(errors(api.get(f"{path}?format=pdf"))), path
        assert ["query.bom"] == list(errors(api.get(f"{path}?format=csv&bom=perhaps"))), path
        assert ["query.delimiter"] == list(errors(api.get(f"{path}?format=csv&delimiter=x"))), path
        assert ["query.csv"] == list(errors(api.get(f"{path}?csv=true"))), path


def test_a_wrong_choice_is_refused_with_what_is_possible(api: httpx.Client) -> None:
    assert {"query.format": "Input should be 'json', 'csv' or 'xlsx'"} == errors(api.get("/laps?format=xls"))
    assert {"query.delimiter": "Input should be ',', ';' or 'tab'"} == errors(
        api.get("/laps?format=csv&delimiter=|")
    )
    only_csv = "is for CSV only; add format=csv, or leave it out"
    assert {"query.delimiter": only_csv, "query.bom": only_csv} == errors(
        api.get("/laps?format=xlsx&delimiter=;&bom=true")
    )
    assert {"query.bom": only_csv} == errors(api.get("/laps?bom=true"))


def test_a_format_of_the_game_is_a_filter_and_a_word_is_the_format_of_the_answer(api: httpx.Client) -> None:
    assert (1, 0) == tuple(len(api.get(f"/sessions?format={n}").json()["items"]) for n in (2025, 2024))
    assert (1, 0) == tuple(len(api.get(f"/leaderboard?format={n}").json()["items"]) for n in (2025, 2024))
    in_csv = [api.get(f"/{name}?format=csv").text.count("\r\n") for name in ("sessions", "leaderboard")]
    assert [2, 2] == in_csv
    assert 1 == api.get("/sessions?format=csv&format_gte=2026").text.count("\r\n")
    assert {"query.format"} == set(errors(api.get("/sessions?format=2025.5")))


@pytest.mark.parametrize("word", ["csv", "xlsx"])
def test_all_pages_come_as_one_file(api: httpx.Client, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setattr(lists, "MAX_LIMIT", 2)
    answer = api.get(f"/laps?all=true&sort=lap_time_ms&car_index=19&format={word}")
    times = (
        [int(row["lap_time_ms"]) for row in csv.DictReader(io.StringIO(answer.text, newline=""))]
        if word == "csv"
        else [row["lap_time_ms"] for row in sheet_table(answer.content)]
    )
    assert [83001, 83002, 83003, 83004, 83005] == times
    assert "link" not in answer.headers


def test_all_pages_are_refused_as_json_or_as_a_part(api: httpx.Client) -> None:
    assert {"query.all": "is for files; add format=csv or format=xlsx"} == errors(api.get("/laps?all=true"))
    part = errors(api.get("/laps?all=true&format=csv&limit=5&cursor=x"))
    assert {"query.limit", "query.cursor"} == set(part)


def test_a_wrong_order_of_all_pages_is_a_problem_and_no_broken_file(api: httpx.Client) -> None:
    answer = api.get("/laps?all=true&format=csv&sort=nothing")
    assert {"query.sort"} == set(errors(answer))


def test_a_workbook_that_is_too_long_is_refused(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    answer = api.get("/laps?format=xlsx")
    assert (422, True) == (answer.status_code, "at most 3 rows" in answer.json()["detail"])


def test_only_one_workbook_is_written_at_a_time(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_LONGEST_WAIT_S", 0.01)
    with answers._writing:
        busy = api.get("/laps?format=xlsx")
        assert 200 == api.get("/laps?format=csv").status_code
    assert (503, True) == (busy.status_code, "Other workbooks" in busy.json()["detail"])
    assert 200 == api.get("/laps?format=xlsx").status_code
