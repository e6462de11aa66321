"""The newest datagrams of a rig, of which only those of one session are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Self

from f1timings.live.views.lap_data import NewestSession, SessionNow
from f1timings.packets import layout_of
from f1timings.timing.records import Session


class SessionDatagrams(NamedTuple):
    """The newest datagrams of a rig, of which those that belong to a session are read.

    Attributes:
        by_kind: all of them.
        uid: the UID of the session, as its datagrams have it.
        uid_at: where they have it.
    """

    by_kind: Mapping[str, bytes]
    uid: bytes
    uid_at: slice

    @classmethod
    def of(cls, by_kind: Mapping[str, bytes], session: Session) -> Self:
        """The datagrams of a session."""
        begin = layout_of(session.packet_format, "session").header.offsets["session_uid"]
        return cls(by_kind, session.uid.to_bytes(8, "little"), slice(begin, begin + 8))

    def newest(self, kind: str) -> bytes | None:
        """The newest datagram of a kind, None if it belongs to another session."""
        data = self.by_kind.get(kind)
        return None if data is None or data[self.uid_at] != self.uid else data


class NewestDatagrams:
    """The newest datagrams of one rig between two looks at it."""

    def __init__(self) -> None:
        self._of: tuple[Session, SessionDatagrams] | None = None
        self._session = NewestSession()
        self._now: tuple[bytes | None, SessionNow | None] = (None, None)

    def of(self, by_kind: Mapping[str, bytes], session: Session) -> SessionDatagrams:
        """The newest datagrams that belong to a session."""
        known = self._of
        if known is None or by_kind is not known[1].by_kind or session is not known[0]:
            known = self._of = session, SessionDatagrams.of(by_kind, session)
        return known[1]

    def session_now(self, by_kind: Mapping[str, bytes], session: Session | None) -> SessionNow | None:
        """The newest session packet, None if it belongs to another session."""
        data = None if session is None else self.of(by_kind, session).newest("session")
        if data is not self._now[0]:
            self._now = data, None if data is None else self._session.look(data)
        return self._now[1]
