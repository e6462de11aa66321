"""Who may do what at this moment: accounts, logins and tokens in memory, as the last change left them.

One process owns the database, so that a request is let in or refused without asking it, and what is ended is
ended at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from f1timings.access.accounts import (
    Account,
    Login,
    Reading,
    Token,
    is_token_current,
    login_ends_at,
    name_key,
)
from f1timings.access.actors import OWNER, Actor
from f1timings.store import AccessRecords
from f1timings.web.access.checks.identity import Identity, PresentedSecret, hash_of

_EMPTY: Final = AccessRecords({}, {}, {}, "open")
_NO_TOKEN: Final = "This token is unknown or was revoked; ask an admin for another."
_NO_LOGIN: Final = "This login has ended; log in again."


class AccessDirectory:
    """What is registered, for reading; from any thread.

    Args:
        secret: what commands of the owner of the data folder show.
        clock: our clock, seconds since 1970.
    """

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        self._secret_hash = hash_of(secret)
        self._clock = clock
        self._registered = _EMPTY
        self._logins: Mapping[str, Login] = {}
        self._tokens: Mapping[str, Token] = {}
        self._accounts: Mapping[str, Account] = {}
        self._seen: dict[str, datetime] = {}

    def learn(self, registered: AccessRecords) -> None:
        """Take in what a change left; called in the writer's thread, in the order of the changes."""
        self._logins = {one.secret_hash: one for one in registered.logins.values()}
        self._tokens = {one.secret_hash: one for one in registered.tokens.values()}
        self._accounts = {name_key(one.name): one for one in registered.accounts.values()}
        self._registered = registered
        for gone in [login_id for login_id in list(self._seen) if login_id not in registered.logins]:
            self._seen.pop(gone, None)

    def now(self) -> datetime:
        """UTC."""
        return datetime.fromtimestamp(self._clock(), UTC)

    @property
    def registered(self) -> AccessRecords:
        """Everything at this moment."""
        return self._registered

    @property
    def needs_setup(self) -> bool:
        """Whether no account exists yet."""
        return not self._registered.accounts

    @property
    def reading(self) -> Reading:
        """Whether those who say not who they are may read."""
        return self._registered.reading

    def account_named(self, name: str) -> Account | None:
        """The account of that name, disabled or not."""
        return self._accounts.get(name_key(name))

    def last_seen_at(self, login: Login) -> datetime:
        """When a login was last used."""
        return max(login.last_seen_at, self._seen.get(login.id, login.last_seen_at))

    def is_current(self, login: Login) -> bool:
        """Whether a login still counts."""
        return self.now() < login_ends_at(login, self.last_seen_at(login))

    def identify(self, shown: PresentedSecret) -> Identity:
        """Who asks; a token that is shown counts before a cookie, and is not let pass if it is wrong."""
        if shown.bearer is not None:
            return self._by_token(shown.bearer, is_address=False)
        if shown.query is not None:
            return self._by_token(shown.query, is_address=True)
        if shown.cookie is not None:
            return self._by_login(shown.cookie)
        return Identity()

    def still(self, identity: Identity) -> Identity:
        """The same one later, as things are now; without using a login counting as use."""
        by = identity.by
        if isinstance(by, Token):
            known = self._tokens.get(by.secret_hash)
            return self._of_token(known) if known is not None else Identity(wrong=_NO_TOKEN)
        if isinstance(by, Login):
            return self._of_login(self._logins.get(by.secret_hash)) or Identity(wrong=_NO_LOGIN)
        return identity

    def _by_token(self, secret: str, *, is_address: bool) -> Identity:
        secret_hash = hash_of(secret)
        if not is_address and secrets.compare_digest(secret_hash, self._secret_hash):
            return Identity(OWNER)
        token = self._tokens.get(secret_hash)
        if token is None:
            return Identity(wrong=_NO_TOKEN)
        if is_address and token.kind != "display":
            return Identity(
                wrong="Only a display's token may stand in an address; send this one as a header."
            )
        return self._of_token(token)

    def _of_token(self, token: Token) -> Identity:
        if not is_token_current(token, self.now()):
            return Identity(wrong="This token has expired; ask an admin for another.")
        return Identity(Actor(token.name, token.role, token.kind, token.id), token)

    def _by_login(self, secret: str) -> Identity:
        found = self._of_login(self._logins.get(hash_of(secret)))
        if found is None or found.by is None:
            return Identity(has_cookie=True)
        self._seen[found.by.id] = self.now()
        return found

    def _of_login(self, login: Login | None) -> Identity | None:
        if login is None or not self.is_current(login):
            return None
        account = self._registered.accounts.get(login.account_id)
        if account is None or account.is_disabled:
            return None
        return Identity(Actor(account.name, account.role, "account", account.id), login, has_cookie=True)
