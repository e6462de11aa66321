"""``f1timings token``: create, list and revoke tokens as the owner of the data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Protocol
from urllib.parse import quote

import typer

from f1timings.access.accounts import TokenKind
from f1timings.access.actors import OWNER
from f1timings.access.roles import Role
from f1timings.clock import ServerClock
from f1timings.commands.options import DatabaseUrlOption, DataDirOption
from f1timings.commands.running_server import call_server
from f1timings.config import load_settings
from f1timings.errors import ConfigError, FolderInUse
from f1timings.recovery.opening import open_store
from f1timings.store import Store
from f1timings.store.data_folder import DataFolder
from f1timings.web.access.bodies import MadeTokenBody, TokenBody
from f1timings.web.access.control import AccessControl
from f1timings.web.access.credentials.changes import Requester
from f1timings.web.access.token_routes import OWNER_PATH

token_app = typer.Typer(help="Tokens with which programs and screens log in.", no_args_is_help=True)


@token_app.command()
def create(
    *,
    role: Annotated[str, typer.Option(help=f"One of {', '.join(Role)}.")],
    name: Annotated[str, typer.Option(help="Purpose of the token, shown in the list.")] = "command line",
    display: Annotated[
        bool, typer.Option("--display", help="A token for a screen: read only, may be part of a URL.")
    ] = False,
    days: Annotated[
        float | None, typer.Option(min=0.001, max=36_500, help="Days until the token expires.")
    ] = None,
    data_dir: DataDirOption = None,
    database_url: DatabaseUrlOption = None,
) -> None:
    """Create a token and print it, and nothing else. It cannot be shown again."""
    if role not in list(Role):
        raise ConfigError(f"There is no role {role!r}. Choose one of {', '.join(Role)}.")
    lasts = None if days is None else timedelta(days=days)
    with _open_tokens(data_dir, database_url) as tokens:
        print(tokens.create(name, Role(role), kind="display" if display else "token", lasts=lasts))


@token_app.command("list")
def list_tokens(data_dir: DataDirOption = None, database_url: DatabaseUrlOption = None) -> None:
    """List the tokens, without their secrets."""
    with _open_tokens(data_dir, database_url) as tokens:
        for token in tokens.list_all():
            expiry = f"until {token['expires_at']}" if token.get("expires_at") else "until revoked"
            print(f"{token['id']}  {token['role']:<7}  {token['kind']:<7}  {expiry}  {token['name']}")


@token_app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(help="The id that `f1timings token list` prints.")],
    data_dir: DataDirOption = None,
    database_url: DatabaseUrlOption = None,
) -> None:
    """Revoke a token. It stops working at once."""
    with _open_tokens(data_dir, database_url) as tokens:
        tokens.revoke(token_id)


class _FolderTokens(Protocol):
    """The tokens of a data folder, in the running server or in its database."""

    def create(self, name: str, role: Role, *, kind: TokenKind, lasts: timedelta | None) -> str:
        """Create a token and return its secret."""

    def list_all(self) -> list[dict[str, Any]]:
        """The JSON of every token."""

    def revoke(self, token_id: str) -> None:
        """Revoke a token."""


@contextmanager
def _open_tokens(data_dir: Path | None, database_url: str | None) -> Iterator[_FolderTokens]:
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    try:
        folder = DataFolder.acquire(settings.data_dir)
    except FolderInUse:
        yield _ServerTokens(settings.data_dir)
        return
    clock = ServerClock()
    with folder, open_store(settings, clock=clock) as store:
        yield _DatabaseTokens(store, clock)


class _DatabaseTokens:
    """The tokens in the database, while no server runs."""

    def __init__(self, store: Store, clock: ServerClock) -> None:
        self._access = AccessControl.create(store.transact, clock=clock)
        self._requester = Requester(OWNER.name)

    def create(self, name: str, role: Role, *, kind: TokenKind, lasts: timedelta | None) -> str:
        return self._access.tokens.add(name, role, kind, by=self._requester, lasts=lasts)[1]

    def list_all(self) -> list[dict[str, Any]]:
        tokens = self._access.directory.records.tokens.values()
        return [TokenBody.of(token, self._access.directory.shown).model_dump(mode="json") for token in tokens]

    def revoke(self, token_id: str) -> None:
        self._access.tokens.revoke(token_id, self._requester)


class _ServerTokens:
    """The tokens of the running server, called over loopback."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def create(self, name: str, role: Role, *, kind: TokenKind, lasts: timedelta | None) -> str:
        body: dict[str, Any] = {"name": name, "role": role.value, "kind": kind}
        if lasts is not None:
            body["expires_in_s"] = lasts.total_seconds()
        return MadeTokenBody.model_validate(self._call("POST", OWNER_PATH, body)).token

    def list_all(self) -> list[dict[str, Any]]:
        tokens: list[dict[str, Any]] = self._call("GET", OWNER_PATH)["items"]
        return tokens

    def revoke(self, token_id: str) -> None:
        self._call("DELETE", f"{OWNER_PATH}/{quote(token_id, safe='')}")

    def _call(self, method: str, path: str, body: object = None) -> Any:
        return call_server(self._data_dir, method, path, body=body)
