"""The command line: the Typer application that joins all commands."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Final, NamedTuple

import typer

from f1timings import __version__
from f1timings.errors import F1TimingsError


class _Command(NamedTuple):
    module: str
    name: str
    summary: str


# The help of the program prints the summaries and imports no command: that would take seconds on a small
# computer.
_COMMANDS: Final = {
    "serve": _Command(
        "serve", "serve", "Run the server: receive telemetry, time and store the laps, and show them."
    ),
    "doctor": _Command("doctor", "doctor", "Check this machine and the telemetry, and show what to do."),
    "simulate": _Command(
        "simulate",
        "simulate",
        "Send the telemetry of simulated rigs: the real protocol and rates, each rig from its own address.",
    ),
    "replay": _Command("replay", "replay", "Send the datagrams of a capture again, as the rigs sent them."),
    "inspect": _Command("inspect", "inspect", "Show the sources, sessions, laps and results in a capture."),
    "import": _Command("import_capture", "import_capture", "Time a capture and store its laps."),
    "rebuild": _Command("rebuild", "rebuild", "Time all captures of the data folder again."),
    "backup": _Command(
        "backups.backup", "backup", "Make a backup of the database, check it, and print its path."
    ),
    "restore": _Command(
        "backups.restore",
        "restore",
        "Put a backup in the place of the database, and bring newer laps back from the captures.",
    ),
    "export": _Command(
        "export",
        "export",
        "Write a board of the open meeting to a file in exports/ of the data folder; print its path.",
    ),
    "token": _Command("token", "token_app", "Tokens with which programs and screens log in."),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command. Errors of the program are printed on stderr, with exit code 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # names may be in any script; pipes on Windows are not UTF-8
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        command_line(next((word for word in words if not word.startswith("-")), ""))(args=words)
    except F1TimingsError as error:
        print(f"f1timings: {error}", file=sys.stderr)
        raise SystemExit(2) from error


def command_line(only: str | None = None) -> typer.Typer:
    """Build the application.

    Args:
        only: the name of the command that is imported; the others have a summary. None imports all of them.
    """
    app = typer.Typer(
        help="Time laps of the F1 games from their telemetry.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # boxes around the help cost more processor time than the help itself
    )
    app.callback()(_root)
    for name, command in _COMMANDS.items():
        if only in (None, name):
            _add(app, name, command)
        else:
            app.command(name, short_help=command.summary)(_not_imported)
    return app


def _add(app: typer.Typer, name: str, command: _Command) -> None:
    imported = getattr(import_module(f"f1timings.commands.{command.module}"), command.name)
    if isinstance(imported, typer.Typer):
        app.add_typer(imported, name=name, short_help=command.summary)
    else:
        app.command(name, short_help=command.summary)(imported)


def _not_imported() -> None:
    """Stand for a command that is listed only."""


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
