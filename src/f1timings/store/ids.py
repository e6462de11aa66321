"""New ids for records."""

from __future__ import annotations

import secrets


def new_id() -> str:
    """Return a short random id that no other record has."""
    return secrets.token_hex(6)
