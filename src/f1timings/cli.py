"""The command line: every command, its flags, and what it prints."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from f1timings import __version__
from f1timings.app import create_app
from f1timings.config import Settings, load_settings
from f1timings.errors import ConfigError, F1TimingsError
from f1timings.inspection import inspect_capture
from f1timings.intake.replay import replay as send_again
from f1timings.web.serving import settings as uvicorn_settings

commands = typer.Typer(
    help="The timing office for people who race in the F1 games.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Capture = Annotated[Path, typer.Argument(help="A pcap or pcapng file, also .gz or .zst.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; our own errors are one line on stderr and exit code 2."""
    try:
        commands(args=arguments if arguments is None else list(arguments))
    except F1TimingsError as error:
        print(f"f1timings: {error}", file=sys.stderr)
        raise SystemExit(2) from error


def _version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


@commands.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """The timing office for people who race in the F1 games."""


def _described(setting: str) -> str | None:
    return Settings.model_fields[setting].description


@commands.command()
def serve(
    host: Annotated[str | None, typer.Option(help=_described("host"))] = None,
    port: Annotated[int | None, typer.Option(help=_described("port"))] = None,
    udp_host: Annotated[str | None, typer.Option(help=_described("udp_host"))] = None,
    udp_port: Annotated[int | None, typer.Option(help=_described("udp_port"))] = None,
    data_dir: Annotated[Path | None, typer.Option(help=_described("data_dir"))] = None,
    database_url: Annotated[str | None, typer.Option(help=_described("database_url"))] = None,
    log_level: Annotated[str | None, typer.Option(help=_described("log_level"))] = None,
) -> None:
    """Receive telemetry, time it, keep it, show it."""
    settings = load_settings(
        host=host,
        port=port,
        udp_host=udp_host,
        udp_port=udp_port,
        data_dir=data_dir,
        database_url=database_url,
        log_level=log_level,
    )
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)-7s %(message)s")
    web = create_app(settings)
    server = uvicorn.Server(uvicorn_settings(web, settings.host, settings.port))
    server.run()
    if not server.started:
        raise ConfigError(
            f"Port {settings.port} at {settings.host} cannot be used, or the start failed (see above). "
            "Another port: --port, F1TIMINGS_PORT."
        )


@commands.command()
def inspect(
    file: Capture,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Show what a capture holds: sources, sessions, laps, results."""
    inspection = inspect_capture(file)
    if as_json:
        print(json.dumps(inspection.as_json(), indent=2, ensure_ascii=False))
        return
    for line in inspection.summary():
        print(line)


@commands.command()
def replay(
    file: Capture,
    to: Annotated[str, typer.Option("--to", metavar="HOST:PORT", help="Where to.")] = "127.0.0.1:20777",
    speed: Annotated[float, typer.Option(min=0.0, help="1 as recorded, 10 tenfold, 0 at once.")] = 1.0,
) -> None:
    """Send a capture's datagrams again, as the rigs sent them."""
    host, port = _host_and_port(to)
    counts = send_again(file, host, port, speed=speed)
    print(f"{counts.datagrams} datagrams of {counts.sources} sources sent to {to} in {counts.seconds:.1f} s")


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ConfigError(f"{text!r} is no HOST:PORT; right would be 127.0.0.1:20777.")
    return host.strip("[]"), int(port)
