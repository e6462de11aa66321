"""Accounts, logins and tokens: what each is, how long it lasts, and what may become of accounts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from f1timings.access.actors import Role
from f1timings.errors import ActConflict, ActInvalid

LOGIN_IDLE: Final = timedelta(hours=8)
LOGIN_LONGEST: Final = timedelta(hours=24)
LONGEST_NAME: Final = 64

TokenKind = Literal["token", "display"]
Reading = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who logs in with a password.

    Attributes:
        version: 1 for a new one, one more for each change.
    """

    id: str
    name: str
    role: Role
    password_hash: str = field(repr=False)
    is_disabled: bool
    version: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Login:
    """One login of an account, known by a secret in a cookie of which only the hash is kept.

    Attributes:
        last_seen_at: as stored, which lags some minutes behind.
        address: where it was made from.
        agent: the browser's own name for itself.
    """

    id: str
    secret_hash: str = field(repr=False)
    account_id: str
    created_at: datetime
    last_seen_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Token:
    """What a program or a screen shows instead of logging in; only its hash is kept.

    Attributes:
        kind: ``display`` reads only, and may stand in an address.
        expires_at: None for one that lasts until it is revoked.
    """

    id: str
    name: str
    role: Role
    kind: TokenKind
    secret_hash: str = field(repr=False)
    created_at: datetime
    created_by: str
    expires_at: datetime | None


def login_ends_at(login: Login, last_seen_at: datetime) -> datetime:
    """When a login ends if nobody uses it any more."""
    return min(login.created_at + LOGIN_LONGEST, last_seen_at + LOGIN_IDLE)


def is_token_current(token: Token, now: datetime) -> bool:
    """Whether a token that is not revoked still counts."""
    return token.expires_at is None or now < token.expires_at


def name_key(name: str) -> str:
    """By what names are compared: neither case nor the way a letter is written makes another name."""
    return unicodedata.normalize("NFKC", name).casefold()


def checked_name(name: str) -> str:
    """A name as it is kept.

    Raises:
        ActInvalid: it is empty, too long, or has characters that cannot be seen.
    """
    tidy = unicodedata.normalize("NFC", " ".join(name.split(" "))).strip()
    if not 1 <= len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise ActInvalid(
            f"A name has 1 to {LONGEST_NAME} characters that can be seen; right would be Race control.",
            "name",
        )
    return tidy


def refuse_without_admin(accounts: Iterable[Account]) -> None:
    """Keep a server from being left with nobody who may change it.

    Args:
        accounts: as they would be after the change.

    Raises:
        ActConflict: none of them is an admin who may log in.
    """
    if not any(one.role is Role.ADMIN and not one.is_disabled for one in accounts):
        raise ActConflict(
            "This is the last admin; make another account an admin first, then change this one."
        )
