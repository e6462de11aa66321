"""Accounts, logins and tokens: their fields, how long they last, and the rules for names and admins."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from f1timings.access.roles import Role
from f1timings.errors import ActConflict, ActInvalid

#: A login ends after this time without use.
LOGIN_IDLE: Final = timedelta(hours=8)
#: A login ends after this time, however much it is used.
LOGIN_LONGEST: Final = timedelta(hours=24)
LONGEST_NAME: Final = 64

TokenKind = Literal["token", "display"]
#: Whether anonymous visitors may read.
Reading = Literal["open", "closed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person or a post, such as race control, that logs in with a password.

    Attributes:
        name: unique; see :func:`name_key`.
        version: 1 for a new account, one more for each change.
    """

    id: str
    name: str
    role: Role
    password_hash: str = field(repr=False)
    is_disabled: bool
    version: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """One login of an account. Its secret is in the browser's cookie; only a hash of it is stored.

    Attributes:
        last_seen_at: as stored; some minutes older than the real last use.
        address: the IP address that logged in.
        agent: the browser's User-Agent header.
    """

    id: str
    secret_hash: str = field(repr=False)
    account_id: str
    created_at: datetime
    last_seen_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a program or a screen sends instead of logging in; only a hash of its secret is stored.

    Attributes:
        kind: ``display`` only reads, and may be part of a page's address.
        created_by: name of the actor that created it.
        account_id: of the account to which it belongs; None if a command on the server's machine created it.
        expires_at: None for a token that lasts until it is revoked.
    """

    id: str
    name: str
    role: Role
    kind: TokenKind
    secret_hash: str = field(repr=False)
    created_at: datetime
    created_by: str
    account_id: str | None
    expires_at: datetime | None


def login_ends_at(login: Login, last_seen_at: datetime) -> datetime:
    """When a login ends if it is not used again."""
    return min(login.created_at + LOGIN_LONGEST, last_seen_at + LOGIN_IDLE)


def is_token_current(token: Token, now: datetime) -> bool:
    """Whether a token has not expired."""
    return token.expires_at is None or now < token.expires_at


def ends_with_account(token: Token, account_id: str) -> bool:
    """Whether a token ends when an account is deleted. A display belongs to the room: it stays."""
    return token.account_id == account_id and token.kind != "display"


def name_key(name: str) -> str:
    """The form in which names are compared: case and different encodings of a letter do not matter."""
    return unicodedata.normalize("NFKC", name).casefold()


def validate_name(name: str) -> str:
    """Return a name in the form in which it is stored.

    Raises:
        ActInvalid: the name is empty, too long, or has invisible characters.
    """
    tidy = unicodedata.normalize("NFC", " ".join(name.split(" "))).strip()
    if not 1 <= len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise ActInvalid("account-name-form", "name", longest=LONGEST_NAME)
    return tidy


def refuse_without_admin(accounts: Iterable[Account]) -> None:
    """Refuse a change that would leave the server without an admin.

    Args:
        accounts: all accounts as they would be after the change.

    Raises:
        ActConflict: none of them is an admin who may log in.
    """
    if not any(account.role is Role.ADMIN and not account.is_disabled for account in accounts):
        raise ActConflict("account-last-admin")
