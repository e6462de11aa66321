"""Announces the name ``f1timings.local`` in the networks of this machine (mDNS)."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncZeroconf

_log = logging.getLogger(__name__)

LOCAL_NAME: Final = "f1timings.local"
_SERVICE: Final = "_http._tcp.local."


class LocalName:
    """Announces the pages of one server, from :meth:`announce` to :meth:`close`.

    Args:
        addresses: reads those of this machine at which the pages are reached; called in a thread.
        port: of the pages.
        scheme: of the pages, http or https.
        service: the name under which programs that list web pages show it; it is unique in a network.
    """

    def __init__(
        self,
        addresses: Callable[[], Sequence[str]],
        port: int,
        *,
        scheme: str = "http",
        service: str = "F1Timings",
    ) -> None:
        self._service = service
        self._read_addresses = addresses
        self._addresses: frozenset[str] = frozenset()
        self._port = port
        self._scheme = scheme
        self._responder: AsyncZeroconf | None = None
        self._reason = ""

    async def keep_announced(self, every_s: float) -> None:
        """Announce the name, and again whenever the addresses of the machine have changed; until cancelled.

        Also until it works: a server that was just restarted may find that its own name is still taken.

        Args:
            every_s: seconds between two looks at the addresses; Wi-Fi may come up after the server.
        """
        is_announced = await self.announce()
        while True:
            await asyncio.sleep(every_s)
            addresses = await asyncio.to_thread(self._usable_addresses)
            if addresses != self._addresses or (addresses and not is_announced):
                await self.close()
                is_announced = await self.announce()

    async def announce(self) -> bool:
        """Announce the name, and return whether it worked; a failure is only logged."""
        self._addresses = await asyncio.to_thread(self._usable_addresses)
        if not self._addresses:
            return False
        # Imported here and in a thread: it takes as long as a tenth of the start of the server.
        try:
            zeroconf = await asyncio.to_thread(importlib.import_module, "zeroconf")
        except ImportError as error:  # the program was updated without its dependencies
            self._warn(f"The name {LOCAL_NAME} cannot be announced: {error}")
            return False
        try:
            await self._register()
        except zeroconf.NonUniqueNameException:
            self._warn(f"Another F1Timings in this network has the name {LOCAL_NAME} already")
        except (OSError, zeroconf.Error) as error:
            self._warn(f"The name {LOCAL_NAME} cannot be announced: {str(error) or type(error).__name__}")
        else:
            _log.info("pages at %s://%s:%d/ in this network", self._scheme, LOCAL_NAME, self._port)
            return True
        await self.close()
        return False

    async def close(self) -> None:
        """Take the name back."""
        responder, self._responder = self._responder, None
        if responder is not None:
            with contextlib.suppress(OSError):  # the network is gone, and with it everybody who knew the name
                await responder.async_unregister_all_services()
            await responder.async_close()

    def _warn(self, reason: str) -> None:
        """Log why the name is not announced, once until the reason is another."""
        if reason != self._reason:
            _log.warning("%s", reason)
        self._reason = reason

    def _usable_addresses(self) -> frozenset[str]:
        return frozenset(address for address in self._read_addresses() if ip_address(address).version == 4)

    async def _register(self) -> None:
        from zeroconf import IPVersion, ServiceInfo
        from zeroconf.asyncio import AsyncZeroconf

        self._responder = AsyncZeroconf(interfaces=sorted(self._addresses), ip_version=IPVersion.V4Only)
        service = ServiceInfo(
            _SERVICE,
            f"{self._service}.{_SERVICE}",
            addresses=[socket.inet_aton(address) for address in sorted(self._addresses)],
            port=self._port,
            server=f"{LOCAL_NAME}.",
            properties={"path": "/"},
        )
        await (await self._responder.async_register_service(service))
