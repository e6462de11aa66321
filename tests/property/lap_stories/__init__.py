"""Random stories of an evening: rigs that drive, people who sit at them, and everything that goes wrong."""
