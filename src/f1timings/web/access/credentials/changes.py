"""The one way to change access: in a transaction, written to the security log, then in the directory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from f1timings.access.accounts import Login, Reading, Token, is_token_current
from f1timings.errors import StoreError
from f1timings.store import AccessLogEntry, AccessStore
from f1timings.store.access import Transact, change_access_records
from f1timings.web.access.credentials.directory import AccessDirectory
from f1timings.web.access.credentials.refusals import PendingRefusals, printable

T = TypeVar("T")

#: How far the stored last use of a login may lag behind the real one.
_LAST_SEEN_LAG: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Requester:
    """The name and the IP address behind a change, for the security log, and the account if there is one."""

    name: str
    ip: str = ""
    account_id: str | None = None


class AccessChanges:
    """Changes the records of access and writes the security log; thread-safe.

    Args:
        directory: updated after each change.
        transact: runs a change in the store; None if there is no store, and nothing can be changed.
    """

    def __init__(self, directory: AccessDirectory, transact: Transact | None) -> None:
        self._directory = directory
        self._transact = transact
        self._refusals = PendingRefusals(directory.server_now)
        self._lock = threading.Lock()
        self.now: Callable[[], datetime] = directory.now
        self.server_now: Callable[[], datetime] = directory.server_now
        if transact is not None:
            self.run(AccessStore.shorten_log)  # also reads the records into the directory

    @property
    def has_store(self) -> bool:
        """Whether there is a store, so that accounts can exist."""
        return self._transact is not None

    def run(self, work: Callable[[AccessStore], T]) -> T:
        """Run a change: all of it or nothing.

        Raises:
            F1TimingsError: as raised by ``work``.
            StoreError: the database refuses the change.
        """
        if self._transact is None:
            raise StoreError("this server stores no accounts")
        return change_access_records(self._transact, work, self._directory.update)

    def log_entry(self, by: Requester, what: str, detail: str = "") -> AccessLogEntry:
        """An entry for the security log about a change that was made."""
        return AccessLogEntry(
            at=self.server_now(),
            who=printable(by.name),
            ip=printable(by.ip),
            what=what,
            outcome="done",
            detail=printable(detail),
        )

    def set_reading(self, reading: Reading, by: Requester) -> None:
        """Open or close reading to anonymous visitors."""

        def work(store: AccessStore) -> None:
            store.set_reading(reading)
            store.log(self.log_entry(by, "access changed", f"reading {reading}"))

        self.run(work)

    def add_refusal(self, *, who: str, ip: str, what: str, outcome: str, detail: str = "") -> None:
        """Add a refused request to the log with the next :meth:`write_refusals`."""
        with self._lock:
            self._refusals.add(
                who=printable(who), ip=printable(ip), what=printable(what), outcome=outcome, detail=detail
            )

    def write_refusals(self) -> None:
        """Write the refused requests since the last call to the security log."""
        with self._lock:
            entries = self._refusals.clear()
        if entries:
            self.run(lambda store: store.log(*entries))

    def clean_up(self) -> None:
        """Store when logins were last used; remove logins and tokens that have ended."""
        records = self._directory.records
        last_seen = {
            login.id: self._directory.last_seen_at(login)
            for login in records.logins.values()
            if self._directory.last_seen_at(login) - login.last_seen_at >= _LAST_SEEN_LAG
        }
        ended: list[Login | Token] = [
            login for login in records.logins.values() if not self._directory.is_current(login)
        ]
        ended += [token for token in records.tokens.values() if not is_token_current(token, self.now())]
        if last_seen or ended:
            self.run(lambda store: _clean_up(store, last_seen, ended))


def _clean_up(store: AccessStore, last_seen: Mapping[str, datetime], ended: Sequence[Login | Token]) -> None:
    store.store_last_seen(last_seen)
    store.shorten_log()
    for record in ended:
        store.remove(record)
