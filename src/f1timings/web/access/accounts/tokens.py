"""How tokens are made and revoked: shown once, then known by their hash."""

from __future__ import annotations

from datetime import datetime

from f1timings.access.accounts import Token, TokenKind, checked_name
from f1timings.access.actors import Role
from f1timings.errors import ActInvalid
from f1timings.store import AccessStore
from f1timings.store.access import MOST_TOKENS
from f1timings.web.access.accounts.register import Register, Requester, new_id
from f1timings.web.access.checks.identity import hash_of, new_secret


class Tokens:
    """Changes of tokens; from any thread."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def add(
        self, name: str, role: Role, kind: TokenKind, expires_at: datetime | None, by: Requester
    ) -> tuple[Token, str]:
        """Make a token.

        Returns:
            The token, and the secret that is shown this once.

        Raises:
            ActInvalid: a name that can be none, a display that may more than look, or too many tokens.
        """
        if kind == "display" and role is not Role.VIEWER:
            raise ActInvalid("A display only looks: its role is viewer.", "role")
        if expires_at is not None and expires_at <= self._register.now():
            raise ActInvalid("This moment has passed; take a later one, or none.", "expires_at")
        secret = f"f1t_{new_secret()}"
        tidy = checked_name(name)
        token = Token(new_id(), tidy, role, kind, hash_of(secret), self._register.now(), by.who, expires_at)

        def work(registry: AccessStore) -> Token:
            if len(registry.all(Token)) >= MOST_TOKENS:
                raise ActInvalid(f"There are {MOST_TOKENS} tokens; revoke one that nobody uses.")
            registry.add(token)
            registry.note(
                self._register.noted(by, "token created", f"{kind} {tidy} ({token.id}), role {role}")
            )
            return token

        return self._register.change(work), secret

    def revoke(self, token_id: str, by: Requester) -> None:
        """End a token.

        Raises:
            NotFound: there is none of that id.
        """

        def work(registry: AccessStore) -> None:
            token = registry.need(Token, token_id)
            registry.remove(token)
            registry.note(
                self._register.noted(by, "token revoked", f"{token.kind} {token.name} ({token.id})")
            )

        self._register.change(work)
