"""Links from the documentation to a line of code: ``[`Pipeline.feed`](../src/f1timings/pipeline.py#L64)``.

The text of such a link names what is defined there. The line number follows from the code; in a Svelte or
TypeScript file it is the first line that declares the name.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

_LINK = re.compile(r"\[`(?P<name>[\w.]+)(?:\(\))?`\]\((?P<path>[\w./-]+\.(?:py|ts|svelte))#L\d+\)")
_NUMBER = re.compile(r"#L\d+\)$")


def update_code_links(text: str, folder: Path) -> str:
    """Return a document with the right line numbers in its links to code.

    Args:
        text: the document.
        folder: the one that the document's links start from.

    Raises:
        LookupError: a linked file has no such definition.
    """

    def with_line(link: re.Match[str]) -> str:
        line = line_of(folder / link["path"], link["name"])
        return _NUMBER.sub(f"#L{line})", link[0])

    return _LINK.sub(with_line, text)


@cache
def line_of(path: Path, name: str) -> int:
    """Return the line, from 1, that defines a name such as ``Pipeline.feed`` or ``MESSAGES_PER_SECOND``.

    Raises:
        LookupError: there is no such definition.
    """
    text = path.read_text("utf-8")
    line = _line_in_python(ast.parse(text).body, name) if path.suffix == ".py" else _line_in_text(text, name)
    if line is None:
        raise LookupError(f"{path} defines no {name}")
    return line


def _line_in_python(body: list[ast.stmt], name: str) -> int | None:
    first, _, rest = name.partition(".")
    for statement in body:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if statement.name == first:
                return _line_in_python(statement.body, rest) if rest else statement.lineno
        elif not rest and first in _assigned_names(statement):
            return statement.lineno
    return None


def _assigned_names(statement: ast.stmt) -> set[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _line_in_text(text: str, name: str) -> int | None:
    declares = re.compile(rf"\b(?:class|function|const|let|interface|type)\s+{re.escape(name)}\b")
    return next((number for number, line in enumerate(text.splitlines(), 1) if declares.search(line)), None)
