"""The actor: the person or program behind a request, with a role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from f1timings.access.roles import Role

ActorKind = Literal["account", "token", "display", "owner", "anonymous"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person or program that sends a request.

    Attributes:
        name: the account's or token's name; empty for the anonymous actor.
        role: None for the anonymous actor.
        kind: how the actor is identified: by an account's login, a token, a display's read-only token, as
            the owner of the data folder (a command on this machine), or not at all.
        id: of the account or token; None for the owner and for the anonymous actor.
    """

    name: str
    role: Role | None
    kind: ActorKind
    id: str | None = None

    def has_role(self, needed: Role) -> bool:
        """Whether the actor has a role, or one that includes it."""
        return self.role is not None and self.role.includes(needed)


ANONYMOUS: Final = Actor(name="", role=None, kind="anonymous")
OWNER: Final = Actor(name="owner of the data folder", role=Role.ADMIN, kind="owner")
