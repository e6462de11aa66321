"""How uvicorn serves the application: our protocols, and its settings."""

from __future__ import annotations

import logging
from pathlib import Path

from fastapi import FastAPI

from f1timings.web.serving.connections import QUEUED, ConnectionLimits, Connections
from f1timings.web.serving.fan_out_protocol import FanOutProtocol
from f1timings.web.serving.guarded_protocols import GuardedConfig, GuardedHttpProtocol, QuietAboutRequests


def settings(
    app: FastAPI,
    host: str,
    port: int,
    *,
    limits: ConnectionLimits | None = None,
    certificate: Path | None = None,
    key: Path | None = None,
) -> GuardedConfig:
    """uvicorn's settings: no compression on the LAN, small messages only, a shutdown that cannot hang.

    Args:
        limits: for connections.
        certificate / key: PEM files, for https; both or neither.
    """
    logging.getLogger("uvicorn.error").addFilter(QuietAboutRequests())
    config = GuardedConfig(
        app,
        host=host,
        port=port,
        http=GuardedHttpProtocol,
        ws=FanOutProtocol,
        ws_max_size=16 * 1024,
        ws_per_message_deflate=False,
        server_header=False,
        access_log=False,
        log_config=None,
        backlog=QUEUED,
        timeout_graceful_shutdown=3,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    config.guard = Connections(limits)
    return config
