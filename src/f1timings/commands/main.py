"""The command line: the Typer application that joins all commands."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from f1timings import __version__
from f1timings.commands.export import export
from f1timings.commands.import_capture import import_capture
from f1timings.commands.inspect import inspect
from f1timings.commands.rebuild import rebuild
from f1timings.commands.replay import replay
from f1timings.commands.serve import serve
from f1timings.commands.simulate import simulate
from f1timings.commands.token import token_app
from f1timings.errors import F1TimingsError

app = typer.Typer(
    help="Time laps of the F1 games from their telemetry.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(simulate)
app.command()(replay)
app.command()(inspect)
app.command("import")(import_capture)
app.command()(rebuild)
app.command()(export)
app.add_typer(token_app, name="token")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Errors of the program are printed in one line on stderr, with exit code 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # names may be in any script; pipes on Windows are not UTF-8
    try:
        app(args=arguments if arguments is None else list(arguments))
    except F1TimingsError as error:
        print(f"f1timings: {error}", file=sys.stderr)
        raise SystemExit(2) from error


def _print_version(is_requested: bool) -> None:
    if is_requested:
        print(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Time laps of the F1 games from their telemetry."""
