"""Access as one piece: its parts put together, and what goes on beside the requests."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from f1timings.access.actors import Role
from f1timings.access.passwords import checked_password
from f1timings.access.throttle import Throttle
from f1timings.errors import ActInvalid, ConfigError, StoreError
from f1timings.store.access import Transact
from f1timings.web.access.accounts.accounts import ADMIN_NAME
from f1timings.web.access.accounts.hashing import Hasher, hash_now, verify_now
from f1timings.web.access.accounts.keeper import Keeper
from f1timings.web.access.accounts.setup_code import SetupCode
from f1timings.web.access.checks.hosts import AllowedHosts
from f1timings.web.access.checks.sockets import OpenSockets

_log = logging.getLogger(__name__)

_WRITE_EVERY_S: Final = 15.0


def to_console(text: str) -> None:
    """Show text to whoever started the server, whatever the log's level."""
    encoding = sys.stderr.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Access:
    """All that access is made of.

    Attributes:
        keeper: accounts, logins and tokens.
        hasher: password hashes, made aside.
        throttle: how often somebody may guess.
        code: the one-time code of the first start.
        hosts: the names that this server may be asked for by.
        sockets: every open socket.
    """

    keeper: Keeper
    hasher: Hasher
    throttle: Throttle
    code: SetupCode
    hosts: AllowedHosts
    sockets: OpenSockets = field(repr=False)

    @classmethod
    def made(
        cls,
        transact: Transact | None = None,
        secret: str | None = None,
        *,
        address: str = "http://localhost:8080",
        allowed_hosts: Iterable[str] = (),
        write: Callable[[str], None] = to_console,
        clock: Callable[[], float] = time.time,
    ) -> Self:
        """Put together.

        Args:
            transact: see :class:`Keeper`; without it nobody may change anything.
            secret: what commands of the owner of the data folder show.
            address: of the pages, as others reach them.
            allowed_hosts: further names of this server.
            write: puts text on the console.
            clock: our clock, seconds since 1970.
        """
        keeper = Keeper(transact, secret, clock)
        return cls(
            keeper=keeper,
            hasher=Hasher(),
            throttle=Throttle(clock),
            code=SetupCode(clock, address, write),
            hosts=AllowedHosts([*allowed_hosts, socket.gethostname()]),
            sockets=OpenSockets(keeper.known),
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Show the code if there is no account yet; look after sockets and the log, until the end."""
        if self.keeper.keeps_accounts and self.keeper.known.needs_setup:
            self.code.show()
        tasks = [asyncio.create_task(self.sockets.watch()), asyncio.create_task(self._write_down())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            if self.keeper.keeps_accounts:
                await asyncio.to_thread(self._write_once)

    async def _write_down(self) -> None:
        while True:
            await asyncio.sleep(_WRITE_EVERY_S)
            await asyncio.to_thread(self._write_once)

    def _write_once(self) -> None:
        try:
            self.keeper.register.write_denials()
            self.keeper.register.tidy()
        except StoreError as error:
            _log.error("the security log was not written: %s", error)


def set_admin(keeper: Keeper, password: str) -> None:
    """Let the account ``admin`` have this password; nothing changes if it has it already.

    Raises:
        ConfigError: no account may have such a password.
    """
    try:
        tidy = checked_password(password, ADMIN_NAME)
    except ActInvalid as error:
        raise ConfigError(f"Setting 'admin_password': {error} Set it by F1TIMINGS_ADMIN_PASSWORD.") from None
    admin = keeper.known.account_named(ADMIN_NAME)
    is_as_asked = admin is not None and not admin.is_disabled and admin.role is Role.ADMIN
    if admin is None or not is_as_asked or not verify_now(admin.password_hash, tidy):
        keeper.accounts.set_admin(hash_now(tidy))
