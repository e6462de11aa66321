"""The command line: every command, its flags, and what it prints."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import math
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from f1timings import __version__
from f1timings.app import create_app
from f1timings.commands.delivery import deliver
from f1timings.commands.derivation import derive
from f1timings.commands.export import export
from f1timings.commands.inspection import inspect_capture
from f1timings.commands.token import tokens
from f1timings.config import Settings, load_settings
from f1timings.errors import ConfigError, F1TimingsError
from f1timings.intake.captures.files import open_capture
from f1timings.intake.captures.folder import captures_in, iter_datagrams
from f1timings.intake.captures.replay import replay as send_again
from f1timings.intake.udp import claim_port
from f1timings.packets import FIRST_FORMAT, LATEST_FORMAT
from f1timings.simulator import SCENARIO_KINDS, Scenario, ScenarioKind, scenario_for
from f1timings.simulator.sender import send as send_simulated
from f1timings.store import Stamped
from f1timings.store.data_folder import captures_folder
from f1timings.timing.events import LapRecorded, SessionChanged
from f1timings.web.http.serving import settings as uvicorn_settings

commands = typer.Typer(
    help="The timing office for people who race in the F1 games.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
commands.add_typer(tokens, name="token")
commands.command()(export)

Capture = Annotated[Path, typer.Argument(help="A pcap or pcapng file, also .gz or .zst.")]
Format = Annotated[int, typer.Option("--format", min=FIRST_FORMAT, max=LATEST_FORMAT, help="Packet format.")]
Target = Annotated[str, typer.Option("--to", metavar="HOST:PORT", help="Where to.")]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; our own errors are one line on stderr and exit code 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # names are of any script, a pipe of Windows is not
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
    capture: Annotated[bool | None, typer.Option(help=_described("capture"))] = None,
    capture_max_gb: Annotated[float | None, typer.Option(help=_described("capture_max_gb"))] = None,
    capture_keep_free_gb: Annotated[
        float | None, typer.Option(help=_described("capture_keep_free_gb"))
    ] = None,
    max_screens: Annotated[int | None, typer.Option(help=_described("max_screens"))] = None,
    allowed_hosts: Annotated[str | None, typer.Option(help=_described("allowed_hosts"))] = None,
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
        capture=capture,
        capture_max_gb=capture_max_gb,
        capture_keep_free_gb=capture_keep_free_gb,
        max_screens=max_screens,
        allowed_hosts=allowed_hosts,
        log_level=log_level,
    )
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)-7s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    claim_port(settings.udp_host, settings.udp_port)
    web = create_app(settings)
    server = uvicorn.Server(uvicorn_settings(web, settings.host, settings.port))
    with contextlib.suppress(SystemExit):  # uvicorn's own exit code says less than the line below
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
    to: Target = "127.0.0.1:20777",
    speed: Annotated[float, typer.Option(min=0.0, help="1 as recorded, 10 tenfold, 0 at once.")] = 1.0,
) -> None:
    """Send a capture's datagrams again, as the rigs sent them."""
    host, port = _host_and_port(to)
    counts = send_again(file, host, port, speed=speed)
    print(f"{counts.datagrams} datagrams of {counts.sources} sources sent to {to} in {counts.seconds:.1f} s")


@commands.command("import")
def import_capture(
    file: Capture,
    data_dir: Annotated[Path | None, typer.Option(help=_described("data_dir"))] = None,
    database_url: Annotated[str | None, typer.Option(help=_described("database_url"))] = None,
) -> None:
    """Time a capture and keep its laps; doing it twice changes nothing."""
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    with open_capture(file) as capture:
        records = derive(capture)
    deliver(records, settings)
    print(_kept(records, settings))


@commands.command()
def rebuild(
    data_dir: Annotated[Path | None, typer.Option(help=_described("data_dir"))] = None,
    database_url: Annotated[str | None, typer.Option(help=_described("database_url"))] = None,
) -> None:
    """Time all captures of the data folder again; laps whose capture is gone stay as they are."""
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    paths = captures_in(captures_folder(settings.data_dir))
    records = derive(iter_datagrams(paths))
    deliver(records, settings)
    print(f"{len(paths)} captures: {_kept(records, settings)}")


@commands.command()
def simulate(
    to: Target = "127.0.0.1:20777",
    rigs: Annotated[int, typer.Option(min=1, max=64, help="How many rigs send.")] = 8,
    packet_format: Format = 2025,
    kind: Annotated[str, typer.Option(help=f"One of {', '.join(SCENARIO_KINDS)}.")] = "hot_lap_evening",
    laps: Annotated[int, typer.Option(min=1, max=99, help="Laps of each session.")] = 5,
    sessions: Annotated[int, typer.Option(min=1, max=50, help="Sessions of each rig of an evening.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed gives the same laps.")] = 1,
    rate: Annotated[int, typer.Option(help="Packets a second: 20, 30 or 60.")] = 60,
    speed: Annotated[float, typer.Option(min=0.1, help="1 as the game, 10 tenfold.")] = 1.0,
    seconds: Annotated[float | None, typer.Option(min=1, help="Stop after so long.")] = None,
    truth: Annotated[Path | None, typer.Option(help="Write what was really driven here, as JSON.")] = None,
) -> None:
    """Send what rigs would send: the real protocol at real rates, from addresses of their own."""
    host, port = _host_and_port(to)
    if kind not in SCENARIO_KINDS:
        raise ConfigError(f"There is no kind {kind!r} to simulate; there are {', '.join(SCENARIO_KINDS)}.")
    try:
        scenarios = _scenarios(kind, packet_format, rigs, laps, sessions, seed, rate)
        report = send_simulated(scenarios, host, port, speed, for_s=seconds or math.inf)
    except (ValueError, OSError) as error:
        raise ConfigError(f"Cannot simulate that: {error}.") from error
    if truth is not None:
        truth.write_text(json.dumps(report.truth, indent=2, ensure_ascii=False))
    print(f"{report.datagrams.total()} datagrams of {rigs} rigs sent to {to} in {report.seconds:.1f} s")


def _scenarios(
    kind: ScenarioKind, packet_format: int, rigs: int, laps: int, sessions: int, seed: int, rate: int
) -> list[Scenario]:
    """An evening and a lobby are one scenario with many rigs; of the others each rig drives its own."""
    if kind in ("hot_lap_evening", "lobby"):
        whole = scenario_for(kind, packet_format, seed, laps=laps, rigs=rigs, rate_hz=rate)
        return [replace(whole, sessions=sessions)]
    return [scenario_for(kind, packet_format, seed + rig, laps=laps, rate_hz=rate) for rig in range(rigs)]


def _kept(records: Sequence[Stamped], settings: Settings) -> str:
    laps = sum(isinstance(record.event, LapRecorded) for record in records)
    sessions = sum(isinstance(record.event, SessionChanged) for record in records)
    return f"{laps} laps of {sessions} sessions are in {settings.database_url or settings.data_dir}"


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ConfigError(f"{text!r} is no HOST:PORT; right would be 127.0.0.1:20777.")
    return host.strip("[]"), int(port)
