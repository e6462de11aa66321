"""``/docs``: the API's description as one page, built from the OpenAPI document, without a CDN."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from f1timings.web import pages
from f1timings.web.http.problem_kinds import KINDS
from f1timings.web.http.problems import ProblemError
from f1timings.web.http.route_list import RouteList

Schema = Mapping[str, Any]
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
<code>board</code>, <code>rigs</code>, <code>tower:RIG</code>, <code>map:RIG</code> and <code>car:RIG</code>:
a snapshot of their rows, then the changed fields. A client that sends nothing gets the older program's
notifications. A client may send at most 20 messages of 8 KiB a second; a page must come from this server's
own address.</p></section>
"""


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
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
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
<nav aria-label="Routes"><ul>{_contents(operations)}</ul></nav>
<main>
{"".join(_operation(*operation) for operation in operations)}
{_SOCKET_TEXT}
<section id="problems"><h2>Problems</h2><p>Errors are <code>application/problem+json</code> (RFC 9457);
<code>detail</code> describes what to do.</p>{"".join(_problem(*kind) for kind in KINDS.items())}</section>
<section id="schemas"><h2>Schemas</h2>
{"".join(_schema(*schema) for schema in sorted(schemas.items()))}</section>
</main>
</body>
</html>
"""


def _contents(operations: Iterable[tuple[str, str, Schema]]) -> str:
    links = [
        f'<li><a href="#{escape(operation["operationId"])}">'
        f"<code>{method.upper()} {escape(path)}</code></a></li>"
        for path, method, operation in operations
    ]
    extra = [
        f'<li><a href="#{name.lower()}">{name}</a></li>' for name in ("WebSocket", "Problems", "Schemas")
    ]
    return "".join(links + extra)


def _operation(path: str, method: str, operation: Schema) -> str:
    parameters = operation.get("parameters", [])
    answers = "".join(_response(*response) for response in operation["responses"].items())
    return (
        f'<section id="{escape(operation["operationId"])}">'
        f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
        f"<p><strong>{escape(operation.get('summary', ''))}</strong></p>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        f"{_try_it(path, parameters)}"
        f"<h3>Answers</h3><ul>{answers}</ul></section>"
    )


def _try_it(path: str, parameters: Iterable[Schema]) -> str:
    """A form with a field for every parameter: it documents the parameters and sends a request with them."""
    fields = "".join(_field(parameter) for parameter in parameters)
    return (
        f'<form class="try" method="get" action="{escape(path)}">{fields}'
        '<p><button type="submit">Try it</button></p><pre class="answer" hidden tabindex="0"></pre></form>'
    )


def _field(parameter: Schema) -> str:
    name = escape(parameter["name"])
    examples = parameter.get("schema", {}).get("examples") or [parameter.get("example", "")]
    required = " required" if parameter.get("required") else ""
    meaning = f"{_type_text(parameter.get('schema', {}))} {parameter.get('description', '')}"
    return (
        f'<label data-in="{escape(parameter["in"])}"><code>{name}</code>'
        f'<input name="{name}" placeholder="{escape(str(examples[0]))}" autocomplete="off"{required}>'
        f"<span>{escape(meaning)}</span></label>"
    )


def _type_text(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_type_text(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type_text(schema.get('items', {}))}"
    return str(schema.get("format", schema.get("type", "any")))


def _response(status: str, response: Schema) -> str:
    bodies = [
        f"<p><code>{escape(media)}</code></p>{_example(content)}"
        for media, content in response.get("content", {}).items()
        if status == "200"
    ]
    return f"<li><code>{status}</code> {escape(response.get('description', ''))}{''.join(bodies)}</li>"


def _example(content: Schema) -> str:
    example = content.get("example")
    if example is None:
        return ""
    text = example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
    return f'<pre tabindex="0">{escape(text)}</pre>'


def _problem(kind: str, row: Any) -> str:
    return (
        f'<p id="problem-{escape(kind)}"><code>{row.status}</code> <strong>{escape(row.title)}</strong> '
        f"{escape(row.advice)}</p>"
    )


def _schema(name: str, schema: Schema) -> str:
    required = set(schema.get("required", ()))
    rows = [
        f"<tr><td><code>{escape(field)}</code>{'' if field in required else ' (may be absent)'}</td>"
        f"<td>{escape(_type_text(part))}</td><td>{escape(part.get('description', ''))}</td></tr>"
        for field, part in schema.get("properties", {}).items()
    ]
    choices = f" One of {escape(_type_text(schema))}." if "enum" in schema else ""
    description = escape(schema.get("description", "")) + choices
    return (
        f'<h3 id="schema-{escape(name)}">{escape(name)}</h3><p>{description}</p>'
        f"<table><tbody>{''.join(rows)}</tbody></table>"
    )
