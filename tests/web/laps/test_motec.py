"""The trace of a lap as CSV for MoTeC i2: the lines of its header, and rows at a constant rate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import httpx
import pytest

from f1timings.traces.channels import CHANNELS
from f1timings.web.laps import motec
from tests.web import records
from tests.web.laps.traced import lap_served

LAP = records.lap(7, participant="=HYPERLINK")
PATH = f"/api/v1/laps/{LAP.id}/trace"
NAMES_LINE, UNITS_LINE, FIRST_ROW = 14, 15, 18


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with lap_served(tmp_path_factory.mktemp("motec"), LAP, {"rpm": slice(60, 70)}) as client:
        yield client


@pytest.fixture(scope="module")
def lines(api: httpx.Client) -> list[list[str]]:
    """The lines of the file, cell by cell."""
    answer = api.get(f"{PATH}?format=motec")
    assert 200 == answer.status_code, answer.text
    return list(csv.reader(io.StringIO(answer.text, newline="")))


def column(lines: list[list[str]], name: str) -> list[str]:
    at = lines[NAMES_LINE].index(name)
    return [line[at] for line in lines[FIRST_ROW:]]


def test_a_browser_saves_it_as_csv(api: httpx.Client) -> None:
    headers = api.get(f"{PATH}?format=motec").headers
    assert "text/csv; charset=utf-8" == headers["content-type"]
    assert 'attachment; filename="trace-motec.csv"' == headers["content-disposition"]


def test_the_facts_of_the_lap_come_first(lines: list[list[str]]) -> None:
    facts = {line[0]: line[1] for line in lines[:12]}
    began = facts.pop("Log Date"), facts.pop("Log Time")
    assert ("18/11/2026", "11:06:40") == began
    assert {
        "Format": "MoTeC CSV File",
        "Venue": "Monza",
        "Vehicle": "F1 Modern",
        "Driver": "'=HYPERLINK",
        "Device": "F1Timings",
        "Comment": LAP.id,
        "Sample Rate": "60.000",
        "Duration": "83.456",
        "Range": "Lap 7",
        "Beacon Markers": "83.456",
    } == facts
    seconds = {line[4]: line[5] for line in lines[:12] if len(line) > 5}
    assert ("0.000", "83.456", "Race") == (
        seconds["Start Time"],
        seconds["End Time"],
        seconds["Session"],
    )


def test_names_and_units_are_where_programs_expect_them(lines: list[list[str]]) -> None:
    assert [[], []] == lines[12:14] == lines[16:18]
    units = dict(zip(lines[NAMES_LINE], lines[UNITS_LINE], strict=True))
    assert ["Time", "Distance", "Ground Speed"] == list(units)[:3]
    expected = {"Time": "s", "Distance": "m", "Ground Speed": "km/h", "Throttle Pos": "%", "Gear": ""}
    expected |= {"Engine RPM": "rpm", "G Force Lat": "G", "Tyre Temp Inner FL": "C", "Tyre Wear RR": "%"}
    assert expected == {name: units[name] for name in expected}


def test_every_cell_is_quoted_and_every_line_ends_as_on_windows(api: httpx.Client) -> None:
    text = api.get(f"{PATH}?format=motec").text
    assert text.startswith('"Format","MoTeC CSV File",')
    assert text.count("\n") == text.count("\r\n")
    assert all(part.startswith('"') and part.endswith('"') for part in text.split("\r\n") if part)


def test_rows_have_a_constant_rate_and_a_gap_stays_empty(lines: list[list[str]]) -> None:
    times = [float(text) for text in column(lines, "Time")]
    assert {len(lines[NAMES_LINE])} == {len(line) for line in lines[FIRST_ROW:]}
    assert [round(number / 60, 3) for number in range(len(times))] == times
    assert 120 <= len(times) <= 121
    empty = [number for number, text in enumerate(column(lines, "Engine RPM")) if text == ""]
    assert [0, *range(61, 71)] == empty
    assert "" not in column(lines, "Ground Speed")[1:]


def test_values_have_no_more_digits_than_a_channel_has(lines: list[list[str]]) -> None:
    digits = {
        name: {len(text.partition(".")[2]) for text in column(lines, name) if text}
        for name in ("Distance", "Ground Speed", "Gear", "G Force Lat")
    }
    assert {"Distance": {2}, "Ground Speed": {1}, "Gear": {0}, "G Force Lat": {2}} == digits


def test_every_channel_has_a_name_in_i2() -> None:
    assert {channel.name for channel in CHANNELS} - {"time_ms"} == set(motec.CHANNELS)


def test_choices_about_csv_are_refused(api: httpx.Client) -> None:
    answer = api.get(f"{PATH}?format=motec&delimiter=;")
    assert (422, "query.delimiter") == (answer.status_code, answer.json()["errors"][0]["where"])


def test_other_lists_have_no_such_format(api: httpx.Client) -> None:
    assert 422 == api.get("/api/v1/laps?format=motec").status_code


def test_the_document_names_the_formats_of_this_route(api: httpx.Client) -> None:
    parameters = api.get("/openapi.json").json()["paths"]["/api/v1/laps/{lap_id}/trace"]["get"]["parameters"]
    (choice,) = [item for item in parameters if item["name"] == "format"]
    assert "motec" in choice["schema"]["anyOf"][0]["enum"]
    assert ["lap_id", "format", "delimiter", "bom"] == [item["name"] for item in parameters]
