"""Who may change what, as stored: read whole, changed in one transaction, every change noted in the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update

from f1timings.access.accounts import Account, Login, Reading, Token, name_key
from f1timings.access.actors import Role
from f1timings.errors import ActConflict, NotFound
from f1timings.store.counter import read_seq
from f1timings.store.tables import access as tables
from f1timings.store.tables.timed import change_counter

T = TypeVar("T")
R = TypeVar("R", Account, Login, Token)

_TABLES: Mapping[type, Table] = {
    Account: tables.accounts,
    Login: tables.logins,
    Token: tables.tokens,
}
_WORDS: Mapping[type, str] = {Account: "account", Login: "login", Token: "token"}
MOST_ACCOUNTS, MOST_TOKENS = 1000, 1000
MOST_LOGINS, MOST_LOGINS_OF_ONE = 500, 50


@dataclass(frozen=True, slots=True)
class AccessRecords:
    """Everything that decides who may do what, at one moment; records by their id."""

    accounts: Mapping[str, Account]
    logins: Mapping[str, Login]
    tokens: Mapping[str, Token]
    reading: Reading


class AccessLogEntry(NamedTuple):
    """A line for the log; who, ip and detail never hold a secret.

    Attributes:
        at: UTC.
        times: how often it happened, if it happened again and again.
    """

    at: datetime
    who: str
    ip: str
    what: str
    outcome: str
    detail: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class StoredAccessLogEntry:
    """A line of the log; ``seq`` is greater than that of any line before it."""

    seq: int
    at: datetime
    who: str
    ip: str
    what: str
    outcome: str
    detail: str
    times: int


def read_registered(connection: Connection) -> AccessRecords:
    """All of it, as this transaction sees it."""
    reading = connection.execute(select(tables.access_settings.c.reading)).scalar()
    return AccessRecords(
        accounts={one.id: one for one in _all(connection, Account)},
        logins={one.id: one for one in _all(connection, Login)},
        tokens={one.id: one for one in _all(connection, Token)},
        reading="closed" if reading == "closed" else "open",
    )


def note_of(row: RowMapping) -> StoredAccessLogEntry:
    """A line of the log from its row."""
    return StoredAccessLogEntry(**{field.name: row[field.name] for field in fields(StoredAccessLogEntry)})


class AccessStore:
    """Accounts, logins and tokens in one transaction of the writer's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, kind: type[R]) -> list[R]:
        """Every record of a kind, the oldest first."""
        return _all(self._connection, kind)

    def need(self, kind: type[R], record_id: str) -> R:
        """The record with that id.

        Raises:
            NotFound: there is none.
        """
        table = _TABLES[kind]
        row = self._connection.execute(select(table).where(table.c.id == record_id)).mappings().first()
        if row is None:
            raise NotFound(f"There is no {_WORDS[kind]} {record_id!r}.")
        return _record(kind, row)

    def refuse_taken(self, name: str, by: str | None = None) -> None:
        """A name belongs to one account.

        Args:
            by: id of the account that may have it.

        Raises:
            ActConflict: another account has it; ``current`` holds that account.
        """
        key = tables.accounts.c.name_key
        row = (
            self._connection.execute(select(tables.accounts).where(key == name_key(name))).mappings().first()
        )
        if row is not None and row["id"] != by:
            raise ActConflict(
                f"There is an account {row['name']!r}; take another name.", _record(Account, row)
            )

    def add(self, record: Account | Login | Token) -> None:
        """Keep a new record."""
        self._connection.execute(insert(_TABLES[type(record)]).values(_row(record)))

    def change(self, account: Account) -> None:
        """Keep the new version of an account."""
        table = tables.accounts
        self._connection.execute(update(table).where(table.c.id == account.id).values(_row(account)))

    def remove(self, record: Account | Login | Token) -> None:
        """Take a record away, of an account also its logins."""
        if isinstance(record, Account):
            self.end_logins(record.id)
        table = _TABLES[type(record)]
        self._connection.execute(delete(table).where(table.c.id == record.id))

    def end_logins(self, account_id: str, but: str | None = None) -> None:
        """End the logins of an account, all or all but one."""
        table = tables.logins
        others = (table.c.account_id == account_id) & (table.c.id != (but or ""))
        self._connection.execute(delete(table).where(others))

    def make_room_for_login(self, account_id: str) -> None:
        """End the logins longest unused where there are too many, of one account or of all."""
        found = sorted(self.all(Login), key=lambda login: login.last_seen_at)
        own = [login for login in found if login.account_id == account_id]
        for login in (*own[: 1 - MOST_LOGINS_OF_ONE or None], *found[: 1 - MOST_LOGINS or None]):
            self.remove(login)

    def saw(self, seen: Mapping[str, datetime]) -> None:
        """When logins were last used, by id."""
        table = tables.logins
        for login_id, at in seen.items():
            self._connection.execute(update(table).where(table.c.id == login_id).values(last_seen_at=at))

    def set_reading(self, reading: Reading) -> None:
        """Open or close reading to those who say not who they are."""
        self._connection.execute(update(tables.access_settings).values(reading=reading))

    def note(self, *notes: AccessLogEntry) -> None:
        """Add lines to the log."""
        seq = read_seq(self._connection)
        for number, noted in enumerate(notes, seq + 1):
            self._connection.execute(insert(tables.access_log).values(seq=number, **noted._asdict()))
        self._connection.execute(update(change_counter).values(seq=seq + len(notes)))


class Transact(Protocol):
    """See :meth:`f1timings.store.Store.transact`."""

    def __call__(self, work: Callable[[Connection], T], then: Callable[[T], None] | None = None) -> T:
        """Do it, as one transaction."""
        ...


def change_registered(
    transact: Transact, work: Callable[[AccessStore], T], then: Callable[[AccessRecords], None]
) -> T:
    """Do a change in a transaction of its own.

    Args:
        then: told everything as the change left it, in the writer's thread, in the order of the changes.

    Returns:
        What ``work`` returned.
    """

    def whole(connection: Connection) -> tuple[T, AccessRecords]:
        return work(AccessStore(connection)), read_registered(connection)

    def told(done: tuple[T, AccessRecords]) -> None:
        then(done[1])

    return transact(whole, told)[0]


def _all(connection: Connection, kind: type[R]) -> list[R]:
    table = _TABLES[kind]
    query = select(table).order_by(table.c.created_at, table.c.id)
    return [_record(kind, row) for row in connection.execute(query).mappings()]


def _row(record: Account | Login | Token) -> dict[str, Any]:
    row = {field.name: getattr(record, field.name) for field in fields(record)}
    if isinstance(record, Account):
        row["name_key"] = name_key(record.name)
    return row


def _record(kind: type[R], row: RowMapping) -> R:
    values = {field.name: row[field.name] for field in fields(kind)}
    if "role" in values:
        values["role"] = Role(values["role"])
    found: R = kind(**values)
    return found
