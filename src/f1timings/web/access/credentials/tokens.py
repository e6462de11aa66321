"""Tokens: how they are created and revoked. The secret is shown once; the store has only a hash."""

from __future__ import annotations

from datetime import timedelta

from f1timings.access.accounts import Token, TokenKind, validate_name
from f1timings.access.roles import Role
from f1timings.errors import ActInvalid
from f1timings.store import AccessStore, new_id
from f1timings.store.access import MAX_TOKENS
from f1timings.web.access.credentials.changes import AccessChanges, Requester
from f1timings.web.access.credentials.identity import hash_secret, new_secret


class Tokens:
    """Creates and revokes tokens; thread-safe."""

    def __init__(self, changes: AccessChanges) -> None:
        self._changes = changes

    def add(
        self,
        name: str,
        role: Role,
        kind: TokenKind = "token",
        *,
        by: Requester,
        lasts: timedelta | None = None,
    ) -> tuple[Token, str]:
        """Create a token.

        Args:
            lasts: how long; None until it is revoked.

        Returns:
            The token, and its secret, which is shown only this once.

        Raises:
            ActInvalid: the name is not valid, a display has another role than viewer, the end is in the
                past, or there are too many tokens.
        """
        if kind == "display" and role is not Role.VIEWER:
            raise ActInvalid("token-of-display", "role")
        if lasts is not None and lasts <= timedelta():
            raise ActInvalid("token-end-passed", "expires_at")
        now = self._changes.now()
        secret = f"f1t_{new_secret()}"
        token = Token(
            id=new_id(),
            name=validate_name(name),
            role=role,
            kind=kind,
            secret_hash=hash_secret(secret),
            created_at=now,
            created_by=by.name,
            account_id=by.account_id,
            expires_at=None if lasts is None else now + lasts,
        )

        def work(store: AccessStore) -> Token:
            if len(store.list_records(Token)) >= MAX_TOKENS:
                raise ActInvalid("tokens-full", most=MAX_TOKENS)
            store.add(token)
            store.log(self._changes.log_entry(by, "token created", f"{_text(token)}, role {role}"))
            return token

        return self._changes.run(work), secret

    def revoke(self, token_id: str, by: Requester) -> None:
        """Revoke a token.

        Raises:
            NotFound: there is no token with that id.
        """

        def work(store: AccessStore) -> None:
            token = store.need(Token, token_id)
            store.remove(token)
            store.log(self._changes.log_entry(by, "token revoked", _text(token)))

        self._changes.run(work)


def _text(token: Token) -> str:
    """A token as the security log names it."""
    return f"{token.kind} {token.name} ({token.id})"
