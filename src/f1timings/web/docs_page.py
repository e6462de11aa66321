"""``/docs``: the API's description as one page, built from the OpenAPI document, without a CDN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from f1timings.web import pages
from f1timings.web.docs_sections import Schema, operation_section, problem_text, schema_section
from f1timings.web.http.problem_kinds import KINDS
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.route_list import RouteList
from f1timings.web.subjects import SUBJECTS

_Operation = tuple[str, str, Schema]
_FILES = Path(__file__).parent / "documentation"

_SOCKET_TEXT = """
<section id="websocket"><h2>WebSocket <code>/ws</code></h2>
<p>Send <code>{"subscribe": ["events"]}</code>. The server answers with a snapshot,
<code>{"view": "events", "seq": 7, "snapshot": {"server_time": "…"}}</code>. Then read over HTTP what you
show, and apply the updates that follow,
<code>{"view": "events", "seq": 8, "event": "lap_official", "data": {lap}}</code>. Other events are
<code>session_changed</code>, <code>participants_changed</code>, <code>session_classified</code>,
<code>rig_seen</code>, <code>act_recorded</code> and more; each carries the whole new record under
<code>data</code>. A later snapshot means that your connection was too slow and has missed updates: read
again. Every 2 s the server sends
<code>{"view": "events", "seq": 8, "heartbeat": {"server_time": "…"}}</code>. Other views are
<code>board</code>, <code>rigs</code>, <code>tower:RIG</code>, <code>map:RIG</code>, <code>car:RIG</code>
and <code>control:RIG</code>: a snapshot of their rows, then the changed fields. A client that sends nothing
gets the older program's notifications. A client may send at most 20 messages of 8 KiB a second; a page must
come from this server's own address.</p></section>
"""

_OTHER_CONTENTS = "".join(
    f'<li><a href="#{name.lower()}">{name}</a></li>' for name in ("WebSocket", "Problems", "Schemas")
)


def routes(app: FastAPI) -> RouteList:
    """The documentation page of an application, and its two files; works without built pages."""
    router = RouteList(include_in_schema=False)
    files = pages.read_files(_FILES)

    @router.get("/docs")
    def docs(_request: Request) -> HTMLResponse:
        return HTMLResponse(page(app.openapi()), headers={"Cache-Control": "no-cache"})

    @router.get("/docs/{name}")
    async def file(request: Request, name: str) -> Response:
        if name not in files:
            raise ProblemError("not-found", f"There is no file {name!r}; the documentation is at /docs.")
        return pages.answer(request, files[name])

    return router


def page(document: Schema) -> str:
    """The HTML of the whole page.

    Args:
        document: an OpenAPI 3.1 document.
    """
    groups = _operations_by_subject(document)
    title = escape(f"{document['info']['title']} {document['info']['version']}")
    schemas = document.get("components", {}).get("schemas", {})
    return f"""<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title} – API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/docs/docs.css">
  <script type="module" src="/docs/docs.js"></script>
</head>
<body>
<header><h1>{title} – API</h1><p>{escape(document["info"].get("description", ""))}</p>
<p><a href="/">Live page</a> · <a href="/openapi.json">OpenAPI document</a></p></header>
<nav aria-label="Routes">
<label class="search">Search <input type="search" id="search" autocomplete="off" spellcheck="false"
  placeholder="laps, driver_id, POST …"></label>
<p id="found" role="status"></p>
{"".join(_contents(*group) for group in groups.items())}
<ul>{_OTHER_CONTENTS}</ul>
</nav>
<main>
{"".join(_subject_section(*group) for group in groups.items())}
{_SOCKET_TEXT}
<section id="problems"><h2>Problems</h2><p>Errors are <code>application/problem+json</code> (RFC 9457);
<code>detail</code> describes what to do.</p>
{"".join(problem_text(*kind) for kind in KINDS.items())}</section>
<section id="schemas"><h2>Schemas</h2>
{"".join(schema_section(*schema) for schema in sorted(schemas.items()))}</section>
</main>
</body>
</html>
"""


def _operations_by_subject(document: Schema) -> Mapping[str, Sequence[_Operation]]:
    """Path, method and description of each route, by the tag of its subject in the order of the subjects."""
    groups: dict[str, list[_Operation]] = {tag: [] for tag in SUBJECTS}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append((path, method, operation))
    return groups


def _contents(tag: str, operations: Iterable[_Operation]) -> str:
    links = "".join(
        f'<li><a href="#{escape(operation["operationId"])}">'
        f"<code>{method.upper()} {escape(path).replace('/', '/<wbr>')}</code></a></li>"
        for path, method, operation in operations
    )
    return f'<div class="group"><a href="#{_id(tag)}">{escape(SUBJECTS[tag].title)}</a><ul>{links}</ul></div>'


def _subject_section(tag: str, operations: Iterable[_Operation]) -> str:
    subject = SUBJECTS[tag]
    return (
        f'<section class="subject" id="{_id(tag)}"><h2>{escape(subject.title)}</h2>'
        f"<p>{escape(subject.description)}</p>"
        f"{''.join(operation_section(*operation) for operation in operations)}</section>"
    )


def _id(tag: str) -> str:
    return f"subject-{tag.replace(' ', '-')}"
