"""``f1timings token``: tokens made, listed and revoked by the owner of the data folder, server or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Protocol
from urllib.parse import quote

import typer

from f1timings.access.accounts import TokenKind
from f1timings.access.actors import OWNER, Role
from f1timings.commands.running_server import ask_server
from f1timings.config import Settings, load_settings
from f1timings.errors import ConfigError, FolderInUse
from f1timings.store import Store, sqlite_url
from f1timings.store.data_folder import DataFolder
from f1timings.web.access.accounts.keeper import Keeper
from f1timings.web.access.accounts.register import Requester
from f1timings.web.access.bodies import MadeTokenBody, TokenBody
from f1timings.web.access.token_routes import OWNER_PATH

tokens = typer.Typer(
    help="Tokens, which programs and screens show instead of logging in.", no_args_is_help=True
)

DataDir = Annotated[Path | None, typer.Option(help=Settings.model_fields["data_dir"].description)]
DatabaseUrl = Annotated[str | None, typer.Option(help=Settings.model_fields["database_url"].description)]


@tokens.command()
def create(
    role: Annotated[str, typer.Option(help=f"One of {', '.join(Role)}.")],
    name: Annotated[str, typer.Option(help="What it is for; shown in the list.")] = "made by a command",
    display: Annotated[
        bool, typer.Option("--display", help="For a screen: reads only, fits an address.")
    ] = False,
    days: Annotated[float | None, typer.Option(min=0.001, max=36_500, help="Ends by itself then.")] = None,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Make a token and print it, and nothing else: it is shown this once."""
    if role not in list(Role):
        raise ConfigError(f"There is no role {role!r}; there are {', '.join(Role)}.")
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    with _office(data_dir, database_url) as office:
        print(office.create(name, Role(role), "display" if display else "token", expires_at))


@tokens.command("list")
def list_tokens(data_dir: DataDir = None, database_url: DatabaseUrl = None) -> None:
    """List the tokens, without their secrets."""
    with _office(data_dir, database_url) as office:
        for token in office.all():
            ends = f"until {token['expires_at']}" if token.get("expires_at") else "until revoked"
            print(f"{token['id']}  {token['role']:<7}  {token['kind']:<7}  {ends}  {token['name']}")


@tokens.command()
def revoke(
    token_id: Annotated[str, typer.Argument(help="As the list shows it.")],
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
) -> None:
    """End a token at once."""
    with _office(data_dir, database_url) as office:
        office.revoke(token_id)


class _TokenIssuer(Protocol):
    """Where tokens are made: the running server, or its database if none runs."""

    def create(self, name: str, role: Role, kind: TokenKind, expires_at: datetime | None) -> str: ...

    def all(self) -> list[dict[str, Any]]: ...

    def revoke(self, token_id: str) -> None: ...


@contextmanager
def _office(data_dir: Path | None, database_url: str | None) -> Iterator[_TokenIssuer]:
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    try:
        folder = DataFolder.acquire(settings.data_dir)
    except FolderInUse:
        yield _Server(settings.data_dir)
        return
    with folder, Store.open(settings.database_url or sqlite_url(settings.data_dir)) as store:
        yield _Database(store)


class _Database:
    """No server runs: straight into the database."""

    def __init__(self, store: Store) -> None:
        self._keeper = Keeper(store.transact)
        self._by = Requester(OWNER.name)

    def create(self, name: str, role: Role, kind: TokenKind, expires_at: datetime | None) -> str:
        """Make one; its secret."""
        return self._keeper.tokens.add(name, role, kind, expires_at, self._by)[1]

    def all(self) -> list[dict[str, Any]]:
        """Those there are."""
        found = self._keeper.known.registered.tokens.values()
        return [TokenBody.of(token).model_dump(mode="json") for token in found]

    def revoke(self, token_id: str) -> None:
        """End one."""
        self._keeper.tokens.revoke(token_id, self._by)


class _Server:
    """A server owns the folder: it is asked over loopback."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    def create(self, name: str, role: Role, kind: TokenKind, expires_at: datetime | None) -> str:
        """Make one; its secret."""
        asked = {"name": name, "role": role.value, "kind": kind}
        if expires_at is not None:
            asked["expires_at"] = expires_at.isoformat()
        return MadeTokenBody.model_validate(self._ask("POST", OWNER_PATH, asked)).token

    def all(self) -> list[dict[str, Any]]:
        """Those there are."""
        found: list[dict[str, Any]] = self._ask("GET", OWNER_PATH)["items"]
        return found

    def revoke(self, token_id: str) -> None:
        """End one."""
        self._ask("DELETE", f"{OWNER_PATH}/{quote(token_id, safe='')}")

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        return ask_server(self._data_dir, method, path, body)
