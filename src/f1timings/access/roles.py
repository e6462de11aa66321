"""The table of roles: the API's models and documents, the command line and the pages derive from it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account or token may do, from least to most; each role includes the ones before it."""

    VIEWER = "viewer"
    MARSHAL = "marshal"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Position in the table: a higher rank may do more."""
        return _RANKS[self]

    def includes(self, other: Role) -> bool:
        """Whether this role may do all that another role may do."""
        return self.rank >= other.rank


_RANKS = {role: rank for rank, role in enumerate(Role)}
