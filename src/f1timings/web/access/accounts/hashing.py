"""Password hashes, made aside: at most two at a time, in threads that give way to timing."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from f1timings.access.passwords import tidied
from f1timings.web.http.problems import ProblemError

T = TypeVar("T")

AT_ONCE: Final = 2
MOST_WAITING: Final = 100
_NICENESS: Final = 10

# Argon2id with 19 MiB and two passes: what OWASP names as enough.
_argon2: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_now(password: str) -> str:
    """The hash of a password; takes some 30 ms of the calling thread."""
    return _argon2.hash(tidied(password))


def verify_now(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one of that hash; without a hash the work is the same and the answer no."""
    try:
        _argon2.verify(password_hash or _nobody(), tidied(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


class Hasher:
    """Hashes without holding up the loop."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "passwords", initializer=_give_way)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The hash of a password."""
        return await self._aside(lambda: hash_now(password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """As :func:`verify_now`."""
        return await self._aside(lambda: verify_now(password_hash, password))

    async def _aside(self, step: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise ProblemError("too-many-attempts", "Many log in at this moment; try again in some seconds.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, step)
        finally:
            self._waiting -= 1


@cache
def _nobody() -> str:
    """A hash that no password has."""
    return _argon2.hash(secrets.token_urlsafe(32))


def _give_way() -> None:
    """Linux gives each thread a priority of its own; laps are timed first."""
    _nobody()
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
