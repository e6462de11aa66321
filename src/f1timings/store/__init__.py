"""The store: laps, sessions and what people entered, in a database. The only package that contains SQL."""

from __future__ import annotations

from f1timings.meeting.boards import Board, BoardEntry, BoardSummary, LeaderboardQuery
from f1timings.store.access import (
    AccessLogEntry,
    AccessRecords,
    AccessStore,
    StoredAccessLogEntry,
    read_access_records,
)
from f1timings.store.acts.desk import Desk
from f1timings.store.ids import new_id
from f1timings.store.paging import OPERATORS, Condition, Listing, Page
from f1timings.store.reads.fields import (
    ACCESS_LOG_FIELDS,
    ACT_FIELDS,
    ASSIGNMENT_FIELDS,
    LAP_FIELDS,
    OCCURRENCE_FIELDS,
    RIG_FIELDS,
    SESSION_FIELDS,
)
from f1timings.store.reads.queries import Reads
from f1timings.store.store import DATABASE_FILE, Store, sqlite_url
from f1timings.store.stored import (
    Committed,
    CommittedAct,
    RecordChange,
    Stamped,
    StoredClassification,
    StoredEvent,
    StoredLap,
    StoredOccurrence,
    StoredRig,
    StoredSession,
    WriterState,
)
from f1timings.store.writer import OnCommitted

__all__ = [
    "ACCESS_LOG_FIELDS",
    "ACT_FIELDS",
    "ASSIGNMENT_FIELDS",
    "DATABASE_FILE",
    "LAP_FIELDS",
    "OCCURRENCE_FIELDS",
    "OPERATORS",
    "RIG_FIELDS",
    "SESSION_FIELDS",
    "AccessLogEntry",
    "AccessRecords",
    "AccessStore",
    "Board",
    "BoardEntry",
    "BoardSummary",
    "Committed",
    "CommittedAct",
    "Condition",
    "Desk",
    "LeaderboardQuery",
    "Listing",
    "OnCommitted",
    "Page",
    "Reads",
    "RecordChange",
    "Stamped",
    "Store",
    "StoredAccessLogEntry",
    "StoredClassification",
    "StoredEvent",
    "StoredLap",
    "StoredOccurrence",
    "StoredRig",
    "StoredSession",
    "WriterState",
    "new_id",
    "read_access_records",
    "sqlite_url",
]
