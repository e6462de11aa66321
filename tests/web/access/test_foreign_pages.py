"""A page of another site cannot make a browser change anything here."""

from __future__ import annotations

import httpx
import pytest

from f1timings.access.roles import Role
from f1timings.traces.lap_files import MEDIA_TYPE
from tests.pictures import png
from tests.traces.test_lap_files import FILE
from tests.web.access.conftest import ADMIN, PASSWORD, status_and_kind
from tests.web.world import World

ACCESS = "/api/v1/access"
CLOSED = b'{"reading": "closed"}'
JSON = {"Content-Type": "application/json"}


def test_our_own_page_may_make_changes(admin: httpx.Client) -> None:
    assert 200 == admin.patch(ACCESS, content=CLOSED, headers=JSON).status_code


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "", "http://[", "file://x"],
)
def test_a_page_of_another_origin_is_refused(admin: httpx.Client, origin: str) -> None:
    refused = admin.patch(ACCESS, content=CLOSED, headers=JSON | {"Origin": origin})
    assert (403, "forbidden-origin") == status_and_kind(refused)
    assert "open" == admin.get(ACCESS).json()["reading"]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_request_that_the_browser_marks_as_foreign_is_refused(admin: httpx.Client, site: str) -> None:
    refused = admin.patch(ACCESS, content=CLOSED, headers=JSON | {"Sec-Fetch-Site": site})
    assert (403, "forbidden-origin") == status_and_kind(refused)


def test_a_cookie_without_origin_is_refused(admin: httpx.Client) -> None:
    del admin.headers["Origin"]
    assert (403, "forbidden-origin") == status_and_kind(admin.patch(ACCESS, content=CLOSED, headers=JSON))
    allowed = admin.patch(ACCESS, content=CLOSED, headers=JSON | {"Sec-Fetch-Site": "same-origin"})
    assert 200 == allowed.status_code


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_that_any_form_can_send_is_refused(admin: httpx.Client, kind: str) -> None:
    refused = admin.patch(ACCESS, content=CLOSED, headers={"Content-Type": kind})
    assert (415, "unsupported-media-type") == status_and_kind(refused)


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp"])
def test_a_picture_needs_the_origin_like_any_other_change(admin: httpx.Client, kind: str) -> None:
    headers = {"Content-Type": kind}
    assert 201 == admin.post("/api/v1/slide-pictures", content=png(), headers=headers).status_code
    foreign = headers | {"Origin": "http://evil.example"}
    refused = admin.post("/api/v1/slide-pictures", content=png(), headers=foreign)
    assert (403, "forbidden-origin") == status_and_kind(refused)


def test_a_lap_file_needs_the_origin_like_any_other_change(admin: httpx.Client) -> None:
    headers = {"Content-Type": MEDIA_TYPE}
    assert 201 == admin.post("/api/v1/imported-laps", content=FILE, headers=headers).status_code
    foreign = headers | {"Origin": "http://evil.example"}
    refused = admin.post("/api/v1/imported-laps", content=FILE, headers=foreign)
    assert (403, "forbidden-origin") == status_and_kind(refused)


def test_json_may_state_its_encoding(admin: httpx.Client) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert 200 == admin.patch(ACCESS, content=CLOSED, headers=headers).status_code


def test_a_request_without_body_needs_no_content_type(admin: httpx.Client) -> None:
    token = admin.post("/api/v1/tokens", json={"name": "x", "role": "viewer"}).json()
    assert 204 == admin.delete(f"/api/v1/tokens/{token['id']}").status_code
    assert 204 == admin.post("/api/v1/logout").status_code


def test_a_foreign_page_cannot_log_in(admin: httpx.Client) -> None:
    credentials = {"name": ADMIN, "password": PASSWORD}
    headers = {"Origin": "http://evil.example"}
    assert (403, "forbidden-origin") == status_and_kind(
        httpx.post(f"{admin.base_url}/api/v1/login", json=credentials, headers=headers, trust_env=False)
    )


def test_no_answer_has_cors_headers(admin: httpx.Client) -> None:
    origin = {"Origin": "http://evil.example"}
    preflight = origin | {"Access-Control-Request-Method": "PATCH"}
    answers = [admin.get("/api/v1/me", headers=origin), admin.options(ACCESS, headers=preflight)]
    for answer in answers:
        assert [] == [name for name in answer.headers if name.startswith("access-control-")]


def test_no_answer_redirects_to_another_site(admin: httpx.Client) -> None:
    for path in ("/login?next=http://evil.example", "/login?next=//evil.example", "/api/v1/login?next=x"):
        assert "location" not in admin.get(path).headers


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/v1/laps", "/docs", "/nothing"])
def test_a_foreign_host_name_is_refused_with_advice(anonymous: httpx.Client, path: str) -> None:
    refused = anonymous.get(path, headers={"Host": "evil.example:8080"})
    assert (403, "foreign-host") == status_and_kind(refused)
    assert "F1TIMINGS_ALLOWED_HOSTS" in refused.json()["detail"]
    assert "nosniff" == refused.headers["x-content-type-options"]


@pytest.mark.parametrize("host", ["f1box", "f1box.local:8080", "192.168.1.5:8080", "[::1]:8080", "localhost"])
def test_our_own_host_names_are_accepted(anonymous: httpx.Client, host: str) -> None:
    assert 200 == anonymous.get("/api/health", headers={"Host": host}).status_code


def test_while_reading_is_closed_logging_in_still_works(
    world: World, admin: httpx.Client, anonymous: httpx.Client
) -> None:
    admin.patch(ACCESS, content=CLOSED, headers=JSON)
    assert "closed" == anonymous.get("/api/v1/me").json()["reading"]
    assert {401} == {anonymous.get(path).status_code for path in ("/api/v1/laps", "/api/v1/rigs", ACCESS)}
    assert {200} == {
        anonymous.get(path).status_code
        for path in ("/api/health", "/api/health/ready", "/api/v1/me", "/docs")
    }
    headers = {"Authorization": f"Bearer {world.token(Role.VIEWER)}"}
    assert 200 == anonymous.get("/api/v1/laps", headers=headers).status_code
    credentials = {"name": ADMIN, "password": PASSWORD}
    assert 200 == anonymous.post("/api/v1/login", json=credentials).status_code
