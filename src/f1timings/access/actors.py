"""Who acts: the roles from least to most, and the one whose request is being answered."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

ActorKind = Literal["account", "token", "display", "owner", "anonymous"]


class Role(StrEnum):
    """What somebody may do; each role may all that the ones before it may."""

    VIEWER = "viewer"
    MARSHAL = "marshal"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Where the role stands: the higher, the more it may."""
        return _RANKS[self]

    def covers(self, needed: "Role") -> bool:
        """Whether somebody of this role may do what asks for the needed one."""
        return self.rank >= needed.rank


_RANKS: Final = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who asks.

    Attributes:
        name: the account's or token's name; empty for somebody who did not say who they are.
        role: None for somebody who did not say who they are.
        kind: how they said it: an account's session, a token, a display's read-only token, the owner of
            the data folder (a command on this machine), or not at all.
        id: of the account or token; None for the owner and for the anonymous.
    """

    name: str
    role: Role | None
    kind: ActorKind
    id: str | None = None

    def may(self, needed: Role) -> bool:
        """Whether this one may do what asks for a role."""
        return self.role is not None and self.role.covers(needed)


ANONYMOUS: Final = Actor(name="", role=None, kind="anonymous")
OWNER: Final = Actor(name="owner of the data folder", role=Role.ADMIN, kind="owner")
