"""Access control as a whole: its parts assembled, and its background tasks."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from f1timings.access.passwords import validate_password
from f1timings.access.roles import Role
from f1timings.access.throttle import Throttle
from f1timings.clock import ServerClock
from f1timings.errors import ActInvalid, ConfigError, StoreError
from f1timings.store.access import Transact
from f1timings.web.access.checks.hosts import AllowedHosts
from f1timings.web.access.checks.sockets import OpenSockets
from f1timings.web.access.credentials.accounts import ADMIN_NAME, Accounts
from f1timings.web.access.credentials.changes import AccessChanges
from f1timings.web.access.credentials.directory import AccessDirectory
from f1timings.web.access.credentials.identity import new_secret
from f1timings.web.access.credentials.logins import Logins
from f1timings.web.access.credentials.password_hashing import PasswordHasher, hash_now, verify_now
from f1timings.web.access.credentials.setup_code import SetupCode
from f1timings.web.access.credentials.tokens import Tokens

_log = logging.getLogger(__name__)

_MAINTENANCE_EVERY_S: Final = 15.0


def print_to_console(text: str) -> None:
    """Print text for the person who started the server, whatever the log level."""
    encoding = sys.stderr.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessControl:
    """All parts of access control.

    Attributes:
        directory: accounts, logins and tokens in memory; identifies requests.
        changes: runs every change and writes the security log.
        accounts / logins / tokens: how each kind of record changes.
        passwords: hashes and verifies passwords in background threads.
        throttle: limits guessing of passwords and codes.
        setup_code: the one-time code of the first start.
        hosts: the host names of this server.
        sockets: every open WebSocket.
    """

    directory: AccessDirectory
    changes: AccessChanges
    accounts: Accounts
    logins: Logins
    tokens: Tokens
    passwords: PasswordHasher
    throttle: Throttle
    setup_code: SetupCode
    hosts: AllowedHosts
    sockets: OpenSockets = field(repr=False)

    @classmethod
    def create(
        cls,
        transact: Transact | None = None,
        owner_secret: str | None = None,
        *,
        address: str = "http://localhost:8080",
        allowed_hosts: Iterable[str] = (),
        write: Callable[[str], None] = print_to_console,
        clock: ServerClock,
    ) -> Self:
        """Create and connect all parts.

        Args:
            transact: runs a change in the store; without it there are no accounts and nothing can change.
            owner_secret: the secret that commands of the owner of the data folder send; random if None.
            address: of the pages, as other devices reach them.
            allowed_hosts: further host names of this server.
            write: prints text on the console.
            clock: its steady time measures how long logins, tokens and waits last.
        """
        directory = AccessDirectory(owner_secret or new_secret(), clock)
        changes = AccessChanges(directory, transact)
        accounts = Accounts(changes)
        return cls(
            directory=directory,
            changes=changes,
            accounts=accounts,
            logins=Logins(changes, directory, accounts),
            tokens=Tokens(changes),
            passwords=PasswordHasher(),
            throttle=Throttle(clock.steady),
            setup_code=SetupCode(clock.steady, address, write),
            hosts=AllowedHosts([*allowed_hosts, socket.gethostname()]),
            sockets=OpenSockets(directory),
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Show the set-up code if there is no account yet; run the background tasks until the end."""
        if self.changes.has_store and self.directory.needs_setup:
            self.setup_code.show()
        tasks = [asyncio.create_task(self.sockets.watch()), asyncio.create_task(self._maintain())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            if self.changes.has_store:
                await asyncio.to_thread(self._maintain_once)

    async def _maintain(self) -> None:
        while True:
            await asyncio.sleep(_MAINTENANCE_EVERY_S)
            await asyncio.to_thread(self._maintain_once)

    def _maintain_once(self) -> None:
        try:
            self.changes.write_refusals()
            self.changes.clean_up()
        except StoreError as error:
            _log.error("the security log was not written: %s", error)


def set_admin_password(access: AccessControl, password: str) -> None:
    """Give the account ``admin`` this password; change nothing if it has it already.

    Raises:
        ConfigError: the password breaks the rules for passwords.
    """
    try:
        valid = validate_password(password, ADMIN_NAME)
    except ActInvalid as error:
        raise ConfigError(f"Setting 'admin_password': {error} Set it by F1TIMINGS_ADMIN_PASSWORD.") from None
    admin = access.directory.get_account_named(ADMIN_NAME)
    is_admin = admin is not None and not admin.is_disabled and admin.role is Role.ADMIN
    if admin is None or not is_admin or not verify_now(admin.password_hash, valid):
        access.accounts.set_admin(hash_now(valid))
