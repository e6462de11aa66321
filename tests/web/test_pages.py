"""The pages: they need no other server, and their headers forbid content from elsewhere."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from f1timings.access.passwords import SHORTEST
from f1timings.web import pages
from f1timings.web.http import error_handlers
from f1timings.web.middleware.head_requests import HeadMiddleware
from f1timings.web.readiness import Readiness
from tests.web.world import open_client, serve

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = [address for path in pages.PAGES for address in sorted({path, f"{path.rstrip('/')}/"})]


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A small build: one page with one script."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "missing").mkdir()
    (tmp_path / "missing" / "index.html").write_text("<!doctype html><title>No page</title>")
    (tmp_path / "home" / "index.html").write_text("<!doctype html><title>Home</title>" + " " * 200)
    (tmp_path / "assets" / "home-abc.js").write_text("console.log(1);" * 50)
    (tmp_path / "assets" / "inter.woff2").write_bytes(b"wOF2" * 50)
    (tmp_path / "build.json").write_text(json.dumps({"build": "b1"}))
    (tmp_path / "notes.md").write_text("not served")
    return tmp_path


@pytest.fixture
def client(built: Path) -> Iterator[httpx.Client]:
    with served(built) as opened:
        yield opened


@contextmanager
def served(folder: Path) -> Iterator[httpx.Client]:
    app = FastAPI(redirect_slashes=False)
    app.include_router(pages.routes(folder))
    error_handlers.install(app, Readiness, pages.missing_page(folder))
    app.add_middleware(HeadMiddleware)
    with serve(app) as address, open_client(f"http://{address}") as opened:
        yield opened


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/docs.js", "/static/x.js", "/api/health", "/nothing"])
def test_every_answer_carries_the_security_headers(api: httpx.Client, path: str) -> None:
    headers = api.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", [*ADDRESSES, "/docs"])
def test_a_page_has_no_addresses_of_other_servers_and_nothing_inline(api: httpx.Client, path: str) -> None:
    page = api.get(path)
    assert page.status_code == 200, "run 'make install': the pages are not built"
    addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page.text)
    assert [address for address in addresses if not re.match(r"(/(?!/)|#|data:)", address)] == []
    assert re.findall(r"<style|<script(?![^>]*src=)|\son[a-z]+=|\sstyle=", page.text) == []
    files = [address for address in addresses if address.startswith("/static/")]
    assert [api.get(file).status_code for file in files] == [200] * len(files)


def test_no_script_and_no_style_of_the_build_names_another_server() -> None:
    texts = [path.read_text() for path in pages.STATIC.rglob("*") if path.suffix in (".js", ".css", ".html")]
    servers = {
        name for text in texts for name in re.findall(r"https?://([\w.-]+(?:/zloirock/core-js)?)", text)
    }
    # Names of XML namespaces, where Svelte's warnings are explained, and the origin that core-js states:
    # nothing is fetched from them.
    assert servers <= {"www.w3.org", "svelte.dev", "github.com/zloirock/core-js"}


def test_a_page_is_checked_each_time_and_sent_only_when_it_changed(client: httpx.Client) -> None:
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_files_with_a_hash_in_their_names_are_cached_for_ever(client: httpx.Client) -> None:
    assert client.get("/static/assets/home-abc.js").headers["cache-control"].endswith("immutable")
    assert client.get("/static/build.json").headers["cache-control"] == "no-cache"


def test_a_browser_that_accepts_gzip_gets_gzip(client: httpx.Client, built: Path) -> None:
    plain = (built / "assets" / "home-abc.js").read_bytes()
    with client.stream(
        "GET", "/static/assets/home-abc.js", headers={"Accept-Encoding": "br, gzip"}
    ) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(packed.iter_raw())) == plain
    for accepted in ("identity", "gzip;q=0", ""):
        whole = client.get("/static/assets/home-abc.js", headers={"Accept-Encoding": accepted})
        assert ("content-encoding" not in whole.headers, whole.content) == (True, plain)
        assert whole.headers["vary"] == "Accept-Encoding"


def test_a_file_is_compressed_once_for_the_first_browser_that_accepts_it(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compressed: list[bytes] = []
    compress = gzip.compress

    def count(content: bytes, **options: int) -> bytes:
        compressed.append(content)
        return compress(content, **options)

    monkeypatch.setattr(gzip, "compress", count)
    with served(built) as client:
        assert [] == compressed
        for accepted in ("identity", "gzip", "gzip"):
            client.get("/static/assets/home-abc.js", headers={"Accept-Encoding": accepted})
    assert [(built / "assets" / "home-abc.js").read_bytes()] == compressed


def test_a_font_is_sent_without_further_compression(client: httpx.Client) -> None:
    font = client.get("/static/assets/inter.woff2", headers={"Accept-Encoding": "gzip"})
    assert (font.headers["content-type"], "content-encoding" in font.headers) == ("font/woff2", False)


@pytest.mark.parametrize(
    "name", ["none.js", "..%2Fpages.py", "%2e%2e/pages.py", "notes.md", "home/index.html", "", "/etc/passwd"]
)
def test_only_the_pages_files_are_served(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/static/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/", "/static/assets/home-abc.js"])
def test_pages_answer_get_and_head_only(client: httpx.Client, path: str) -> None:
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert {client.request(method, path).status_code for method in ("POST", "PUT", "DELETE", "PATCH")} == {
        405
    }


def test_a_server_without_built_pages_explains_how_to_build_them(tmp_path: Path) -> None:
    with served(tmp_path / "none") as client:
        answer = client.get("/display")
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
    assert "make install" in answer.text
    assert pages.build(tmp_path / "none") == ""


def test_the_build_is_read_from_its_file(built: Path) -> None:
    assert pages.build(built) == "b1"


def test_the_page_and_the_server_require_the_same_shortest_password() -> None:
    text = (ROOT / "web" / "shared" / "access.ts").read_text("utf-8")
    assert f"SHORTEST_PASSWORD = {SHORTEST};" in text


def test_scripts_of_the_documentation_never_write_html(api: httpx.Client) -> None:
    script = api.get("/docs/docs.js").text
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", script) == []
    assert api.get("/docs/none.js").status_code == 404


def test_the_documentation_shows_every_route_and_problem(api: httpx.Client) -> None:
    page = api.get("/docs").text
    for path, methods in api.get("/openapi.json").json()["paths"].items():
        assert [method for method in methods if f"{method.upper()} {path}" not in page] == []
    assert 'id="problem-no-classification"' in page
    assert "lap_time_ms_lt" in page


def test_the_documentation_groups_every_route_by_its_subject(api: httpx.Client) -> None:
    page, document = api.get("/docs").text, api.get("/openapi.json").json()
    sections = re.split(r'<section class="subject" id="subject-([a-z-]+)">', page)[1:]
    groups = {tag: re.findall(r'class="operation" id="(\w+)"', text) for tag, text in pairs(sections)}
    expected: dict[str, list[str]] = {tag["name"].replace(" ", "-"): [] for tag in document["tags"]}
    for methods in document["paths"].values():
        for operation in methods.values():
            (tag,) = operation["tags"]
            expected[tag.replace(" ", "-")].append(operation["operationId"])
    assert expected == groups
    assert all(expected.values())
    assert list(expected) == list(groups)


def pairs(parts: list[str]) -> list[tuple[str, str]]:
    """Pairs of a list's members."""
    return list(zip(parts[::2], parts[1::2], strict=True))


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/bigboard", BROWSER, "text/html"),
        ("/admin/user", BROWSER, "text/html"),
        ("/bigboard", "*/*", "application/problem+json"),
        ("/bigboard", "application/json", "application/problem+json"),
        ("/api/v1/lapps", BROWSER, "application/problem+json"),
        ("/static/x.js", BROWSER, "application/problem+json"),
    ],
)
def test_an_address_that_does_not_exist(
    client: httpx.Client, path: str, accept: str, media_type: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (404, media_type) == (answer.status_code, answer.headers["content-type"].partition(";")[0])
