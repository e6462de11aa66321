"""Every error under /api is a problem that states what to do, without internal details."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.errors import StoreDamaged, StoreError, StoreOutage, StoreTrouble
from f1timings.intake.recorder.state import RecorderState
from f1timings.timing.events import SessionChanged
from f1timings.web.http.problem_kinds import KINDS
from f1timings.web.readiness import Readiness, captures_check
from tests.web import records
from tests.web.world import open_world, serve


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem in an answer, after checks that apply to all problems."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["type"]) == (status, f"/docs#problem-{kind}")
    assert body["title"] == KINDS[kind].title
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/laps", "/api/v1/laps/"]
)
def test_an_unknown_address_is_not_found(api: httpx.Client, path: str) -> None:
    assert problem(api.get(path), 404, "not-found")["instance"] == path


@pytest.mark.parametrize(
    "path", ["laps/none", "laps/none/revisions", "sessions/none", "sessions/none/classification"]
)
def test_a_missing_record_names_the_list_to_look_in(api: httpx.Client, path: str) -> None:
    body = problem(api.get(f"/api/v1/{path}"), 404, "not-found")
    assert f"GET /api/v1/{path.split('/')[0]}" in body["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/api/health", "/api/v1/sessions", "/api/v1/sessions/x"])
def test_another_method_is_not_allowed_and_the_allowed_ones_are_named(
    api: httpx.Client, method: str, path: str
) -> None:
    answer = api.request(method, path)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/laptime", "DELETE, POST"),
        ("/api/v1/laps", "GET, POST"),
        ("/api/v1/drivers/x", "DELETE, GET, PATCH"),
        ("/api/v1/laps/mark", "POST"),
        ("/api/v1/rigs/swap", "POST"),
    ],
)
def test_allow_names_the_methods_of_all_routes_with_the_same_path(
    api: httpx.Client, path: str, methods: str
) -> None:
    answer = api.put(path)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == methods


@pytest.mark.parametrize(
    "path", ["rigs", "sessions", "laps", "laps/x", f"sessions/{records.SESSION_ID}/classification"]
)
def test_an_unknown_media_type_is_not_acceptable(api: httpx.Client, path: str) -> None:
    problem(api.get(f"/api/v1/{path}", headers={"Accept": "image/png"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("lap_time_ms_lt=abc", "query.lap_time_ms_lt"),
        ("lap_time_ms_lt=1.5", "query.lap_time_ms_lt"),
        ("lap_time_ms_lt=99999999999999999999", "query.lap_time_ms_lt"),
        ("is_valid=perhaps", "query.is_valid"),
        ("official_at_gt=yesterday", "query.official_at_gt"),
        ("official_at_gt=2026-11-22T16:00:00", "query.official_at_gt"),
        ("official_at_gt=0.5", "query.official_at_gt"),
        ("official_at_ne=1795000000", "query.official_at_ne"),
        ("official_at_lt=2026-11-22", "query.official_at_lt"),
        ("state=guessed", "query.state"),
        ("participant=%00", "query.participant"),
        ("limit=0", "query.limit"),
        ("limit=1001", "query.limit"),
        ("limit=ten", "query.limit"),
        ("sort=-speed", "query.sort"),
        ("sort=", "query.sort"),
        ("colour=red", "query.colour"),
        ("is_valid_lt=true", "query.is_valid_lt"),
        ("limit=1&limit=2", "query.limit"),
    ],
)
def test_a_wrong_parameter_is_named(api: httpx.Client, query: str, where: str) -> None:
    body = problem(api.get(f"/api/v1/laps?{query}"), 422, "invalid-request")
    assert [error["where"] for error in body["errors"]] == [where]


@pytest.mark.parametrize("body", [b"\xff\xfe", b"\x1b%\x80", b"{", b"", b"\x00"])
def test_a_body_that_is_not_json_is_an_invalid_request(api: httpx.Client, body: bytes) -> None:
    answer = api.post("/api/v1/login", content=body, headers={"Content-Type": "application/json"})
    problem(answer, 422, "invalid-request")


def test_an_unknown_parameter_is_answered_with_the_allowed_ones(api: httpx.Client) -> None:
    body = problem(api.get("/api/v1/laps?lap_time_lt=90000"), 422, "invalid-request")
    assert "lap_time_ms" in body["errors"][0]["message"]
    assert "_lte" in body["errors"][0]["message"]


def test_a_route_without_parameters_refuses_any(api: httpx.Client) -> None:
    body = problem(api.get("/api/v1/laps/x?limit=3"), 422, "invalid-request")
    assert body["errors"] == [
        {"where": "query.limit", "message": "unknown parameter; this route has no parameters"}
    ]


@pytest.mark.parametrize("cursor", ["x", "WzFd", "é", "A" * 1999])
def test_an_invalid_cursor_is_answered_with_what_to_send(api: httpx.Client, cursor: str) -> None:
    body = problem(api.get("/api/v1/laps", params={"cursor": cursor}), 422, "invalid-request")
    assert "next" in body["detail"]


def test_a_session_without_classification_is_answered_with_no_classification_yet(tmp_path: Path) -> None:
    with open_world(tmp_path) as world:
        world.commit(SessionChanged(records.session()))
        with serve(world.app) as address:
            answer = httpx.get(
                f"http://{address}/api/v1/sessions/{records.SESSION_ID}/classification",
                trust_env=False,
                timeout=60,
            )
    body = problem(answer, 404, "no-classification")
    assert "no classification yet" in body["detail"]


def test_an_unexpected_error_is_logged_once_and_reveals_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> dict[str, Any]:
        raise RuntimeError("an internal secret")

    with open_world(tmp_path) as world, caplog.at_level(logging.WARNING):

        @world.app.get("/api/broken")
        def broken() -> dict[str, Any]:
            return fail()

        with serve(world.app) as address:
            answer = httpx.get(f"http://{address}/api/broken", trust_env=False, timeout=60)
    problem(answer, 500, "internal")
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text
    assert [record.name for record in caplog.records] == ["f1timings.web"]


def test_a_database_that_does_not_answer_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("the disk is gone")

    with open_world(tmp_path) as world:
        monkeypatch.setattr(world.store.reads, "list_lap_rows", fail)
        with serve(world.app) as address:
            answer = httpx.get(f"http://{address}/api/v1/laps", trust_env=False, timeout=60)
    problem(answer, 503, "unavailable")
    assert "disk" not in answer.text
    assert "the disk is gone" in caplog.text


@pytest.mark.parametrize(
    ("trouble", "cause"),
    [
        ("full", "The disk of the server is full. "),
        ("read-only", "The database of the server can only be read. "),
        ("failing", "The database of the server accepts nothing at the moment. "),
    ],
)
def test_a_change_during_an_outage_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: StoreTrouble, cause: str
) -> None:
    def fail(*_: object) -> None:
        raise StoreOutage("/srv/club/f1timings.db cannot be written", trouble)

    with open_world(tmp_path) as world:
        monkeypatch.setattr(world.store.reads, "list_lap_rows", fail)
        with serve(world.app) as address:
            answer = httpx.get(f"http://{address}/api/v1/laps", trust_env=False, timeout=60)
    assert f"{cause}{KINDS['not-stored'].advice}" == problem(answer, 503, "not-stored")["detail"]


@pytest.mark.parametrize(
    ("recording", "anonymous", "marshal"),
    [
        (RecorderState(), "Telemetry is still recorded.", "Telemetry is still recorded."),
        (None, "Recording of telemetry: switched off.", "Recording of telemetry: switched off."),
        (
            RecorderState(stopped_because="/srv/club has no space."),
            "Recording of telemetry: paused: too little space is free on the disk.",
            "Recording of telemetry: /srv/club has no space.",
        ),
    ],
)
def test_damage_has_details_for_marshals_and_says_whether_telemetry_is_recorded(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    recording: RecorderState | None,
    anonymous: str,
    marshal: str,
) -> None:
    def fail(*_: object) -> None:
        raise StoreDamaged("/srv/club/f1timings.db", "a stored value cannot be read (Max)", "enter /srv/club")

    with open_world(tmp_path) as world:
        world.readiness = Readiness(captures=captures_check(recording))
        monkeypatch.setattr(world.store.reads, "list_lap_rows", fail)
        token = {"Authorization": f"Bearer {world.token(Role.MARSHAL)}"}
        with serve(world.app) as address:
            answers = [
                httpx.get(f"http://{address}/api/v1/laps", headers=headers, trust_env=False, timeout=60)
                for headers in ({}, token)
            ]
    where = "The console of the server and, for marshals, the admin page show what helps."
    assert [
        f"The database is damaged. {anonymous} {where}",
        f"The database is damaged: a stored value cannot be read (Max). {marshal} {where}",
    ] == [problem(answer, 503, "unavailable")["detail"] for answer in answers]
