"""``f1timings serve``: run the server."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import webbrowser
from typing import Annotated

import typer
import uvicorn

from f1timings.app import create_app
from f1timings.commands.options import with_setting_flags
from f1timings.config import Settings, load_settings
from f1timings.doctor.addresses import EVERYWHERE
from f1timings.errors import ConfigError
from f1timings.intake.udp import check_port
from f1timings.web.http.serving import settings as uvicorn_settings

_log = logging.getLogger(__name__)


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
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the first page in the browser of this machine.")
    ] = False,
    **flags: object,
) -> None:
    """Run the server: receive telemetry, time and store the laps, and show them."""
    settings = load_settings(**flags)
    _set_up_logging(settings.log_level)
    _run(settings, is_fresh_wanted=fresh_database, opens_browser=open_browser)


def _set_up_logging(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)-7s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


class _OpeningServer(uvicorn.Server):
    """Opens the first page as soon as it can be read."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then open the page in a thread of its own, because the browser may be a slow program."""
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = self.config.host if self.config.host not in EVERYWHERE else "localhost"
            threading.Thread(target=_open_page, args=(host, port), daemon=True).start()


def _open_page(host: str, port: int) -> None:
    address = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
    if not webbrowser.open(address):
        _log.warning("This machine has no browser that can be opened. The pages are at %s", address)


def _run(settings: Settings, *, is_fresh_wanted: bool, opens_browser: bool) -> None:
    """Serve until Ctrl+C or SIGTERM."""
    check_port(settings.udp_host, settings.udp_port)
    app = create_app(settings, is_fresh_wanted=is_fresh_wanted)
    kind = _OpeningServer if opens_browser else uvicorn.Server
    server = kind(uvicorn_settings(app, settings.host, settings.port))
    with contextlib.suppress(SystemExit):  # the exit code of uvicorn explains less than the text below
        server.run()
    if not server.started:
        raise ConfigError(
            f"Port {settings.port} at {settings.host} cannot be used, or the start failed (see above). "
            "Set another port with --port or F1TIMINGS_PORT."
        )
