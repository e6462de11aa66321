"""The tables of access: accounts, logins, tokens, whether reading is open, and the security log.

Columns have the names of the fields in :mod:`f1timings.access.accounts`. Secrets are stored as hashes only.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from f1timings.store.tables.column_types import Instant, PlainText
from f1timings.store.tables.timed import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("name", PlainText, nullable=False),
    # The form in which names are compared: no two accounts differ in case only.
    Column("name_key", PlainText, nullable=False),
    Column("role", PlainText, nullable=False),
    Column("password_hash", PlainText, nullable=False),
    Column("is_disabled", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("name_key"),
)

logins = Table(
    "logins",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("secret_hash", PlainText, nullable=False),
    Column("account_id", PlainText, ForeignKey("accounts.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("address", PlainText, nullable=False),
    Column("agent", PlainText, nullable=False),
    UniqueConstraint("secret_hash"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("name", PlainText, nullable=False),
    Column("role", PlainText, nullable=False),
    Column("kind", PlainText, nullable=False),
    Column("secret_hash", PlainText, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", PlainText, nullable=False),
    # Without a foreign key: a display stays when the account is deleted.
    Column("account_id", PlainText),
    Column("expires_at", Instant),
    UniqueConstraint("secret_hash"),
)

# One row: whether anonymous visitors may read.
access_settings = Table(
    "access_settings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reading", PlainText, nullable=False),
)

# Append-only.
access_log = Table(
    "access_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("who", PlainText, nullable=False),
    Column("ip", PlainText, nullable=False),
    Column("what", PlainText, nullable=False),
    Column("outcome", PlainText, nullable=False),
    Column("detail", PlainText, nullable=False),
    Column("times", Integer, nullable=False),
    Index(None, "at", "seq"),
)
