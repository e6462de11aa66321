"""The command line: the Typer application that joins all commands."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Final

import typer

from f1timings import __version__
from f1timings.errors import F1TimingsError

# The module and the object of each command. Importing all of them takes seconds on a small computer.
_COMMANDS: Final = {
    "serve": ("serve", "serve"),
    "doctor": ("doctor", "doctor"),
    "simulate": ("simulate", "simulate"),
    "replay": ("replay", "replay"),
    "inspect": ("inspect", "inspect"),
    "import": ("import_capture", "import_capture"),
    "rebuild": ("rebuild", "rebuild"),
    "export": ("export", "export"),
    "token": ("token", "token_app"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Errors of the program are printed on stderr, with exit code 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # names may be in any script; pipes on Windows are not UTF-8
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        command_line(words[0] if words else None)(args=words)
    except F1TimingsError as error:
        print(f"f1timings: {error}", file=sys.stderr)
        raise SystemExit(2) from error


def command_line(only: str | None = None) -> typer.Typer:
    """Build the application.

    Args:
        only: the name of a command; then no other command is imported. Another word imports all of them.
    """
    app = typer.Typer(
        help="Time laps of the F1 games from their telemetry.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for name in (only,) if only in _COMMANDS else _COMMANDS:
        _add(app, name)
    return app


def _add(app: typer.Typer, name: str) -> None:
    module, attribute = _COMMANDS[name]
    command = getattr(import_module(f"f1timings.commands.{module}"), attribute)
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name)
    else:
        app.command(name)(command)


def _print_version(is_requested: bool) -> None:
    if is_requested:
        print(__version__)
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Time laps of the F1 games from their telemetry."""
