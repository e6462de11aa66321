"""The JSON of access: who is who, what is asked for, what is answered; a secret is shown once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from f1timings.access import accounts
from f1timings.access.actors import Actor, Role
from f1timings.access.passwords import LONGEST, SHORTEST
from f1timings.store import StoredAccessLogEntry
from f1timings.web.access import examples
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text
from f1timings.web.http.moments import Moment

RoleName = Literal["viewer", "marshal", "admin"]
Reading = Literal["open", "closed"]
KindName = Literal["token", "display"]
Name = Annotated[str, Field(min_length=1, max_length=accounts.LONGEST_NAME, examples=["Marshal 2"])]
NewPassword = Annotated[
    str,
    Field(
        min_length=SHORTEST,
        max_length=LONGEST,
        description="Any characters; not the account's own name, and none that everybody tries first.",
        examples=["gravel trap at turn nine"],
        json_schema_extra={"format": "password"},
    ),
]
GivenPassword = Annotated[
    str, Field(min_length=1, max_length=LONGEST, json_schema_extra={"format": "password"})
]


def _shown(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]}, hide_input_in_errors=True)


class MeBody(Body):
    """Who asks, and what is open to those who say not who they are."""

    model_config = _shown(examples.ME)

    name: str | None
    role: RoleName | None
    kind: Literal["account", "token", "anonymous"]
    needs_setup: bool = Field(description="No account exists yet: see /setup.")
    reading: Reading = Field(description="Whether reading needs no login.")

    @classmethod
    def of(cls, actor: Actor, needs_setup: bool, reading: Reading) -> Self:
        """From who acts."""
        return cls(
            name=actor.name or None,
            role=None if actor.role is None else actor.role.value,
            kind="token" if actor.kind in ("token", "display", "owner") else _KINDS[actor.kind],
            needs_setup=needs_setup,
            reading=reading,
        )


_KINDS: dict[str, Literal["account", "anonymous"]] = {"account": "account", "anonymous": "anonymous"}


class SetupBody(Body):
    """The first account."""

    model_config = _shown(examples.SETUP)

    code: str = Field(min_length=1, max_length=40, description="As the server's console shows it.")
    name: Name
    password: NewPassword


class CredentialsBody(Body):
    """A name and its password."""

    model_config = _shown(examples.CREDENTIALS)

    name: Annotated[str, Field(min_length=1, max_length=accounts.LONGEST_NAME)]
    password: GivenPassword


class PasswordChangeBody(Body):
    """One's own password, the one until now and the next."""

    model_config = _shown(examples.NEW_PASSWORD)

    current: GivenPassword
    new: NewPassword


class AccountBody(Body):
    """Somebody who logs in with a password."""

    model_config = _shown(examples.ACCOUNT)

    id: str
    name: str
    role: RoleName
    is_disabled: bool
    version: int = Field(description="Send it with an edit.")
    created_at: Timestamp
    changed_at: Timestamp

    @classmethod
    def of(cls, account: accounts.Account) -> Self:
        """From an account as kept."""
        return cls(
            id=account.id,
            name=account.name,
            role=account.role.value,
            is_disabled=account.is_disabled,
            version=account.version,
            created_at=moment_text(account.created_at),
            changed_at=moment_text(account.changed_at),
        )


class NewAccountBody(Body):
    """An account to make."""

    model_config = _shown(examples.NEW_ACCOUNT)

    name: Name
    role: RoleName
    password: NewPassword


class AccountEditBody(Body):
    """What is to become of an account; what is absent stays."""

    model_config = _shown(examples.ACCOUNT_EDIT)

    version: int = Field(ge=1, le=2**31 - 1, description="The version that you have seen.")
    name: Name | None = None
    role: RoleName | None = None
    is_disabled: bool | None = None
    password: NewPassword | None = None

    @property
    def role_asked(self) -> Role | None:
        """The role as our own type."""
        return None if self.role is None else Role(self.role)


class LoginBody(Body):
    """One login that goes on."""

    model_config = _shown(examples.LOGIN)

    id: str
    account: str
    address: str
    agent: str = Field(description="The browser's own name for itself.")
    is_this_one: bool = Field(description="The one that asks.")
    created_at: Timestamp
    last_seen_at: Timestamp
    ends_at: Timestamp = Field(description="If nobody uses it any more.")

    @classmethod
    def of(cls, login: accounts.Login, account: str, seen_at: datetime, this: object) -> Self:
        """From a login as kept.

        Args:
            account: name of its account.
            seen_at: when it was last used.
            this: the login or token that asks.
        """
        return cls(
            id=login.id,
            account=account,
            address=login.address,
            agent=login.agent,
            is_this_one=isinstance(this, accounts.Login) and this.id == login.id,
            created_at=moment_text(login.created_at),
            last_seen_at=moment_text(seen_at),
            ends_at=moment_text(accounts.login_ends_at(login, seen_at)),
        )


class TokenBody(Body):
    """What a program or a screen shows instead of logging in."""

    model_config = _shown(examples.TOKEN)

    id: str
    name: str
    role: RoleName
    kind: KindName
    created_at: Timestamp
    created_by: str
    expires_at: Timestamp | None

    @classmethod
    def of(cls, token: accounts.Token) -> Self:
        """From a token as kept."""
        return cls(**_token_facts(token))


class MadeTokenBody(TokenBody):
    """A new token, with its secret, which is never shown again."""

    model_config = _shown(examples.MADE_TOKEN)

    token: str = Field(description="Keep it: only its hash is stored here.")

    @classmethod
    def made(cls, token: accounts.Token, secret: str) -> Self:
        """From a new token."""
        return cls(**_token_facts(token), token=secret)


def _token_facts(token: accounts.Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "role": token.role.value,
        "kind": token.kind,
        "created_at": moment_text(token.created_at),
        "created_by": token.created_by,
        "expires_at": None if token.expires_at is None else moment_text(token.expires_at),
    }


class NewTokenBody(Body):
    """A token to make."""

    model_config = _shown(examples.NEW_TOKEN)

    name: Name
    role: RoleName
    kind: KindName = Field(
        "token", description="`display` only reads, has the role viewer, and may stand in an address."
    )
    expires_at: Moment | None = Field(None, description="When it ends by itself; never if absent.")

    @model_validator(mode="after")
    def _display_only_looks(self) -> Self:
        if self.kind == "display" and self.role != "viewer":
            raise ValueError("a display only looks: its role is viewer")
        return self


class AccessBody(Body):
    """What holds for the whole server."""

    model_config = _shown(examples.ACCESS)

    reading: Reading


class AccessEditBody(Body):
    """What is to hold for the whole server."""

    model_config = _shown(examples.ACCESS_EDIT)

    reading: Reading


class LogLineBody(Body):
    """One line of the security log."""

    model_config = _shown(examples.LOG_LINE)

    seq: int
    at: Timestamp
    who: str = Field(description="Empty for somebody who did not say, or not rightly, who they are.")
    ip: str
    what: str = Field(description="The act, or the operation that was asked for.")
    outcome: str = Field(description="`done`, `refused`, `failed` or `throttled`.")
    detail: str
    times: int = Field(description="How often within a quarter of a minute.")

    @classmethod
    def of(cls, note: StoredAccessLogEntry) -> Self:
        """From a line as stored."""
        return cls(
            seq=note.seq,
            at=moment_text(note.at),
            who=note.who,
            ip=note.ip,
            what=note.what,
            outcome=note.outcome,
            detail=note.detail,
            times=note.times,
        )


class AccountListBody(ListBody[AccountBody]):
    """All accounts."""


class LoginListBody(ListBody[LoginBody]):
    """All logins that one may see."""


class TokenListBody(ListBody[TokenBody]):
    """All tokens."""


class LogLineListBody(ListBody[LogLineBody]):
    """One page of the security log."""


def whole(rows: Sequence[Any], kind: type[Any]) -> Any:
    """A list that has no further page."""
    return kind(items=list(rows), next=None)
