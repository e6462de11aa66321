"""Every error that the program raises on purpose, as one tree.

F1TimingsError
├── DecodeError        a datagram that is not a packet of a known game (counted, never fatal)
├── CaptureError       a capture file that cannot be read, or not completely
├── ConfigError        a setting that cannot work; the text says what to set instead
├── FolderInUse        another process owns the data folder
├── BackupError        a backup that cannot be made, or cannot be restored; the text says why
├── TraceUnreadable    a stored trace that is damaged, or that a later version wrote
├── ActError           a requested change or record that is not possible; has a code for its sentence
│   ├── NotFound       there is no record with this id
│   ├── ActConflict    the record has changed since, or does not allow it; has the current record
│   ├── ActInvalid     a value that is never valid; the text has a valid example
│   └── Replayed       the same request was already carried out; has the id of its record
└── StoreError         the database did not store or return a record
    ├── StoreBusy      the queue to the database is full; the caller must slow down or report it
    ├── StoreOutage    the database accepts nothing at the moment; says whether the disk is full
    ├── StoreDamaged   the database is damaged; the text says what is damaged and how to go on
    └── QueryError     a filter, order, limit or cursor that a list does not have; the text has those allowed
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from f1timings.refusals import sentence

BackupTrouble = Literal["space", "damaged", "unwritable", "absent", "programs", "reported"]
"""Why there is no backup: no space, a damaged database or copy, a folder that cannot be written or is absent,
missing programs of PostgreSQL, or a reason that the text reports."""

StoreTrouble = Literal["full", "read-only", "failing"]
"""Why the database accepts nothing: its disk is full, it or its disk is read-only, or another reason."""


class F1TimingsError(Exception):
    """Base class of all errors. The text can be shown to a user."""


class DecodeError(F1TimingsError):
    """A datagram that is not a packet of a known game.

    Attributes:
        reason: a short stable word for counters (``too_short``, ``old_format``, ``unknown_format``,
            ``unknown_packet``, ``wrong_size``).
        detail: the reason in more words.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[DecodeError], tuple[str, str]]:
        return type(self), (self.reason, self.detail)


class CaptureError(F1TimingsError):
    """A file that is not a pcap or pcapng capture, or is damaged."""


class ConfigError(F1TimingsError):
    """A setting that cannot work."""


class FolderInUse(F1TimingsError):
    """Another process owns the data folder."""


class BackupError(F1TimingsError):
    """A backup that cannot be made, or cannot be restored.

    Attributes:
        trouble: the kind of reason, for texts in other languages.
    """

    def __init__(self, text: str, trouble: BackupTrouble = "reported") -> None:
        super().__init__(text)
        self.trouble: BackupTrouble = trouble


class TraceUnreadable(F1TimingsError):
    """Bytes that are no trace, or a damaged one."""


class ActError(F1TimingsError):
    """A requested change or record that is not possible.

    Attributes:
        code: which refusal it is, a key of :data:`f1timings.refusals.SENTENCES`.
        values: what fills the holes of its sentence.
    """

    def __init__(self, code: str, values: Mapping[str, str | int], detail: str = "") -> None:
        texts = {name: str(value) for name, value in values.items()}
        super().__init__(detail or sentence(code, texts))
        self.code = code
        self.values = texts


class NotFound(ActError):
    """There is no record with this id."""

    def __init__(self, code: str, /, *, detail: str = "", **values: str | int) -> None:
        """Build the error from its code and the values of its sentence.

        Args:
            detail: a text with more for programs, instead of the sentence.
        """
        super().__init__(code, values, detail)


class ActConflict(ActError):
    """The record has changed since, or does not allow the change.

    Attributes:
        current: the current record, or None if there is no record to show.
    """

    def __init__(self, code: str, current: object = None, /, **values: str | int) -> None:
        super().__init__(code, values)
        self.current = current


class ActInvalid(ActError):
    """A value that is never valid.

    Attributes:
        field: name of the invalid field, or None if no single field is invalid.
    """

    def __init__(self, code: str, field: str | None = None, /, **values: str | int) -> None:
        super().__init__(code, values)
        self.field = field

    def at_field(self, field: str) -> Self:
        """Return the same error for another field."""
        return type(self)(self.code, field, **self.values)


class Replayed(ActError):
    """A request with the same key was already carried out.

    Attributes:
        subject: id of the record that the request changed.
    """

    def __init__(self, subject: str) -> None:
        super().__init__("already-carried-out", {})
        self.subject = subject


class StoreError(F1TimingsError):
    """The database did not store or return a record."""


class StoreBusy(StoreError):
    """The queue to the database is full."""


class StoreOutage(StoreError):
    """The database accepts nothing at the moment; the writer tries again until it does.

    Attributes:
        trouble: why.
    """

    def __init__(self, text: str, trouble: StoreTrouble) -> None:
        super().__init__(text)
        self.trouble: StoreTrouble = trouble


class StoreDamaged(StoreError):
    """The database is damaged, and what it has stored cannot be read or changed reliably.

    Attributes:
        database: the database: the path of its file, or its name.
        damage: what is damaged, as a part of a sentence.
        advice: how to go on; empty where nobody has added it yet.
    """

    def __init__(self, database: str, damage: str, advice: str = "") -> None:
        super().__init__("\n".join(filter(None, (f"The database {database} is damaged: {damage}.", advice))))
        self.database = database
        self.damage = damage
        self.advice = advice

    def __reduce__(self) -> tuple[type[StoreDamaged], tuple[str, str, str]]:
        return type(self), (self.database, self.damage, self.advice)


class QueryError(StoreError):
    """A filter, order, limit or cursor that a list does not have."""
