"""How the server accepts connections: their limits, slow clients, and the fan-out to screens."""
