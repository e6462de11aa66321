"""How uvicorn is to serve the application: our settings, and the connection shown to the application."""

from __future__ import annotations

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

TRANSPORT_EXTENSION = "f1timings.transport"


class FanOutProtocol(WebSocketsSansIOProtocol):
    """uvicorn's own protocol, which also shows the application the connection under it.

    ASGI has no word for "drop this connection now", which a stalled screen needs.
    """

    async def run_asgi(self) -> None:
        """Call the application, with the transport among the scope's extensions."""
        extensions: dict[str, object] = {**self.scope["extensions"], TRANSPORT_EXTENSION: self.transport}
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]
        await super().run_asgi()


def settings(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    """uvicorn's settings: no compression on the LAN, small messages only, an end that never hangs."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        ws=FanOutProtocol,
        ws_max_size=16 * 1024,
        ws_per_message_deflate=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=3,
    )
