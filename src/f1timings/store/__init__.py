"""The store: what was timed, kept for good. The only room that knows SQL."""

from __future__ import annotations

from f1timings.store.reads import (
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
    "DATABASE_FILE",
    "INCIDENT_FIELDS",
    "LAP_FIELDS",
    "OPERATORS",
    "PIT_VISIT_FIELDS",
    "RIG_FIELDS",
    "SESSION_FIELDS",
    "STINT_FIELDS",
    "Committed",
    "Condition",
    "Listing",
    "OnCommitted",
    "Page",
    "Reads",
    "Stamped",
    "Store",
    "StoredClassification",
    "StoredFact",
    "StoredLap",
    "StoredRig",
    "StoredSession",
    "WriterState",
    "sqlite_url",
]
