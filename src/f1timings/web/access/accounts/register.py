"""The one way in which accounts, logins and tokens change: in a transaction, known to all right after it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from f1timings.access.accounts import Login, Token, is_token_current
from f1timings.errors import StoreError
from f1timings.store import AccessLogEntry, AccessStore
from f1timings.store.access import Transact, change_registered
from f1timings.web.access.accounts.denials import Denials, plain
from f1timings.web.access.accounts.directory import AccessDirectory

T = TypeVar("T")

_SEEN_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Requester:
    """Who makes a change, and from where; for the log."""

    who: str
    ip: str = ""


class Register:
    """Changes what is registered, and keeps the log of it; from any thread.

    Args:
        known: is told after each change.
        transact: does a change in the store; None if there is none, and nothing can be changed.
    """

    def __init__(self, known: AccessDirectory, transact: Transact | None) -> None:
        self._known = known
        self._transact = transact
        self._denials = Denials(known.now)
        self._lock = threading.Lock()
        self.now = known.now
        if transact is not None:
            self.change(lambda _: None)

    def change(self, work: Callable[[AccessStore], T]) -> T:
        """Do a change, all of it or nothing.

        Raises:
            F1TimingsError: as raised by ``work``.
            StoreError: the database does not take it.
        """
        if self._transact is None:
            raise StoreError("this server keeps no accounts")
        return change_registered(self._transact, work, self._known.learn)

    def noted(self, by: Requester, what: str, detail: str = "") -> AccessLogEntry:
        """A line for the log about something that was done."""
        return AccessLogEntry(self.now(), plain(by.who), plain(by.ip), what, "done", plain(detail))

    def note_refused(self, who: str, ip: str, what: str, outcome: str, detail: str = "") -> None:
        """Let the log have, with the next :meth:`write_denials`, what was refused."""
        with self._lock:
            self._denials.add(plain(who), plain(ip), plain(what), outcome, detail)

    def write_denials(self) -> None:
        """Write what was refused since the last time."""
        with self._lock:
            lines = self._denials.take()
        if lines:
            self.change(lambda registry: registry.note(*lines))

    def tidy(self) -> None:
        """Write down which logins were used, and take away those and the tokens that have ended."""
        known = self._known.registered
        seen = {
            login.id: self._known.last_seen_at(login)
            for login in known.logins.values()
            if self._known.last_seen_at(login) - login.last_seen_at >= _SEEN_EVERY
        }
        ended: list[Login | Token] = [one for one in known.logins.values() if not self._known.is_current(one)]
        ended += [one for one in known.tokens.values() if not is_token_current(one, self.now())]
        if seen or ended:
            self.change(lambda registry: _tidy(registry, seen, ended))


def new_id() -> str:
    """A short id that no other record has."""
    return secrets.token_hex(6)


def _tidy(registry: AccessStore, seen: Mapping[str, datetime], ended: Sequence[Login | Token]) -> None:
    registry.saw(seen)
    for record in ended:
        registry.remove(record)
