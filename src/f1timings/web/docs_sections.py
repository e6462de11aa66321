"""The parts of the documentation page: an operation, a problem and a schema as HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

Schema = Mapping[str, Any]


def operation_section(path: str, method: str, operation: Schema) -> str:
    """One route with its parameters and answers; the search looks at what has the class ``found-by``."""
    parameters = operation.get("parameters", [])
    answers = "".join(_response(*response) for response in operation["responses"].items())
    return (
        f'<section class="operation" id="{escape(operation["operationId"])}">'
        f'<h3 class="found-by"><code>{method.upper()} {escape(path)}</code></h3>'
        f'<p class="found-by"><strong>{escape(operation.get("summary", ""))}</strong></p>'
        f'<p class="found-by">{escape(operation.get("description", ""))}</p>'
        f"{_try_it(path, parameters)}"
        f"<h4>Answers</h4><ul>{answers}</ul></section>"
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
        f'<label data-in="{escape(parameter["in"])}"><code class="found-by">{name}</code>'
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


def problem_text(kind: str, row: Any) -> str:
    """One kind of problem, a row of the table of problems."""
    return (
        f'<p id="problem-{escape(kind)}"><code>{row.status}</code> <strong>{escape(row.title)}</strong> '
        f"{escape(row.advice)}</p>"
    )


def schema_section(name: str, schema: Schema) -> str:
    """One schema with its fields."""
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
