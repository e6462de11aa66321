"""The JSON bodies of access. A secret appears only in the answer that creates it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from f1timings.access import accounts
from f1timings.access.accounts import Reading, TokenKind
from f1timings.access.actors import Actor
from f1timings.access.passwords import LONGEST, SHORTEST
from f1timings.access.roles import Role
from f1timings.store import StoredAccessLogEntry
from f1timings.web.access import examples
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text
from f1timings.web.http.timestamps import Moment

Shown = Callable[[datetime], datetime]
"""Gives a moment of steady time as server time."""

# Strict validation takes an enum's members only; JSON has their text.
RoleName = Annotated[Role, Field(strict=False)]
Name = Annotated[str, Field(min_length=1, max_length=accounts.LONGEST_NAME, examples=["Marshal 2"])]
NewPassword = Annotated[
    str,
    Field(
        min_length=SHORTEST,
        max_length=LONGEST,
        description="Any characters. Not the account's own name, and not a common password.",
        examples=["gravel trap at turn nine"],
        json_schema_extra={"format": "password"},
    ),
]
CurrentPassword = Annotated[
    str, Field(min_length=1, max_length=LONGEST, json_schema_extra={"format": "password"})
]


def _config(example: dict[str, Any]) -> ConfigDict:
    """A model's configuration: its example, and no input in error messages, since it may be a secret."""
    return ConfigDict(json_schema_extra={"examples": [example]}, hide_input_in_errors=True)


class MeBody(Body):
    """The sender of the request, and what anonymous visitors may do."""

    model_config = _config(examples.ME)

    name: str | None
    role: RoleName | None
    kind: Literal["account", "token", "anonymous"]
    needs_setup: bool = Field(description="No account exists yet: open /setup.")
    reading: Reading = Field(description="`open` if reading needs no login.")

    @classmethod
    def of(cls, actor: Actor, needs_setup: bool, reading: Reading) -> Self:
        """From the actor of the request."""
        return cls(
            name=actor.name or None,
            role=actor.role,
            kind=actor.kind if actor.kind in ("account", "anonymous") else "token",
            needs_setup=needs_setup,
            reading=reading,
        )


class SetupBody(Body):
    """The first account."""

    model_config = _config(examples.SETUP)

    code: str = Field(min_length=1, max_length=40, description="From the server's console.")
    name: Name
    password: NewPassword


class CredentialsBody(Body):
    """A name and its password."""

    model_config = _config(examples.CREDENTIALS)

    name: Annotated[str, Field(min_length=1, max_length=accounts.LONGEST_NAME)]
    password: CurrentPassword


class PasswordChangeBody(Body):
    """A new password for the sender's account, with the current one."""

    model_config = _config(examples.NEW_PASSWORD)

    current: CurrentPassword
    new: NewPassword


class AccountBody(Body):
    """An account: a person or a post that logs in with a password."""

    model_config = _config(examples.ACCOUNT)

    id: str
    name: str
    role: RoleName
    is_disabled: bool
    version: int = Field(description="Send it with an edit; one more for each change.")
    created_at: Timestamp
    changed_at: Timestamp

    @classmethod
    def of(cls, account: accounts.Account) -> Self:
        """From a stored account."""
        return cls(
            id=account.id,
            name=account.name,
            role=account.role,
            is_disabled=account.is_disabled,
            version=account.version,
            created_at=moment_text(account.created_at),
            changed_at=moment_text(account.changed_at),
        )


class NewAccountBody(Body):
    """An account to create."""

    model_config = _config(examples.NEW_ACCOUNT)

    name: Name
    role: RoleName
    password: NewPassword


class AccountEditBody(Body):
    """Changes of an account; absent fields stay as they are."""

    model_config = _config(examples.ACCOUNT_EDIT)

    version: int = Field(
        ge=1, le=2**31 - 1, description="The version that you have read; 409 if it has changed since."
    )
    name: Name | None = None
    role: RoleName | None = None
    is_disabled: bool | None = None
    password: NewPassword | None = None


class LoginBody(Body):
    """A current login."""

    model_config = _config(examples.LOGIN)

    id: str
    account: str = Field(description="The account's name.")
    address: str = Field(description="The IP address that logged in.")
    agent: str = Field(description="The browser's User-Agent header.")
    is_this_one: bool = Field(description="The login that sends this request.")
    created_at: Timestamp
    last_seen_at: Timestamp
    ends_at: Timestamp = Field(description="If it is not used again.")

    @classmethod
    def of(
        cls,
        login: accounts.Login,
        *,
        account: str,
        last_seen_at: datetime,
        own: accounts.Login | accounts.Token | None,
        shown: Shown,
    ) -> Self:
        """From a stored login.

        Args:
            account: name of its account.
            last_seen_at: when it was last used.
            own: the login or token that sends the request.
            shown: gives a moment of steady time as server time.
        """
        return cls(
            id=login.id,
            account=account,
            address=login.address,
            agent=login.agent,
            is_this_one=isinstance(own, accounts.Login) and own.id == login.id,
            created_at=moment_text(shown(login.created_at)),
            last_seen_at=moment_text(shown(last_seen_at)),
            ends_at=moment_text(shown(accounts.login_ends_at(login, last_seen_at))),
        )


class TokenBody(Body):
    """What a program or a screen sends instead of logging in."""

    model_config = _config(examples.TOKEN)

    id: str
    name: str
    role: RoleName
    kind: TokenKind
    created_at: Timestamp
    created_by: str
    expires_at: Timestamp | None

    @classmethod
    def of(cls, token: accounts.Token, shown: Shown) -> Self:
        """From a stored token; ``shown`` gives a moment of steady time as server time."""
        return cls(**_token_values(token, shown))


class MadeTokenBody(TokenBody):
    """A new token with its secret, which is not shown again."""

    model_config = _config(examples.MADE_TOKEN)

    token: str = Field(description="Store it yourself: the server has only its hash.")

    @classmethod
    def with_secret(cls, token: accounts.Token, secret: str, shown: Shown) -> Self:
        """From a new token."""
        return cls(**_token_values(token, shown), token=secret)


def _token_values(token: accounts.Token, shown: Shown) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "role": token.role,
        "kind": token.kind,
        "created_at": moment_text(shown(token.created_at)),
        "created_by": token.created_by,
        "expires_at": None if token.expires_at is None else moment_text(shown(token.expires_at)),
    }


class NewTokenBody(Body):
    """A token to create."""

    model_config = _config(examples.NEW_TOKEN)

    name: Name
    role: RoleName
    kind: TokenKind = Field(
        "token", description="`display` only reads, has the role viewer, and may be part of an address."
    )
    expires_at: Moment | None = Field(None, description="When it expires; never if absent.")
    expires_in_s: float | None = Field(
        None, gt=0.0, le=3_153_600_000.0, description="Instead of a moment: the seconds until it expires."
    )

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
        if self.kind == "display" and self.role is not Role.VIEWER:
            raise ValueError(f"a display only reads: give it the role {Role.VIEWER}")
        if self.expires_at is not None and self.expires_in_s is not None:
            raise ValueError("give the moment or the seconds until it expires, not both")
        return self


class AccessBody(Body):
    """Whether anonymous visitors may read."""

    model_config = _config(examples.ACCESS)

    reading: Reading


class AccessEditBody(Body):
    """Whether anonymous visitors shall be able to read."""

    model_config = _config(examples.ACCESS_EDIT)

    reading: Reading


class LogLineBody(Body):
    """One entry of the security log."""

    model_config = _config(examples.LOG_LINE)

    seq: int
    at: Timestamp
    who: str = Field(description="Name of the account or token; empty for an anonymous sender.")
    ip: str
    what: str = Field(description="The act, or the operation id of a refused request.")
    outcome: str = Field(description="`done`, `refused`, `failed` or `throttled`.")
    detail: str
    times: int = Field(description="How often within 15 s.")

    @classmethod
    def of(cls, entry: StoredAccessLogEntry) -> Self:
        """From a stored entry."""
        return cls(
            seq=entry.seq,
            at=moment_text(entry.at),
            who=entry.who,
            ip=entry.ip,
            what=entry.what,
            outcome=entry.outcome,
            detail=entry.detail,
            times=entry.times,
        )


class AccountListBody(ListBody[AccountBody]):
    """All accounts."""


class LoginListBody(ListBody[LoginBody]):
    """All current logins that the sender may see."""


class TokenListBody(ListBody[TokenBody]):
    """All tokens."""


class LogLineListBody(ListBody[LogLineBody]):
    """One page of the security log."""
