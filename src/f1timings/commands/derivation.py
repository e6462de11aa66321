"""Captures timed again: the records that the server would make of them, each as it stands at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

from f1timings.intake.datagrams import Datagram
from f1timings.pipeline import Pipeline
from f1timings.rigs.registry import RigSeen
from f1timings.store import Stamped
from f1timings.timing.events import TimingEvent


class Derivation:
    """A pipeline's sink that keeps the last word on each record, in the order they were first heard of.

    What comes in between (a lap that was partial before history completed it) is left out: the store gets
    only what is so.
    """

    def __init__(self) -> None:
        self._entries: dict[tuple[type, str], Stamped] = {}

    def take(self, entries: Sequence[Stamped]) -> None:
        """The sink."""
        for entry in entries:
            key = _key(entry.event)
            before = self._entries.get(key)
            # A correction does not say again when the lap began.
            began_at = before.began_at if before and entry.began_at is None else entry.began_at
            self._entries[key] = entry._replace(began_at=began_at)

    @property
    def entries(self) -> list[Stamped]:
        """The records; a session comes before what belongs to it."""
        return list(self._entries.values())


def _key(event: TimingEvent | RigSeen) -> tuple[type, str]:
    """What a later event replaces: one of the same kind about the same record."""
    if isinstance(event, RigSeen):
        return RigSeen, event.key
    subject = getattr(event, fields(event)[0].name)
    return type(event), subject if isinstance(subject, str) else subject.id


def derive(datagrams: Iterable[Datagram]) -> list[Stamped]:
    """Time datagrams from beginning to end, by their recorded times."""
    derivation = Derivation()
    pipeline = Pipeline(derivation.take)
    now = 0.0
    for received_at, address, port, listen_port, data in datagrams:
        now = received_at
        pipeline.feed(data, address, port, listen_port, now)
        pipeline.tick(now)
    pipeline.finish(now)
    return derivation.entries
