"""The directory: accounts, logins and tokens in memory, so that a request is identified without a query.

One process owns the database. Every change updates the directory right after its commit, so a revoked token
or an ended login stops working at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from f1timings.access.accounts import (
    Account,
    Login,
    Reading,
    Token,
    ends_with_account,
    is_token_current,
    login_ends_at,
    name_key,
)
from f1timings.access.actors import OWNER, Actor
from f1timings.clock import ServerClock
from f1timings.store import AccessRecords
from f1timings.store.tables.column_types import instant
from f1timings.web.access.credentials.identity import Identity, PresentedSecret, hash_secret

_EMPTY: Final = AccessRecords(accounts={}, logins={}, tokens={}, reading="open")
_UNKNOWN_TOKEN: Final = "This token is unknown or was revoked. Ask an admin for a new one."
_EXPIRED_TOKEN: Final = "This token has expired. Ask an admin for a new one."
_DISABLED_OWNER: Final = "The account of this token is disabled. Ask an admin."
_NOT_FOR_ADDRESS: Final = (
    "Only a display's token may be part of an address. Send this token in the Authorization header."
)
_ENDED_LOGIN: Final = "This login has ended. Log in again."


class AccessDirectory:
    """The newest records, for reading from any thread.

    Args:
        owner_secret: the secret that commands of the owner of the data folder send.
        clock: logins and tokens last by its steady time; it is shown as server time.
    """

    def __init__(self, owner_secret: str, clock: ServerClock) -> None:
        self._owner_hash = hash_secret(owner_secret)
        self._clock: Callable[[], float] = clock.steady
        self._server_clock = clock
        self._records = _EMPTY
        self._logins: Mapping[str, Login] = {}
        self._tokens: Mapping[str, Token] = {}
        self._accounts: Mapping[str, Account] = {}
        self._last_seen: dict[str, datetime] = {}

    def update(self, records: AccessRecords) -> None:
        """Replace the records after a change; called in the writer's thread, in the order of the changes."""
        self._logins = {login.secret_hash: login for login in records.logins.values()}
        self._tokens = {token.secret_hash: token for token in records.tokens.values()}
        self._accounts = {name_key(account.name): account for account in records.accounts.values()}
        self._records = records
        for ended in [login_id for login_id in list(self._last_seen) if login_id not in records.logins]:
            self._last_seen.pop(ended, None)

    def now(self) -> datetime:
        """The current steady time in UTC."""
        return instant(self._clock())

    def server_now(self) -> datetime:
        """The current server time in UTC, for what is only shown."""
        return instant(self._server_clock.now())

    def shown(self, moment: datetime) -> datetime:
        """A moment of steady time as server time."""
        return instant(self._server_clock.server_time_at(moment.timestamp()))

    @property
    def records(self) -> AccessRecords:
        """All records as they are now."""
        return self._records

    @property
    def needs_setup(self) -> bool:
        """Whether no account exists yet."""
        return not self._records.accounts

    @property
    def reading(self) -> Reading:
        """Whether anonymous visitors may read."""
        return self._records.reading

    def get_account_named(self, name: str) -> Account | None:
        """The account of that name, disabled or not."""
        return self._accounts.get(name_key(name))

    def last_seen_at(self, login: Login) -> datetime:
        """When a login was last used."""
        return max(login.last_seen_at, self._last_seen.get(login.id, login.last_seen_at))

    def is_current(self, login: Login) -> bool:
        """Whether a login has not ended."""
        return self.now() < login_ends_at(login, self.last_seen_at(login))

    def identify(self, presented: PresentedSecret) -> Identity:
        """The identity that a request proves.

        A token is checked before a cookie. A token that is not valid is an error, also with a valid cookie.
        """
        if presented.bearer is not None:
            return self._identify_token(presented.bearer, is_in_address=False)
        if presented.query is not None:
            return self._identify_token(presented.query, is_in_address=True)
        if presented.cookie is not None:
            return self._identify_cookie(presented.cookie)
        return Identity()

    def identify_again(self, identity: Identity) -> Identity:
        """The same identity as it is now. This does not count as use of a login."""
        credential = identity.credential
        if isinstance(credential, Token):
            token = self._tokens.get(credential.secret_hash)
            return Identity(error=_UNKNOWN_TOKEN) if token is None else self._token_identity(token)
        if isinstance(credential, Login):
            login = self._logins.get(credential.secret_hash)
            return self._login_identity(login) or Identity(error=_ENDED_LOGIN)
        return identity

    def _identify_token(self, secret: str, *, is_in_address: bool) -> Identity:
        secret_hash = hash_secret(secret)
        if not is_in_address and secrets.compare_digest(secret_hash, self._owner_hash):
            return Identity(actor=OWNER)
        token = self._tokens.get(secret_hash)
        if token is None:
            return Identity(error=_UNKNOWN_TOKEN)
        if is_in_address and token.kind != "display":
            return Identity(error=_NOT_FOR_ADDRESS)
        return self._token_identity(token)

    def _token_identity(self, token: Token) -> Identity:
        if not is_token_current(token, self.now()):
            return Identity(error=_EXPIRED_TOKEN)
        role = token.role
        account = self._records.accounts.get(token.account_id or "")
        if account is not None and ends_with_account(token, account.id):
            if account.is_disabled:
                return Identity(error=_DISABLED_OWNER)
            # What its owner may no longer do, it may not either.
            role = min(role, account.role, key=lambda role: role.rank)
        actor = Actor(name=token.name, role=role, kind=token.kind, id=token.id)
        return Identity(actor=actor, credential=token)

    def _identify_cookie(self, secret: str) -> Identity:
        login = self._logins.get(hash_secret(secret))
        identity = self._login_identity(login)
        if login is None or identity is None:
            return Identity(has_cookie=True)
        self._last_seen[login.id] = self.now()
        return identity

    def _login_identity(self, login: Login | None) -> Identity | None:
        if login is None or not self.is_current(login):
            return None
        account = self._records.accounts.get(login.account_id)
        if account is None or account.is_disabled:
            return None
        actor = Actor(name=account.name, role=account.role, kind="account", id=account.id)
        return Identity(actor=actor, credential=login, has_cookie=True)
