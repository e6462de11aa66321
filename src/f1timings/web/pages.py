"""The built pages: read once at the start, served from memory, compressed if the browser accepts that."""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from f1timings.web.caching.etags import etag_of, is_known
from f1timings.web.http.negotiation import HTML, JSON, choose
from f1timings.web.http.problems import ProblemError

STATIC: Final = Path(__file__).parent / "static"

#: Address → folder of web/ with the page. A new page is a line here and a folder there.
PAGES: Final[Mapping[str, str]] = {
    "/": "home",
    "/display": "display",
    "/display/car": "car",
    "/overlay": "overlay",
    "/overlay/{name}": "overlay",
    "/admin": "admin",
    "/admin/users": "users",
    "/me": "me",
    "/compare": "compare",
    "/laps": "laps",
    "/login": "login",
    "/setup": "setup",
}

#: How addresses begin that people do not type.
_NO_PAGES: Final = ("/api/", "/static/")

_MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_COMPRESSED_TYPES: Final = {".woff2"}
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "no-cache"

_NOT_BUILT: Final = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>F1Timings: pages are not built</title></head>
<body><h1>The pages are not built</h1>
<p>The server is running and times every lap. To see its pages, stop it, run <code>make install</code>
(without make: <code>python web/build.py</code>) and start it again.</p>
<p>Until then: <a href="/docs">the API</a>.</p></body></html>
"""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as it is sent.

    Attributes:
        caching: the Cache-Control header.
        is_compressible: gzip can make it smaller.
    """

    content: bytes
    media_type: str
    etag: str
    caching: str
    is_compressible: bool

    @cached_property
    def compressed(self) -> bytes | None:
        """The content with gzip, made for the first client that accepts it; None if that is not smaller."""
        compressed = gzip.compress(self.content, mtime=0) if self.is_compressible else self.content
        return compressed if len(compressed) < len(self.content) else None


def routes(folder: Path = STATIC) -> APIRouter:
    """The pages at their addresses, with and without a trailing slash, and their files under ``/static/``.

    Args:
        folder: the output of ``web/build.py``.
    """
    files = read_files(folder)
    router = APIRouter(include_in_schema=False)

    for path, name in PAGES.items():
        for address in {path, f"{path.rstrip('/')}/"}:
            router.add_api_route(address, _page(files.get(f"{name}/index.html")), methods=["GET"])

    @router.get("/static/{name:path}")
    async def static(request: Request, name: str) -> Response:
        file = files.get(name)
        if file is None or name.endswith(".html"):
            raise ProblemError("not-found", f"There is no file {name!r}; the pages are linked from /.")
        return answer(request, file)

    return router


def missing_page(folder: Path = STATIC) -> Callable[[Request], Response | None]:
    """What answers a request for an address that does not exist.

    Returns:
        A function that returns the page in words for a browser, and None where the answer is a problem: for
        programs, and for addresses of the API and of files.
    """
    path = folder / "missing" / "index.html"
    file = read(path) if path.is_file() else None

    def answer_missing(request: Request) -> Response | None:
        is_page = request.method == "GET" and not request.url.path.startswith(_NO_PAGES)
        if file is None or not is_page or choose(request.headers.get("accept"), (JSON, HTML)) != HTML:
            return None
        return Response(file.content, 404, {"Cache-Control": "no-store"}, file.media_type)

    return answer_missing


def build(folder: Path = STATIC) -> str:
    """The build of this server's pages, empty if there are none; a page of another build reloads itself."""
    try:
        return str(json.loads((folder / "build.json").read_bytes())["build"])
    except (OSError, ValueError, KeyError):
        return ""


def read_files(folder: Path) -> dict[str, File]:
    """Every file of a known type in a folder, by its relative path; empty if there is no folder."""
    return {
        path.relative_to(folder).as_posix(): read(path)
        for path in sorted(folder.rglob("*"))
        if path.suffix in _MEDIA_TYPES
    }


def read(path: Path) -> File:
    """Read one file. A file in ``assets/`` has a hash in its name, so it never changes."""
    content = path.read_bytes()
    return File(
        content=content,
        media_type=_MEDIA_TYPES[path.suffix],
        etag=etag_of(content),
        caching=_IMMUTABLE if path.parent.name == "assets" else _REVALIDATE,
        is_compressible=path.suffix not in _COMPRESSED_TYPES,
    )


def answer(request: Request, file: File) -> Response:
    """The response with a file: 304 if the client has it already, compressed if the client accepts that."""
    headers = {"ETag": file.etag, "Cache-Control": file.caching, "Vary": "Accept-Encoding"}
    if is_known(file.etag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    if _accepts_gzip(request) and file.compressed is not None:
        headers["Content-Encoding"] = "gzip"
        return Response(file.compressed, media_type=file.media_type, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)


def _accepts_gzip(request: Request) -> bool:
    codings = (coding.partition(";") for coding in request.headers.get("accept-encoding", "").split(","))
    return any(
        name.strip().lower() == "gzip" and parameter.replace(" ", "") not in ("q=0", "q=0.0")
        for name, _, parameter in codings
    )


def _page(file: File | None) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        if file is None:
            return Response(_NOT_BUILT, 503, {"Cache-Control": "no-store"}, "text/html; charset=utf-8")
        return answer(request, file)

    return page
