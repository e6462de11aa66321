"""The pages: served from here alone, with headers that keep everything else out."""

from __future__ import annotations

import re

import httpx
import pytest

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/", "/docs", "/pages/index.js", "/api/health", "/api/nothing", "/nothing"])
def test_every_answer_carries_the_security_headers(api: httpx.Client, path: str) -> None:
    headers = api.get(path).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_needs_nothing_from_elsewhere_and_nothing_inline(api: httpx.Client, path: str) -> None:
    page = api.get(path).text
    addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page)
    assert [address for address in addresses if not re.match(r"(/(?!/)|#|data:)", address)] == []
    assert re.findall(r"<style|<script(?![^>]*src=)|\son[a-z]+=|\sstyle=", page) == []
    for address in addresses:
        if address.startswith("/pages/"):
            assert api.get(address).status_code == 200


@pytest.mark.parametrize("name", ["index.js", "connection.js", "format.js", "docs.js"])
def test_scripts_never_write_html(api: httpx.Client, name: str) -> None:
    script = api.get(f"/pages/{name}").text
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", script) == []


def test_a_page_that_has_not_changed_is_not_sent_again(api: httpx.Client) -> None:
    first = api.get("/pages/index.css")
    again = api.get("/pages/index.css", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", ["none.js", "..%2Fpages.py", "%2e%2e/pages.py"])
def test_only_the_pages_files_are_served(api: httpx.Client, name: str) -> None:
    assert api.get(f"/pages/{name}").status_code == 404


def test_the_documentation_shows_every_route_and_problem(api: httpx.Client) -> None:
    page = api.get("/docs").text
    for path in api.get("/openapi.json").json()["paths"]:
        assert f"GET {path}" in page
    assert 'id="problem-no-classification"' in page
    assert "lap_time_ms_lt" in page
