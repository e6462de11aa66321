"""``f1timings serve``: run the server."""

from __future__ import annotations

import contextlib
import logging

import uvicorn

from f1timings.app import create_app
from f1timings.commands.options import with_setting_flags
from f1timings.config import Settings, load_settings
from f1timings.errors import ConfigError
from f1timings.intake.udp import check_port
from f1timings.web.http.serving import settings as uvicorn_settings


@with_setting_flags
def serve(**flags: object) -> None:
    """Run the server: receive telemetry, time and store the laps, and show them."""
    settings = load_settings(**flags)
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
