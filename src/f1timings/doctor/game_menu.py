"""What to type into the game so that it sends here, and the text for the console while no rig is heard."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass

from f1timings.doctor.addresses import reachable_addresses

_log = logging.getLogger(__name__)

MENU_PATH = "Settings > Telemetry Settings"
# What to type into the game is written to the console again after these waits, while no rig is heard.
_WAITS_FOR_RIGS_S = (60.0, 600.0)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where this server receives telemetry.

    Attributes:
        addresses: of this machine, the most likely first; empty if it is in no network.
        port: the UDP port in use.
    """

    addresses: tuple[str, ...]
    port: int

    @classmethod
    def at(cls, host: str, port: int) -> Listening:
        """From the address and the port at which the server listens."""
        return cls(reachable_addresses(host), port)

    def console_text(self) -> str:
        """What to type into the game, in one line."""
        addresses = " or ".join(self.addresses) or "the address of this machine (it is in no network now)"
        return f"In the game: {MENU_PATH}: UDP Telemetry On, UDP IP Address {addresses}, UDP Port {self.port}"


async def say_where_to_send(listening: Callable[[], Listening], is_heard: Callable[[], bool]) -> None:
    """Write to the console what to type into the game, until a rig is heard.

    Args:
        listening: where this server receives telemetry now; may wait for the system.
    """
    for wait_s in itertools.chain(_WAITS_FOR_RIGS_S, itertools.repeat(_WAITS_FOR_RIGS_S[-1])):
        if is_heard():
            return
        _log.info("%s", (await asyncio.to_thread(listening)).console_text())
        await asyncio.sleep(wait_s)
