"""What to type into the game so that it sends here, and the text for the console while no rig is heard."""

from __future__ import annotations

from dataclasses import dataclass

from f1timings.doctor.addresses import reachable_addresses

MENU_PATH = "Settings > Telemetry Settings"


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
