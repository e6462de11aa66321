"""Code that needs pandas and matplotlib, run in the environment of the notebook; a program for the tests."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from scripts.notebook import PYTHON, run_cells


def need_environment() -> None:
    """Skip the test if there is no environment for notebooks; on CI it must not be missing."""
    if PYTHON.exists():
        return
    if os.environ.get("CI") == "true":
        pytest.fail("there is no environment for the notebook: run 'make tools'")
    pytest.skip("there is no environment for the notebook: make tools")


def run(cells: Sequence[dict[str, Any]], server: str, file: Path) -> list[dict[str, Any]]:
    """Run the cells of a notebook in their order; return them with their outputs.

    Args:
        server: takes the place of the address in the documentation.
        file: where the notebook is written to.
    """
    file.write_text(json.dumps({"cells": cells}), "utf-8")
    run_cells(file, server)
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["cells"]
    return found


def code_cell(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": [source], "outputs": []}


def printed(cell: dict[str, Any]) -> str:
    """What a cell has printed."""
    return "".join("".join(output["text"]) for output in cell["outputs"] if output["output_type"] == "stream")
