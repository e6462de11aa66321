"""Answers that are kept while nothing changes: which routes have them, and as many as fit into some bytes.

An answer is valid for one number of the newest change: that before it was read. Once that number has grown,
it is read again, and all answers from before are forgotten as soon as another one is to be kept. Who may have
an answer is checked for every request, before the kept answers are asked; an answer is kept once for marshals
and once for everybody else, and nothing else about the sender changes it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from f1timings.web.caching.etags import NOT_MODIFIED

#: The operations with kept answers: they read only the database, and whether the sender is a marshal.
KEPT_OPERATIONS: Final = frozenset(
    {
        "get_leaderboard",
        "list_boards",
        "list_laps",
        "get_lap",
        "list_lap_revisions",
        "get_trace",
        "get_comparison",
        "list_imported_laps",
        "get_imported_lap",
        "list_laps_of_driver",
        "list_drivers",
        "get_driver",
        "list_sessions",
        "get_session",
        "get_classification",
        "get_chart",
        "list_incidents",
        "list_stints",
        "list_pit_visits",
        "list_meetings",
        "get_meeting",
        "get_open_meeting",
        "older_list_drivers",
        "older_list_users",
        "older_get_track",
    }
)
_MAX_BYTES: Final = 16 << 20
_MAX_BYTES_OF_ONE: Final = 2 << 20
# The objects around the bytes.
_OVERHEAD_BYTES: Final = 1_000

RawHeaders = tuple[tuple[bytes, bytes], ...]


class AnswerKey(NamedTuple):
    """What an answer depends on, besides the database."""

    is_marshal: bool
    root_path: str
    path: str
    query: bytes
    accept: bytes


class KeptAnswer(NamedTuple):
    """An answer with status 200.

    Attributes:
        operation: the key of its route in the policy.
        headers: of the answer; ``headers_unchanged`` are those of a 304.
    """

    operation: str
    etag: str
    headers: RawHeaders
    headers_unchanged: RawHeaders
    body: bytes


class KeptAnswers:
    """The kept answers; it belongs to the event loop's thread.

    Args:
        newest_change: returns the number of the newest change.
        max_bytes: of all answers together; the one that was not used for longest goes first.
    """

    def __init__(self, newest_change: Callable[[], int], *, max_bytes: int = _MAX_BYTES) -> None:
        self.newest_change = newest_change
        self._max_bytes = max_bytes
        self._kept: OrderedDict[AnswerKey, KeptAnswer] = OrderedDict()
        self._change = 0
        self.size_bytes = 0

    def get(self, key: AnswerKey) -> KeptAnswer | None:
        """The answer, None if there is none since the newest change."""
        kept = self._kept.get(key)
        if kept is None or self._change != self.newest_change():
            return None
        self._kept.move_to_end(key)
        return kept

    def keep(self, key: AnswerKey, answer: KeptAnswer, change: int) -> None:
        """Keep an answer, and forget those from before the newest change.

        Args:
            change: the number of the newest change before the answer was read.
        """
        newest = self.newest_change()
        if self._change != newest:
            self._kept.clear()
            self._change, self.size_bytes = newest, 0
        self._drop(key)
        size = _size(key, answer)
        if change != newest or size > min(_MAX_BYTES_OF_ONE, self._max_bytes):
            return
        self._kept[key] = answer
        self.size_bytes += size
        while self.size_bytes > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: AnswerKey) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.size_bytes -= _size(key, kept)


def describe_kept(document: dict[str, Any]) -> None:
    """Add the status 304 to the operations with kept answers, in the OpenAPI document."""
    for methods in document["paths"].values():
        for operation in methods.values():
            if operation.get("operationId") in KEPT_OPERATIONS:
                operation["responses"] |= {str(status): text for status, text in NOT_MODIFIED.items()}


def _size(key: AnswerKey, answer: KeptAnswer) -> int:
    """Bytes that a kept answer takes, about."""
    headers = sum(len(name) + len(value) for name, value in (*answer.headers, *answer.headers_unchanged))
    return len(answer.body) + headers + len(key.path) + len(key.query) + len(key.accept) + _OVERHEAD_BYTES
