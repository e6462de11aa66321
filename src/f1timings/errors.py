"""Every error this program raises on purpose, as one tree.

F1TimingsError
├── DecodeError        bytes that are no packet of any game we know (counted, never fatal)
├── CaptureError       a capture file that cannot be read, or not further
├── ConfigError        a setting that cannot work, with what to set instead
├── FolderInUse        another process owns the data folder
├── ActError           somebody asked for something that cannot be done
│   ├── NotFound       there is nothing of that id
│   ├── ActConflict    what is there has changed meanwhile, or does not allow it; carries the current state
│   ├── ActInvalid     a value that can never be right, with a right example
│   └── Replayed       the same request was done already; carries what it was about
└── StoreError         the database did not take or give a record
    ├── StoreBusy      the queue to the database is full; the caller must slow down or say so
    └── QueryError     a filter, order, limit or cursor that no list knows, with what is allowed
"""

from __future__ import annotations


class F1TimingsError(Exception):
    """Base of all our errors; its text is fit for the person at the screen."""


class DecodeError(F1TimingsError):
    """Bytes that are not a packet.

    Attributes:
        reason: a short stable word for counters (``too_short``, ``unknown_format``, ``unknown_packet``,
            ``wrong_size``).
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[DecodeError], tuple[str, str]]:
        return type(self), (self.reason, self.detail)


class CaptureError(F1TimingsError):
    """A capture file is not pcap or pcapng, or holds something that cannot be read."""


class ConfigError(F1TimingsError):
    """A setting that cannot work."""


class FolderInUse(F1TimingsError):
    """Another process owns the data folder."""


class ActError(F1TimingsError):
    """Somebody asked for something that cannot be done."""


class NotFound(ActError):
    """There is nothing of that id."""


class ActConflict(ActError):
    """What is there has changed meanwhile, or does not allow it.

    Attributes:
        current: the record as it is now, None if there is none to show.
    """

    def __init__(self, detail: str, current: object = None) -> None:
        super().__init__(detail)
        self.current = current


class ActInvalid(ActError):
    """A value that can never be right.

    Attributes:
        field: name of the field at fault, None if it is no single one.
    """

    def __init__(self, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


class Replayed(ActError):
    """The same request, by its key, was done already.

    Attributes:
        subject: id of what it was about.
    """

    def __init__(self, subject: str) -> None:
        super().__init__("this request was done already")
        self.subject = subject


class StoreError(F1TimingsError):
    """The database did not take or give a record."""


class StoreBusy(StoreError):
    """The queue to the database is full."""


class QueryError(StoreError):
    """A list was asked for with a filter, order, limit or cursor that it does not know."""
