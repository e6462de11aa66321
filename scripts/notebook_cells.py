"""``python scripts/notebook_cells.py NOTEBOOK SERVER``: run the code of a notebook and store what it shows.

It runs in the environment of the notebook and imports nothing of this repository.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

#: The server that the notebook names; another one takes its place while the code runs.
DOCUMENTED: Final = "http://localhost:8080"
# Of a picture: enough to read it, and few enough for a small file.
_DOTS_PER_INCH: Final = 100
_COLOURS: Final = 64


def run_notebook(path: Path, server: str) -> None:
    """Run all code in one namespace, in its order, and write the outputs into the file.

    Args:
        server: its address, such as ``http://localhost:8080``.

    Raises:
        Exception: whatever the code raises; the file stays as it was.
    """
    notebook = json.loads(path.read_text("utf-8"))
    namespace: dict[str, Any] = {}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(cells, 1):
        source = "".join(cell["source"]).replace(DOCUMENTED, server)
        cell["outputs"] = _outputs(source, number, namespace)
        cell["execution_count"] = number
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _outputs(source: str, number: int, namespace: dict[str, Any]) -> list[dict[str, Any]]:
    """Run one cell: what it prints, its figures, and the value of its last line."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        value = _run_cell(source, f"<cell {number}>", namespace)
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": _lines(printed.getvalue())})
    outputs += [
        {"data": {"image/png": picture}, "metadata": {}, "output_type": "display_data"}
        for picture in _new_pictures()
    ]
    if value is not None:
        data = {"text/plain": _lines(repr(value))}
        if hasattr(value, "_repr_html_"):
            data["text/html"] = _lines(value._repr_html_())
        result = {"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"}
        outputs.append(result)
    return outputs


def _run_cell(source: str, name: str, namespace: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last line if that is an expression."""
    tree = ast.parse(source, name)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, name, "exec"), namespace)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), name, "exec"), namespace)
    return eval(compile(ast.Expression(last.value), name, "eval"), namespace)


def _new_pictures() -> list[str]:
    """The open figures as PNG in base64; they are closed."""
    from matplotlib import pyplot
    from PIL import Image

    pictures = []
    for number in pyplot.get_fignums():
        drawn, small = io.BytesIO(), io.BytesIO()
        pyplot.figure(number).savefig(drawn, format="png", dpi=_DOTS_PER_INCH)
        Image.open(drawn).convert("RGB").quantize(_COLOURS).save(small, "png", optimize=True)
        pictures.append(base64.b64encode(small.getvalue()).decode())
    pyplot.close("all")
    return pictures


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


if __name__ == "__main__":
    os.environ["MPLBACKEND"] = "agg"
    run_notebook(Path(sys.argv[1]), sys.argv[2])
