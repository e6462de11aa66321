"""The views that screens follow: events, current rows, and rows with binary frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from f1timings.live.fanout import messages
from f1timings.live.fanout.encoded_message import EncodedMessage
from f1timings.live.fanout.row_columns import Columns
from f1timings.live.fanout.sheet import Contents, Sheet

EVENTS_VIEW = "events"

Clock = Callable[[], float]
# Called periodically while a screen follows the view; None means unchanged since the last call.
Provider = Callable[[], Contents | None]
# Builds a binary frame for a channel and a frame number; None if there is no newer one.
Framer = Callable[[int, int], bytes | None]


_NO_FRAME = EncodedMessage(b"", is_text=False)


def _nothing() -> None:
    """The default where a source has nothing to start or stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSource:
    """Where the rows of one view come from.

    Attributes:
        contents: returns the current contents; called in the event loop's thread.
        start / stop: called before the first screen follows the view, and after the last one has left.
        frame: builds binary frames, where the view has them.
    """

    contents: Provider
    start: Callable[[], None] = _nothing
    stop: Callable[[], None] = _nothing
    frame: Framer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowViewKind:
    """A kind of row views, such as ``board``, or ``tower`` with one view per rig: ``tower:<rig>``.

    Attributes:
        columns: of its rows, without the id.
        facts: of the whole view.
        build_source: builds the source of one view from the text after the colon, empty if there is none.
        period_s: seconds between two refreshes.
        is_per_rig: whether each rig has a view of its own.
        rows_every: the rows are refreshed in every n-th period only, the binary frames in each.
        meaning: what the view shows, in one sentence.
        id_meaning: what the id of a row is.
    """

    name: str
    columns: Columns
    facts: Columns
    build_source: Callable[[str], RowSource]
    period_s: float
    is_per_rig: bool = False
    rows_every: int = 1
    meaning: str = ""
    id_meaning: str = "car index"

    @property
    def pattern(self) -> str:
        """The name as a screen writes it."""
        return f"{self.name}:<rig>" if self.is_per_rig else self.name


class _Heartbeat:
    """The newest heartbeat, encoded once for all screens, and again if an update changes its number."""

    def __init__(self, view: str, clock: Clock) -> None:
        self._view = view
        self._clock = clock
        self._encoded_for = (-1, -1)
        self._message = EncodedMessage(b"")

    def message(self, number: int, seq: int) -> EncodedMessage:
        """Heartbeat ``number``, with ``seq`` as the number of the newest update."""
        if self._encoded_for != (number, seq):
            self._encoded_for = (number, seq)
            self._message = EncodedMessage.text(messages.heartbeat(self._view, seq, self._clock()))
        return self._message


class EventsView:
    """Everything that is committed, one message after the other.

    Attributes:
        seq / heartbeat_number: numbers of the newest update and the newest heartbeat.
        frame_number / frame_message: 0 and unused; events have no binary frames.
    """

    def __init__(self, clock: Clock, epoch: str, remembered: int) -> None:
        self.seq = self.heartbeat_number = self.frame_number = 0
        self.frame_message = _NO_FRAME
        self.epoch = epoch
        self._clock = clock
        self._recent: deque[EncodedMessage] = deque(maxlen=remembered)
        self._heartbeat = _Heartbeat(EVENTS_VIEW, clock)

    def add(self, event: str, data: str) -> None:
        """Number an event and add it; ``data`` is JSON text."""
        self.seq += 1
        self._recent.append(EncodedMessage.text(messages.update(EVENTS_VIEW, self.seq, event, data)))

    def next_message(self, seq: int) -> tuple[EncodedMessage, int]:
        """The event after ``seq`` and its number; a snapshot and the newest number if it is forgotten."""
        missed = self.seq - seq
        if 0 < missed <= len(self._recent) and seq >= 0:
            return self._recent[-missed], seq + 1
        return EncodedMessage.text(messages.snapshot(EVENTS_VIEW, self.seq, self._clock())), self.seq

    def remembers(self, seq: int) -> bool:
        """Whether a screen that has all events up to ``seq`` can resume there."""
        return 0 <= self.seq - seq <= len(self._recent)

    @property
    def heartbeat_message(self) -> EncodedMessage:
        """The newest heartbeat."""
        return self._heartbeat.message(self.heartbeat_number, self.seq)


class RowView:
    """Rows as they are now.

    Attributes:
        seq / heartbeat_number / frame_number: numbers of the newest update, heartbeat and binary frame.
        frame_message: the newest binary frame.
        period_s: seconds between two calls of :meth:`refresh`.
    """

    def __init__(
        self, kind: RowViewKind, argument: str, *, clock: Clock, epoch: str, channel: int, remembered: int
    ) -> None:
        name = f"{kind.name}:{argument}" if argument else kind.name
        self.kind = kind
        self.period_s = kind.period_s
        self.seq = self.heartbeat_number = self.frame_number = 0
        self.frame_message = _NO_FRAME
        self.sheet = Sheet(name, kind.columns, epoch, remembered=remembered)
        self.source = kind.build_source(argument)
        self._clock = clock
        self._channel = channel
        self._refreshes = 0
        self._heartbeat = _Heartbeat(name, clock)

    @property
    def epoch(self) -> str:
        """The epoch of its numbers."""
        return self.sheet.epoch

    def remembers(self, seq: int) -> bool:
        """Whether a screen that has all updates up to ``seq`` can resume there."""
        return self.sheet.remembers(seq)

    def refresh(self) -> bool:
        """Read the source; whether there is a new update or frame."""
        is_new = False
        if self._refreshes % self.kind.rows_every == 0:
            contents = self.source.contents()
            is_new = contents is not None and self.sheet.apply(contents)
            self.seq = self.sheet.seq
        self._refreshes += 1
        return self._refresh_frame() or is_new

    def next_message(self, seq: int) -> tuple[EncodedMessage, int]:
        """One update from ``seq`` to now, or a snapshot; and the newest number."""
        encoded = self.sheet.updates.get(seq)
        if encoded is not None:
            return encoded, self.seq
        if seq >= 0 and self.sheet.remembers(seq):
            return self.sheet.update(seq), self.seq
        channel = self._channel if self.source.frame is not None else None
        return self.sheet.snapshot(self._clock(), channel), self.seq

    @property
    def heartbeat_message(self) -> EncodedMessage:
        """The newest heartbeat."""
        return self._heartbeat.message(self.heartbeat_number, self.seq)

    def _refresh_frame(self) -> bool:
        if self.source.frame is None:
            return False
        body = self.source.frame(self._channel, self.frame_number + 1)
        if body is None:
            return False
        self.frame_number += 1
        self.frame_message = EncodedMessage(body, is_text=False)
        return True
