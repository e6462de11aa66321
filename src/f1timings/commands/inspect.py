"""``f1timings inspect``: show what a capture contains."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from f1timings.commands.capture_report import build_report
from f1timings.commands.options import CaptureArgument


def inspect(
    file: CaptureArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Show the sources, sessions, laps and results in a capture."""
    report = build_report(file)
    if as_json:
        print(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
        return
    for line in report.summary():
        print(line)
