"""The pages' types of the rows on ``/ws``: ``shared/rows.d.ts``, generated from the columns of each view.

``python web/view_types.py`` writes the file; ``--check`` reports whether it is out of date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from f1timings.live.fanout.row_columns import Column
    from f1timings.live.fanout.views import RowViewKind

WEB = Path(__file__).resolve().parent
TYPES = WEB / "shared" / "rows.d.ts"

_HEAD = """\
/** The rows and facts of each view on `/ws`, generated from the server's columns: `make types`. */
import type { Facts, Row } from "./connection/protocol";
"""
_TYPESCRIPT = {
    "text": "string",
    "int": "number",
    "float": "number",
    "bool": "boolean",
    "flags": "number",
    "list": "readonly unknown[]",
}


def row_types() -> str:
    """The types as they should be now."""
    sys.path.insert(0, str(WEB.parent))
    from scripts.documentation.views import view_kinds

    written: dict[str, str] = {}
    for kind in view_kinds().values():
        for name, interface in _interfaces(kind):
            # `rig:<rig>` has rows of `rigs`.
            written.setdefault(name, interface)
    return "\n".join([_HEAD, *written.values()])


def _interfaces(kind: RowViewKind) -> Iterator[tuple[str, str]]:
    """The interfaces of a view, by name: its row, and its facts, which are absent until it has been read."""
    name = kind.name.removesuffix("s").title()
    id_line = f"  /** {_sentence(kind.id_meaning)} */\n  readonly id: string;\n"
    row = f"A row of the view `{kind.pattern}`. {kind.meaning}"
    yield "row " + name, _interface(row, f"{name}Row extends Row", id_line, kind.columns)
    facts = f"The facts of the view `{kind.pattern}`."
    yield "facts " + name, _interface(facts, f"{name}Facts extends Facts", "", kind.facts, mark="?")


def _interface(meaning: str, name: str, first: str, columns: Iterable[Column], mark: str = "") -> str:
    fields = "".join(
        f"  /** {_sentence(column.meaning, column.unit)} */\n"
        f"  readonly {column.name}{mark}: {_type(column)};\n"
        for column in columns
    )
    return f"/** {meaning} */\nexport interface {name} {{\n{first}{fields}}}\n"


def _type(column: Column) -> str:
    choices = " | ".join(json.dumps(choice) for choice in column.choices)
    return f"{choices or _TYPESCRIPT[column.type]}{' | null' if column.is_nullable else ''}"


def _sentence(meaning: str, unit: str = "") -> str:
    text = meaning[:1].upper() + meaning[1:]
    return f"{text} ({unit})." if unit else f"{text}."


def main() -> int:
    """Write or check; 1 if the check fails."""
    wanted = row_types()
    if "--check" not in sys.argv:
        TYPES.write_text(wanted, "utf-8")
        return 0
    if TYPES.is_file() and TYPES.read_text("utf-8") == wanted:
        print("types of the rows: up to date")
        return 0
    print("web/shared/rows.d.ts is out of date: make types", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
