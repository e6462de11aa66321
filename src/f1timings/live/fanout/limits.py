"""What screens may cost the server."""

from __future__ import annotations

from dataclasses import dataclass

from f1timings.live.fanout.sheet import REMEMBERED


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLimits:
    """Limits for screens.

    Attributes:
        clients: connections at once.
        per_address: connections at once from one address; all screens behind one proxy share an address.
        buffer: updates of a view that a screen may miss and still catch up; then a snapshot replaces them.
        events: the same of the view ``events``. One commit announces up to 500 at once, and where many rigs
            join several commits follow each other.
        stall_s: seconds without delivery of what is in transit after which a screen is disconnected.
        heartbeat_s: seconds between heartbeats.
        views: views that one screen may follow.
        guessed: open views of rigs that nobody has heard.
        guessed_per_address: how often the screens of one address may follow such views.
    """

    clients: int = 2_500
    per_address: int = 2_250
    buffer: int = REMEMBERED
    events: int = 2_048
    stall_s: float = 5.0
    heartbeat_s: float = 2.0
    views: int = 40
    guessed: int = 256
    guessed_per_address: int = 64

    @classmethod
    def of(cls, clients: int) -> HubLimits:
        """Limits for so many connections; a single address may use nine tenths of them."""
        return cls(clients=clients, per_address=max(1, clients * 9 // 10))
