"""What a page from elsewhere can make a browser do here: nothing."""

from __future__ import annotations

import httpx
import pytest

from f1timings.access.roles import Role
from tests.web.access.conftest import ADMIN, PASSWORD, kind_of
from tests.web.world import World

ACCESS = "/api/v1/access"
CLOSED = b'{"reading": "closed"}'
JSON = {"Content-Type": "application/json"}


def test_our_own_page_may_change_things(admin: httpx.Client) -> None:
    assert 200 == admin.patch(ACCESS, content=CLOSED, headers=JSON).status_code


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "", "http://[", "file://x"],
)
def test_a_page_from_elsewhere_may_not(admin: httpx.Client, origin: str) -> None:
    refused = admin.patch(ACCESS, content=CLOSED, headers=JSON | {"Origin": origin})
    assert (403, "forbidden-origin") == kind_of(refused)
    assert "open" == admin.get(ACCESS).json()["reading"]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_nor_one_whose_browser_says_so(admin: httpx.Client, site: str) -> None:
    refused = admin.patch(ACCESS, content=CLOSED, headers=JSON | {"Sec-Fetch-Site": site})
    assert (403, "forbidden-origin") == kind_of(refused)


def test_a_cookie_alone_changes_nothing(admin: httpx.Client) -> None:
    del admin.headers["Origin"]
    assert (403, "forbidden-origin") == kind_of(admin.patch(ACCESS, content=CLOSED, headers=JSON))
    allowed = admin.patch(ACCESS, content=CLOSED, headers=JSON | {"Sec-Fetch-Site": "same-origin"})
    assert 200 == allowed.status_code


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_what_any_form_can_send_is_no_json(admin: httpx.Client, kind: str) -> None:
    refused = admin.patch(ACCESS, content=CLOSED, headers={"Content-Type": kind})
    assert (415, "unsupported-media-type") == kind_of(refused)


def test_json_may_name_its_encoding(admin: httpx.Client) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert 200 == admin.patch(ACCESS, content=CLOSED, headers=headers).status_code


def test_what_has_no_body_needs_no_type(admin: httpx.Client) -> None:
    token = admin.post("/api/v1/tokens", json={"name": "x", "role": "viewer"}).json()
    assert 204 == admin.delete(f"/api/v1/tokens/{token['id']}").status_code
    assert 204 == admin.post("/api/v1/logout").status_code


def test_no_page_from_elsewhere_logs_anybody_in(admin: httpx.Client) -> None:
    credentials = {"name": ADMIN, "password": PASSWORD}
    headers = {"Origin": "http://evil.example"}
    assert (403, "forbidden-origin") == kind_of(
        httpx.post(f"{admin.base_url}/api/v1/login", json=credentials, headers=headers, trust_env=False)
    )


def test_no_answer_tells_a_browser_to_let_others_read_it(admin: httpx.Client) -> None:
    origin = {"Origin": "http://evil.example"}
    asked = origin | {"Access-Control-Request-Method": "PATCH"}
    answers = [admin.get("/api/v1/me", headers=origin), admin.options(ACCESS, headers=asked)]
    for answer in answers:
        assert [] == [name for name in answer.headers if name.startswith("access-control-")]


def test_nobody_is_sent_anywhere_else(admin: httpx.Client) -> None:
    for path in ("/login?next=http://evil.example", "/login?next=//evil.example", "/api/v1/login?next=x"):
        assert "location" not in admin.get(path).headers


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/v1/laps", "/docs", "/nothing"])
def test_a_name_that_is_not_ours_gets_a_clear_refusal(anybody: httpx.Client, path: str) -> None:
    refused = anybody.get(path, headers={"Host": "evil.example:8080"})
    assert (403, "foreign-host") == kind_of(refused)
    assert "F1TIMINGS_ALLOWED_HOSTS" in refused.json()["detail"]
    assert "nosniff" == refused.headers["x-content-type-options"]


@pytest.mark.parametrize("host", ["f1box", "f1box.local:8080", "192.168.1.5:8080", "[::1]:8080", "localhost"])
def test_a_name_that_is_ours_is_answered(anybody: httpx.Client, host: str) -> None:
    assert 200 == anybody.get("/api/health", headers={"Host": host}).status_code


def test_reading_can_be_closed_and_what_is_needed_to_log_in_stays_open(
    world: World, admin: httpx.Client, anybody: httpx.Client
) -> None:
    admin.patch(ACCESS, content=CLOSED, headers=JSON)
    assert "closed" == anybody.get("/api/v1/me").json()["reading"]
    assert {401} == {anybody.get(path).status_code for path in ("/api/v1/laps", "/api/v1/rigs", ACCESS)}
    assert {200} == {
        anybody.get(path).status_code for path in ("/api/health", "/api/health/ready", "/api/v1/me", "/docs")
    }
    headers = {"Authorization": f"Bearer {world.token(Role.VIEWER)}"}
    assert 200 == anybody.get("/api/v1/laps", headers=headers).status_code
    credentials = {"name": ADMIN, "password": PASSWORD}
    assert 200 == anybody.post("/api/v1/login", json=credentials).status_code
