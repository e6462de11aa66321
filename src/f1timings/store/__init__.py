"""The store: what was timed, kept for good. The only room that knows SQL."""

from __future__ import annotations

from f1timings.store.access import Noted, Registered, Registry, StoredNote, read_registered
from f1timings.store.board_records import Board, BoardEntry, BoardSummary, LeaderboardQuery
from f1timings.store.desk import Acted, Change, Desk, new_id
from f1timings.store.reads import (
    ACCESS_LOG_FIELDS,
    ACT_FIELDS,
    ASSIGNMENT_FIELDS,
    INCIDENT_FIELDS,
    LAP_FIELDS,
    OPERATORS,
    PIT_VISIT_FIELDS,
    RIG_FIELDS,
    SESSION_FIELDS,
    STINT_FIELDS,
    Condition,
    Listing,
    Page,
    Reads,
)
from f1timings.store.store import DATABASE_FILE, Store, sqlite_url
from f1timings.store.stored import (
    Committed,
    Stamped,
    StoredClassification,
    StoredFact,
    StoredLap,
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
    "INCIDENT_FIELDS",
    "LAP_FIELDS",
    "OPERATORS",
    "PIT_VISIT_FIELDS",
    "RIG_FIELDS",
    "SESSION_FIELDS",
    "STINT_FIELDS",
    "Acted",
    "Board",
    "BoardEntry",
    "BoardSummary",
    "Change",
    "Committed",
    "Condition",
    "Desk",
    "LeaderboardQuery",
    "Listing",
    "Noted",
    "OnCommitted",
    "Page",
    "Reads",
    "Registered",
    "Registry",
    "Stamped",
    "Store",
    "StoredClassification",
    "StoredFact",
    "StoredLap",
    "StoredNote",
    "StoredRig",
    "StoredSession",
    "WriterState",
    "new_id",
    "read_registered",
    "sqlite_url",
]
