"""What screens follow: events one by one, rows as they are now, rows with binary frames beside."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from f1timings.live.fanout import messages
from f1timings.live.fanout.row_columns import Columns
from f1timings.live.fanout.sheet import Contents, Sheet
from f1timings.live.fanout.wire import EncodedMessage

EVENTS_VIEW = "events"

Clock = Callable[[], float]
# Asked again and again while somebody looks; None says that nothing has changed since.
Provider = Callable[[], Contents | None]
# The body of a binary frame for a channel and a number, or None if there is no newer one.
Framer = Callable[[int, int], bytes | None]


_NO_FRAME = EncodedMessage(b"", is_text=False)


def _nothing() -> None:
    """Nothing begins or ends with the first and the last screen."""


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
    """One heartbeat for all screens, made anew if meanwhile there was an update: its number must be right."""

    def __init__(self, view: str, clock: Clock) -> None:
        self._view = view
        self._clock = clock
        self._made_for = (-1, -1)
        self._wire = EncodedMessage(b"")

    def wire(self, beat: int, seq: int) -> EncodedMessage:
        """The heartbeat of this number after this update."""
        if self._made_for != (beat, seq):
            self._made_for = (beat, seq)
            self._wire = EncodedMessage.text(messages.heartbeat(self._view, seq, self._clock()))
        return self._wire


class EventsView:
    """Everything that was committed, one message after the other."""

    def __init__(self, clock: Clock, epoch: str, remembered: int) -> None:
        self.seq = self.beat = self.frame = 0
        self.frame_wire = _NO_FRAME
        self.epoch = epoch
        self._clock = clock
        self._wires: deque[EncodedMessage] = deque(maxlen=remembered)
        self._heartbeat = _Heartbeat(EVENTS_VIEW, clock)

    def add(self, event: str, data: str) -> None:
        """Number one event; ``data`` is JSON text."""
        self.seq += 1
        self._wires.append(EncodedMessage.text(messages.update(EVENTS_VIEW, self.seq, event, data)))

    def after(self, seq: int) -> tuple[EncodedMessage, int]:
        """The next event, or a snapshot in place of all if that one is forgotten."""
        missed = self.seq - seq
        if 0 < missed <= len(self._wires) and seq >= 0:
            return self._wires[-missed], seq + 1
        return EncodedMessage.text(messages.snapshot(EVENTS_VIEW, self.seq, self._clock())), self.seq

    def remembers(self, seq: int) -> bool:
        """Whether a screen that has everything up to ``seq`` can go on from there."""
        return 0 <= self.seq - seq <= len(self._wires)

    @property
    def beat_wire(self) -> EncodedMessage:
        """The newest heartbeat."""
        return self._heartbeat.wire(self.beat, self.seq)


class RowView:
    """Rows as they are now.

    Attributes:
        seq / beat / frame: numbers of the newest update, heartbeat and binary frame.
        period_s: from one :meth:`look` to the next.
    """

    def __init__(
        self, kind: RowViewKind, argument: str, clock: Clock, epoch: str, channel: int, remembered: int
    ) -> None:
        name = f"{kind.name}:{argument}" if argument else kind.name
        self.kind = kind
        self.period_s = kind.period_s
        self.seq = self.beat = self.frame = 0
        self.frame_wire = _NO_FRAME
        self.sheet = Sheet(name, kind.columns, epoch, remembered)
        self.source = kind.build_source(argument)
        self._clock = clock
        self._channel = channel
        self._looks = 0
        self._heartbeat = _Heartbeat(name, clock)

    @property
    def epoch(self) -> str:
        """Of its numbers."""
        return self.sheet.epoch

    def remembers(self, seq: int) -> bool:
        """Whether a screen that has everything up to ``seq`` can go on from there."""
        return self.sheet.remembers(seq)

    def look(self) -> bool:
        """Ask the source; whether there is something new."""
        is_new = False
        if self._looks % self.kind.rows_every == 0:
            contents = self.source.contents()
            is_new = contents is not None and self.sheet.apply(contents)
            self.seq = self.sheet.seq
        self._looks += 1
        return self._look_at_frame() or is_new

    def after(self, seq: int) -> tuple[EncodedMessage, int]:
        """One update from there to now, or a snapshot."""
        made = self.sheet.updates.get(seq)
        if made is not None:
            return made, self.seq
        if seq >= 0 and self.sheet.remembers(seq):
            return self.sheet.update(seq), self.seq
        channel = self._channel if self.source.frame is not None else None
        return self.sheet.snapshot(self._clock(), channel), self.seq

    @property
    def beat_wire(self) -> EncodedMessage:
        """The newest heartbeat."""
        return self._heartbeat.wire(self.beat, self.seq)

    def _look_at_frame(self) -> bool:
        if self.source.frame is None:
            return False
        body = self.source.frame(self._channel, self.frame + 1)
        if body is None:
            return False
        self.frame += 1
        self.frame_wire = EncodedMessage(body, is_text=False)
        return True
