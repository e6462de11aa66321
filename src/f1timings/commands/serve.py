"""``f1timings serve``: run the server."""

from __future__ import annotations

import contextlib
import logging
from typing import Annotated

import typer
import uvicorn

from f1timings.app import create_app
from f1timings.commands.options import with_setting_flags
from f1timings.config import Settings, load_settings
from f1timings.errors import ConfigError
from f1timings.intake.udp import check_port
from f1timings.web.http.serving import settings as uvicorn_settings


@with_setting_flags
def serve(
    *,
    fresh_database: Annotated[
        bool,
        typer.Option(
            "--fresh-database",
            help="Replace a damaged SQLite file; it is kept, and what is readable in it is taken over.",
        ),
    ] = False,
    **flags: object,
) -> None:
    """Run the server: receive telemetry, time and store the laps, and show them."""
    settings = load_settings(**flags)
    _set_up_logging(settings.log_level)
    _run(settings, is_fresh_wanted=fresh_database)


def _set_up_logging(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)-7s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _run(settings: Settings, *, is_fresh_wanted: bool) -> None:
    """Serve until Ctrl+C or SIGTERM."""
    check_port(settings.udp_host, settings.udp_port)
    app = create_app(settings, is_fresh_wanted=is_fresh_wanted)
    server = uvicorn.Server(uvicorn_settings(app, settings.host, settings.port))
    with contextlib.suppress(SystemExit):  # the exit code of uvicorn explains less than the text below
        server.run()
    if not server.started:
        raise ConfigError(
            f"Port {settings.port} at {settings.host} cannot be used, or the start failed (see above). "
            "Set another port with --port or F1TIMINGS_PORT."
        )
