"""The keeper: knows who may do what, and is where that is changed."""

from __future__ import annotations

import time
from collections.abc import Callable

from f1timings.access.accounts import Reading
from f1timings.store import AccessStore
from f1timings.store.access import Transact
from f1timings.web.access.accounts.accounts import Accounts
from f1timings.web.access.accounts.directory import AccessDirectory
from f1timings.web.access.accounts.logins import Logins
from f1timings.web.access.accounts.register import Register, Requester
from f1timings.web.access.accounts.tokens import Tokens
from f1timings.web.access.checks.identity import new_secret


class Keeper:
    """Everything about access but the passwords themselves; from any thread.

    Attributes:
        known: who may do what at this moment.
        accounts / logins / tokens: how each changes.
        register: the log, and what goes on beside.
        keeps_accounts: whether there is a store behind.

    Args:
        transact: does a change in the store; without one there are no accounts.
        secret: what commands of the owner of the data folder show.
        clock: our clock, seconds since 1970.
    """

    def __init__(
        self,
        transact: Transact | None = None,
        secret: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.known = AccessDirectory(secret or new_secret(), clock)
        self.keeps_accounts = transact is not None
        self.register = Register(self.known, transact)
        self.accounts = Accounts(self.register)
        self.logins = Logins(self.register, self.known, self.accounts)
        self.tokens = Tokens(self.register)

    def set_reading(self, reading: Reading, by: Requester) -> None:
        """Open or close reading to those who say not who they are."""

        def work(registry: AccessStore) -> None:
            registry.set_reading(reading)
            registry.note(self.register.noted(by, "access changed", f"reading {reading}"))

        self.register.change(work)
