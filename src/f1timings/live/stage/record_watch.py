"""Records that people entered, as a view shows them; read again when an act has changed one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from f1timings.live.fanout.sheet import Contents
from f1timings.live.room_watch import CommittedChanges

R = TypeVar("R")


class RecordWatch(Generic[R]):
    """The newest records of one type.

    Args:
        kind: the type of the records.
        read: reads all of them; callable from any thread.
        build: builds the contents of the view.
    """

    def __init__(
        self, kind: type[R], read: Callable[[type[R]], Sequence[R]], build: Callable[[Sequence[R]], Contents]
    ) -> None:
        self._kind = kind
        self._read = read
        self._build = build
        self._contents = build(read(kind))

    def contents(self) -> Contents:
        """The contents of the view."""
        return self._contents

    def after_act(self, act: CommittedChanges) -> None:
        """Read the records again if one has changed; from any thread."""
        if any(isinstance(record, self._kind) for change in act.changes for record in change):
            self._contents = self._build(self._read(self._kind))
