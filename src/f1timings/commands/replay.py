"""``f1timings replay``: send a capture to a server."""

from __future__ import annotations

from typing import Annotated

import typer

from f1timings.commands.options import DEFAULT_TARGET, CaptureArgument, TargetOption, parse_target
from f1timings.intake.captures.replay import replay as send_capture


def replay(
    file: CaptureArgument,
    to: TargetOption = DEFAULT_TARGET,
    speed: Annotated[
        float,
        typer.Option(min=0.0, help="1 as recorded, 10 ten times as fast, 0 as fast as is safe."),
    ] = 1.0,
) -> None:
    """Send the datagrams of a capture again, as the rigs sent them."""
    host, port = parse_target(to)
    counts = send_capture(file, host, port, speed=speed)
    print(f"{counts.datagrams} datagrams of {counts.sources} sources sent to {to} in {counts.seconds:.1f} s")
