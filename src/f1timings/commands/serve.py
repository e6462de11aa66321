"""``f1timings serve``: run the server."""

from __future__ import annotations

import contextlib
import logging
from typing import Annotated

import typer
import uvicorn

from f1timings.app import create_app
from f1timings.commands.options import DatabaseUrlOption, DataDirOption, setting_help
from f1timings.config import Settings, load_settings
from f1timings.errors import ConfigError
from f1timings.intake.udp import check_port
from f1timings.web.http.serving import settings as uvicorn_settings


def serve(
    *,
    host: Annotated[str | None, typer.Option(help=setting_help("host"))] = None,
    port: Annotated[int | None, typer.Option(help=setting_help("port"))] = None,
    udp_host: Annotated[str | None, typer.Option(help=setting_help("udp_host"))] = None,
    udp_port: Annotated[int | None, typer.Option(help=setting_help("udp_port"))] = None,
    data_dir: DataDirOption = None,
    database_url: DatabaseUrlOption = None,
    capture: Annotated[bool | None, typer.Option(help=setting_help("capture"))] = None,
    capture_max_gb: Annotated[float | None, typer.Option(help=setting_help("capture_max_gb"))] = None,
    capture_keep_free_gb: Annotated[
        float | None, typer.Option(help=setting_help("capture_keep_free_gb"))
    ] = None,
    max_screens: Annotated[int | None, typer.Option(help=setting_help("max_screens"))] = None,
    allowed_hosts: Annotated[str | None, typer.Option(help=setting_help("allowed_hosts"))] = None,
    log_level: Annotated[str | None, typer.Option(help=setting_help("log_level"))] = None,
) -> None:
    """Run the server: receive telemetry, time and store the laps, and show them."""
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
    _set_up_logging(settings.log_level)
    _run(settings)


def _set_up_logging(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)-7s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _run(settings: Settings) -> None:
    """Serve until Ctrl+C or SIGTERM."""
    check_port(settings.udp_host, settings.udp_port)
    server = uvicorn.Server(uvicorn_settings(create_app(settings), settings.host, settings.port))
    with contextlib.suppress(SystemExit):  # the exit code of uvicorn explains less than the text below
        server.run()
    if not server.started:
        raise ConfigError(
            f"Port {settings.port} at {settings.host} cannot be used, or the start failed (see above). "
            "Set another port with --port or F1TIMINGS_PORT."
        )
