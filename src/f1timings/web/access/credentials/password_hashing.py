"""Password hashing (Argon2id) in two background threads of low priority, so that timing is not delayed."""

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

from argon2 import PasswordHasher as Argon2Hasher
from argon2.exceptions import InvalidHashError, VerificationError

from f1timings.access.passwords import normalise_password
from f1timings.web.http.problems import ProblemError

T = TypeVar("T")

THREADS: Final = 2
MAX_WAITING: Final = 100
_NICENESS: Final = 10

# Argon2id with 19 MiB and two passes: the minimum that OWASP recommends.
_argon2: Final = Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_now(password: str) -> str:
    """The hash of a password, computed in the calling thread in about 30 ms."""
    return _argon2.hash(normalise_password(password))


def verify_now(password_hash: str | None, password: str) -> bool:
    """Whether a password matches a hash; without a hash, do the same work and return False."""
    try:
        _argon2.verify(password_hash or _hash_of_no_password(), normalise_password(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


class PasswordHasher:
    """Hashes and verifies passwords without blocking the event loop."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "passwords", initializer=_lower_priority)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """The hash of a password.

        Raises:
            ProblemError: too many requests wait for a hash.
        """
        return await self._run(lambda: hash_now(password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether a password matches a hash, see :func:`verify_now`.

        Raises:
            ProblemError: too many requests wait for a hash.
        """
        return await self._run(lambda: verify_now(password_hash, password))

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise ProblemError(
                "too-many-attempts", "Too many people are logging in. Try again in a few seconds."
            )
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


@cache
def _hash_of_no_password() -> str:
    """A hash that matches no password."""
    return _argon2.hash(secrets.token_urlsafe(32))


def _lower_priority() -> None:
    """Lower the priority of this thread, which Linux allows for each thread: timing comes first."""
    _hash_of_no_password()
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
