"""A thread that looks at the database every second, and reports once when it is gone and when it is back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Condition, Thread
from typing import Final, Protocol, TypeVar

from f1timings.errors import StoreDamaged, StoreError

log = logging.getLogger(__name__)

T = TypeVar("T")

_EVERY_S: Final = 1.0


class Look(Protocol):
    """Looks at one database; only one thread calls it."""

    def trouble(self) -> str | None:
        """What is wrong; None if the database is there and answers. It returns within seconds."""

    def close(self) -> None:
        """End after the last look."""


class DatabaseProbe:
    """Whether the database is there and answers, for any thread.

    Args:
        look: one look at the database.
        on_gone: called in the probe's thread, each time the database is found gone.
        every_s: the time between two looks.
    """

    def __init__(
        self, look: Look, on_gone: Callable[[], None] = lambda: None, *, every_s: float = _EVERY_S
    ) -> None:
        self._look = look
        self._on_gone = on_gone
        self._every_s = every_s
        self._changed = Condition()
        self._is_wanted = self._is_closed = False
        self._begun = self._newest_good = 0
        self._trouble: str | None = None
        self._thread = Thread(target=self._run, name="store-probe", daemon=True)

    def start(self) -> None:
        """Look for the first time a moment from now."""
        self._thread.start()

    @property
    def trouble(self) -> str | None:
        """What is wrong with the database; None if the newest look found it well."""
        return self._trouble

    def need_answers(self) -> None:
        """Refuse to wait for a database that is known not to answer.

        Raises:
            StoreError: it does not answer.
        """
        if self._trouble is not None:
            raise StoreError(f"the database did not answer: {self._trouble}")

    def persist(self, work: Callable[[], T]) -> T:
        """Do work that reads; if the database does not answer, wait until it does, and do it once more.

        For what must happen after a commit: nobody else does it later. In a thread that may wait.

        Raises:
            StoreError: raised by the second attempt; or by the first, and the store was closed meanwhile.
        """
        try:
            return work()
        except StoreDamaged:
            raise
        except StoreError:
            if not self._wait_for_answer():
                raise
            return work()

    def close(self) -> None:
        """End the thread; nobody waits for the database any longer."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def _wait_for_answer(self) -> bool:
        """Wait for a good look that begins from now on; False if there is none before the end."""
        with self._changed:
            goal = self._begun + 1
            self._is_wanted = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._newest_good >= goal or self._is_closed)
            return self._newest_good >= goal

    def _run(self) -> None:
        while self._wait_for_next():
            trouble = self._look.trouble()
            self._note(trouble)
            if trouble is not None:
                self._on_gone()
        self._look.close()

    def _wait_for_next(self) -> bool:
        """Wait until the next look; False at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_wanted or self._is_closed, self._every_s)
            self._is_wanted = False
            self._begun += 1
            return not self._is_closed

    def _note(self, trouble: str | None) -> None:
        before = self._trouble
        with self._changed:
            self._trouble = trouble
            if trouble is None:
                self._newest_good = self._begun
            self._changed.notify_all()
        if trouble is not None and before is None:
            log.error("the database does not answer: %s", trouble)
        elif trouble is None and before is not None:
            log.warning("the database answers again")
