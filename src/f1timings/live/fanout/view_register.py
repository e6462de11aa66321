"""The register of views: their kinds, which ones are open, who follows them, and when each is refreshed."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from f1timings.live.fanout.client import Client
from f1timings.live.fanout.guessed_views import GuessedViews
from f1timings.live.fanout.views import EVENTS_VIEW, Clock, EventsView, RowView, RowViewKind

_log = logging.getLogger(__name__)

# Views without followers that are kept open for screens that come back.
_MAX_IDLE = 64
_RIG = re.compile(r"[0-9A-Za-z.:%_-]{1,64}")


class ViewRefused(Exception):
    """A view that a screen cannot follow; the text says why, and which views there are."""


@dataclass(slots=True)
class _OpenView:
    """A view, the screens that follow it, and when it is refreshed next (``due``: the loop's clock)."""

    view: RowView | EventsView
    followers: dict[Client, None] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None
    due: float = 0.0
    has_failed: bool = False


class ViewRegister:
    """All views; it belongs to the event loop's thread.

    Args:
        epoch: of the server's run.
        clock: seconds since 1970.
        remembered: updates of a view that a screen may miss and still catch up.
        remembered_events: the same of the view ``events``.
        on_new: called with the followers of a view that has something new.
        guessed: the open views of rigs that nobody has heard.

    Attributes:
        events: the view ``events``, which is always open.
    """

    def __init__(
        self,
        *,
        epoch: str,
        clock: Clock,
        remembered: int,
        remembered_events: int,
        on_new: Callable[[Iterable[Client]], None],
        guessed: GuessedViews,
    ) -> None:
        self.events = EventsView(clock, epoch, remembered_events)
        self._epoch = epoch
        self._clock = clock
        self._remembered = remembered
        self._on_new = on_new
        self._guessed = guessed
        self._kinds: dict[str, RowViewKind] = {}
        self._events = _OpenView(self.events)
        self._views: dict[str, _OpenView] = {EVENTS_VIEW: self._events}
        self._opened = 0

    def register(self, kind: RowViewKind) -> None:
        """Let screens follow views of this kind."""
        self._kinds[kind.name] = kind

    @property
    def kinds(self) -> Mapping[str, RowViewKind]:
        """The kinds of row views by name."""
        return self._kinds

    @property
    def patterns(self) -> tuple[str, ...]:
        """All views as a screen writes them."""
        return (EVENTS_VIEW, *(kind.pattern for kind in self._kinds.values()))

    def follow(self, name: str, client: Client) -> RowView | EventsView:
        """Add a follower to a view, and open the view if need be; a follower of the view stays one.

        Raises:
            ViewRefused: there is no such view, or too many views of unknown rigs are followed.
        """
        rig = self._rig_of(name)
        opened = self._views.get(name)
        if opened is not None and client in opened.followers:
            return opened.view
        if rig is not None and (
            name in self._guessed or (opened is None and not self._guessed.knows_rig(rig))
        ):
            self._follow_guessed(name, rig, client)
        opened = opened or self._open(name)
        is_first = not opened.followers
        opened.followers[client] = None
        if is_first and isinstance(opened.view, RowView):
            opened.view.source.start()
            self._resume(opened)
        return opened.view

    def leave(self, name: str, client: Client) -> None:
        """Remove a follower; a view without followers is not refreshed, that of an unknown rig is closed."""
        opened = self._views[name]
        opened.followers.pop(client, None)
        if not opened.followers:
            self._stop(opened)
        if name in self._guessed:
            self._guessed.leave(name, client.address, is_last=not opened.followers)
            if not opened.followers:
                del self._views[name]

    def _rig_of(self, name: str) -> str | None:
        """The rig in the name of a view; None for a view of all rigs.

        Raises:
            ViewRefused: there is no such view.
        """
        word, colon, argument = name.partition(":")
        kind = self._kinds.get(word)
        if name == EVENTS_VIEW or (kind is not None and not kind.is_per_rig and not colon):
            return None
        if kind is not None and kind.is_per_rig and _RIG.fullmatch(argument):
            return argument
        raise ViewRefused(f"There is no view {name[:80]!r}; there are: {', '.join(self.patterns)}.")

    def _follow_guessed(self, name: str, rig: str, client: Client) -> None:
        if not self._guessed.may_follow(name, client.address):
            raise ViewRefused(
                f"No rig {rig!r} has been heard, and too many such views are followed already. "
                "GET /api/v1/rigs lists the rigs."
            )
        self._guessed.follow(name, client.address)

    @property
    def event_followers(self) -> Iterable[Client]:
        """The followers of the view ``events``."""
        return self._events.followers

    def beat(self) -> Iterator[Iterable[Client]]:
        """Advance the heartbeat of each view that is followed; yields its followers."""
        for opened in self._views.values():
            if opened.followers:
                opened.view.heartbeat_number += 1
                yield opened.followers

    def stop(self) -> None:
        """Refresh no view any more."""
        for opened in self._views.values():
            self._stop(opened)

    def _open(self, name: str) -> _OpenView:
        self._close_idle()
        word, _, argument = name.partition(":")
        self._opened += 1
        view = RowView(
            self._kinds[word],
            argument,
            clock=self._clock,
            epoch=f"{self._epoch}.{self._opened}",
            channel=self._opened % 65_536,
            remembered=self._remembered,
        )
        opened = self._views[name] = _OpenView(view)
        return opened

    def _close_idle(self) -> None:
        idle = [name for name, opened in self._views.items() if not opened.followers and name != EVENTS_VIEW]
        for name in idle[: max(0, len(idle) - _MAX_IDLE + 1)]:
            del self._views[name]

    def _stop(self, opened: _OpenView) -> None:
        if opened.timer is not None:
            opened.timer.cancel()
            opened.timer = None
            if isinstance(opened.view, RowView):
                opened.view.source.stop()

    def _resume(self, opened: _OpenView) -> None:
        """Refresh a view that has followers again, but no sooner than if they had never left."""
        loop = asyncio.get_running_loop()
        if opened.due > loop.time():
            opened.timer = loop.call_at(opened.due, self._refresh, opened)
        else:
            opened.due = loop.time()
            self._refresh(opened)

    def _refresh(self, opened: _OpenView) -> None:
        """Refresh a row view now and, while it has followers, periodically."""
        view = opened.view
        assert isinstance(view, RowView)
        loop = asyncio.get_running_loop()
        # After a late refresh the next one is on time again, but never at once.
        opened.due = max(opened.due + view.period_s, loop.time())
        opened.timer = loop.call_at(opened.due, self._refresh, opened)
        try:
            is_new = view.refresh()
        except Exception:  # noqa: BLE001 - the supervisor of all views: one view's error must not end the others
            if not opened.has_failed:
                _log.exception("view %s cannot be built", view.sheet.view)
            opened.has_failed = True
            return
        opened.has_failed = False
        if is_new:
            self._on_new(opened.followers)
