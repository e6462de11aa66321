"""``f1timings serve``: run the server."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import ssl
import threading
import webbrowser
from collections.abc import Iterator
from typing import Annotated

import typer
import uvicorn

from f1timings.app import create_app
from f1timings.commands.options import with_setting_flags
from f1timings.config import Settings, load_settings
from f1timings.doctor.addresses import EVERYWHERE
from f1timings.errors import ConfigError
from f1timings.intake.udp import check_port
from f1timings.log_lines import set_up_logging
from f1timings.web.serving.connections import BESIDES_SCREENS, RESERVED_DESCRIPTORS, ConnectionLimits
from f1timings.web.serving.descriptors import raise_descriptor_limit
from f1timings.web.serving.uvicorn_settings import settings as uvicorn_settings

_log = logging.getLogger(__name__)


@with_setting_flags
def serve(
    *,
    fresh_database: Annotated[
        bool,
        typer.Option(
            "--fresh-database",
            help="Replace a damaged SQLite file; it is kept, and what is readable in it is taken over. Or "
            "begin an empty one where there are only backups.",
        ),
    ] = False,
    open_browser: Annotated[
        bool, typer.Option("--open", help="Open the first page in the browser of this machine.")
    ] = False,
    open_page: Annotated[
        str | None, typer.Option("--open-page", help="Open this page in the browser instead, such as admin.")
    ] = None,
    **flags: object,
) -> None:
    """Run the server: receive telemetry, time and store the laps, and show them."""
    settings = load_settings(**flags)
    set_up_logging(settings.log_level, settings.log_format)
    page = "" if open_browser and open_page is None else open_page
    _run(settings, is_fresh_wanted=fresh_database, page=page)


class _OpeningServer(uvicorn.Server):
    """Opens a page of the server as soon as it can be read."""

    def __init__(self, config: uvicorn.Config, page: str, scheme: str) -> None:
        super().__init__(config)
        self._page = page.lstrip("/")
        self._scheme = scheme

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then open the page in a thread of its own, because the browser may be a slow program."""
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = self.config.host if self.config.host not in EVERYWHERE else "localhost"
            place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
            address = f"{self._scheme}://{place}/{self._page}"
            threading.Thread(target=_open_page, args=(address,), daemon=True).start()


def _open_page(address: str) -> None:
    if not webbrowser.open(address):
        _log.warning("This machine has no browser that can be opened. The pages are at %s", address)


@contextlib.contextmanager
def _ending_with_code_0(server: uvicorn.Server) -> Iterator[None]:
    """End as a program that has done its work after Ctrl+C or SIGTERM, once everything is stored.

    uvicorn handles both signals while it serves, and sends them to the process again at the end.
    """
    ends = (signal.SIGINT, signal.SIGTERM)
    before = {sent: signal.signal(sent, lambda *_: setattr(server, "should_exit", True)) for sent in ends}
    try:
        yield
    finally:
        for sent, handler in before.items():
            signal.signal(sent, handler)


def _check_certificate(settings: Settings) -> None:
    """Refuse a certificate without its key, or files that do not fit, before anything is opened.

    Raises:
        ConfigError: the text says which file, and why.
    """
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        raise ConfigError("https needs both files: set --tls-certificate and --tls-key, or neither.")
    for file in (certificate, key):
        if not file.is_file():
            raise ConfigError(f"There is no file {file}. Set --tls-certificate and --tls-key to PEM files.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"The certificate {certificate} and the key {key} cannot be used: {error}. Both must be PEM "
            "files that belong together, and the key must have no password."
        ) from error


def _run(settings: Settings, *, is_fresh_wanted: bool, page: str | None) -> None:
    """Serve until Ctrl+C or SIGTERM, and open a page in the browser unless it is None."""
    descriptors = raise_descriptor_limit(settings.max_screens + BESIDES_SCREENS + RESERVED_DESCRIPTORS)
    limits = ConnectionLimits.of(settings.max_screens, descriptors)
    check_port(settings.udp_host, settings.udp_port)
    _check_certificate(settings)
    app = create_app(settings, is_fresh_wanted=is_fresh_wanted)
    config = uvicorn_settings(
        app,
        settings.host,
        settings.port,
        limits=limits,
        certificate=settings.tls_certificate,
        key=settings.tls_key,
    )
    server = uvicorn.Server(config) if page is None else _OpeningServer(config, page, settings.scheme)
    with (
        _ending_with_code_0(server),
        contextlib.suppress(SystemExit),
    ):  # the exit code of uvicorn explains less than the text below
        server.run()
    if not server.started:
        raise ConfigError(
            f"Port {settings.port} at {settings.host} cannot be used, or the start failed (see above). "
            "Set another port with --port or F1TIMINGS_PORT."
        )
