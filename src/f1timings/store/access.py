"""Accounts, logins, tokens and the security log in the database: read whole, changed in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update

from f1timings.access.accounts import Account, Login, Reading, Token, ends_with_account, name_key
from f1timings.access.roles import Role
from f1timings.errors import ActConflict, NotFound
from f1timings.store.counter import read_seq, store_seq
from f1timings.store.tables import access as tables

T = TypeVar("T")
R = TypeVar("R", Account, Login, Token)

MAX_ACCOUNTS = 1000
MAX_TOKENS = 1000
MAX_LOGINS = 500
MAX_LOGINS_PER_ACCOUNT = 50
#: Entries of the security log that are kept; years of a club, and about 20 MB.
MAX_LOG_ENTRIES = 100_000

_TABLES: Mapping[type, Table] = {
    Account: tables.accounts,
    Login: tables.logins,
    Token: tables.tokens,
}
_WORDS: Mapping[type, str] = {Account: "account", Login: "login", Token: "token"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRecords:
    """Everything that decides who may do what, at one moment; records by their id."""

    accounts: Mapping[str, Account]
    logins: Mapping[str, Login]
    tokens: Mapping[str, Token]
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLogEntry:
    """An entry for the security log. It never contains a secret.

    Attributes:
        at: UTC.
        who: name of the actor; empty for an anonymous one.
        what: the act, such as ``login``, or the operation id of the request.
        outcome: ``done``, ``refused``, ``failed`` or ``throttled``.
        times: how often the same happened; 1 if it happened once.
    """

    at: datetime
    who: str
    ip: str
    what: str
    outcome: str
    detail: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAccessLogEntry(AccessLogEntry):
    """An entry of the security log; ``seq`` is greater than that of any entry before it."""

    seq: int


def read_access_records(connection: Connection) -> AccessRecords:
    """All records, as this transaction sees them."""
    reading = connection.execute(select(tables.access_settings.c.reading)).scalar()
    return AccessRecords(
        accounts={account.id: account for account in _list_records(connection, Account)},
        logins={login.id: login for login in _list_records(connection, Login)},
        tokens={token.id: token for token in _list_records(connection, Token)},
        reading="closed" if reading == "closed" else "open",
    )


def log_entry_of(row: RowMapping) -> StoredAccessLogEntry:
    """An entry of the security log from its row."""
    return StoredAccessLogEntry(**{field.name: row[field.name] for field in fields(StoredAccessLogEntry)})


class AccessStore:
    """Reads and changes accounts, logins and tokens within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_records(self, kind: type[R]) -> list[R]:
        """Every record of a kind, oldest first."""
        return _list_records(self._connection, kind)

    def need(self, kind: type[R], record_id: str) -> R:
        """The record with that id.

        Raises:
            NotFound: there is none.
        """
        table = _TABLES[kind]
        row = self._connection.execute(select(table).where(table.c.id == record_id)).mappings().first()
        if row is None:
            raise NotFound("no-such-record", detail=f"There is no {_WORDS[kind]} {record_id!r}.")
        return _record(kind, row)

    def refuse_taken_name(self, name: str, owner_id: str | None = None) -> None:
        """Refuse a name that belongs to another account.

        Args:
            owner_id: id of the account that may have the name.

        Raises:
            ActConflict: another account has it; ``current`` is that account.
        """
        table = tables.accounts
        query = select(table).where(table.c.name_key == name_key(name))
        row = self._connection.execute(query).mappings().first()
        if row is not None and row["id"] != owner_id:
            raise ActConflict("account-name-taken", _record(Account, row), name=row["name"])

    def add(self, record: Account | Login | Token) -> None:
        """Store a new record."""
        self._connection.execute(insert(_TABLES[type(record)]).values(_row(record)))

    def update(self, account: Account) -> None:
        """Store the new version of an account."""
        table = tables.accounts
        self._connection.execute(update(table).where(table.c.id == account.id).values(_row(account)))

    def remove(self, record: Account | Login | Token) -> None:
        """Delete a record; with an account, its logins and tokens."""
        if isinstance(record, Account):
            self.end_logins(record.id)
            for token in self.list_records(Token):
                if ends_with_account(token, record.id):
                    self.remove(token)
        table = _TABLES[type(record)]
        self._connection.execute(delete(table).where(table.c.id == record.id))

    def end_logins(self, account_id: str, except_login: str | None = None) -> None:
        """End all logins of an account, or all except one."""
        table = tables.logins
        ended = (table.c.account_id == account_id) & (table.c.id != (except_login or ""))
        self._connection.execute(delete(table).where(ended))

    def make_room_for_login(self, account_id: str) -> None:
        """End the least recently used logins if the account, or all accounts together, have too many."""
        logins = sorted(self.list_records(Login), key=lambda login: login.last_seen_at)
        own = [login for login in logins if login.account_id == account_id]
        for login in (*own[: 1 - MAX_LOGINS_PER_ACCOUNT or None], *logins[: 1 - MAX_LOGINS or None]):
            self.remove(login)

    def store_last_seen(self, last_seen: Mapping[str, datetime]) -> None:
        """Store when logins were last used, by login id."""
        table = tables.logins
        for login_id, at in last_seen.items():
            self._connection.execute(update(table).where(table.c.id == login_id).values(last_seen_at=at))

    def set_reading(self, reading: Reading) -> None:
        """Open or close reading to anonymous visitors."""
        self._connection.execute(update(tables.access_settings).values(reading=reading))

    def log(self, *entries: AccessLogEntry) -> None:
        """Add entries to the security log."""
        if not entries:
            return
        seq = read_seq(self._connection)
        for number, entry in enumerate(entries, seq + 1):
            self._connection.execute(insert(tables.access_log).values(seq=number, **asdict(entry)))
        store_seq(self._connection, seq + len(entries), max(entry.at for entry in entries))

    def shorten_log(self) -> None:
        """Delete the oldest entries of the security log if it has too many."""
        seq = tables.access_log.c.seq
        first_dropped = select(seq).order_by(seq.desc()).offset(MAX_LOG_ENTRIES).limit(1)
        newest = self._connection.execute(first_dropped).scalar()
        if newest is not None:
            self._connection.execute(delete(tables.access_log).where(seq <= newest))


class Transact(Protocol):
    """Runs work in a transaction, see :meth:`f1timings.store.Store.transact`."""

    def __call__(self, work: Callable[[Connection], T], then: Callable[[T], None] | None = None) -> T:
        """Run ``work`` in one transaction; call ``then`` with its result after the commit."""
        ...


def change_access_records(
    transact: Transact, work: Callable[[AccessStore], T], then: Callable[[AccessRecords], None]
) -> T:
    """Run a change in its own transaction.

    Args:
        then: called with all records after the change, in the writer's thread, in the order of the changes.

    Returns:
        The result of ``work``.
    """

    def change(connection: Connection) -> tuple[T, AccessRecords]:
        return work(AccessStore(connection)), read_access_records(connection)

    def after_commit(result: tuple[T, AccessRecords]) -> None:
        then(result[1])

    return transact(change, after_commit)[0]


def _list_records(connection: Connection, kind: type[R]) -> list[R]:
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
    record: R = kind(**values)
    return record
