"""Accounts, logins, tokens, the setting whether reading is open, and the security log.

A migration is history: it names its types itself and does not follow later changes of the tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the five tables; reading is open."""
    _people()
    op.create_table(
        "access_settings",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        _text("reading"),
        sa.PrimaryKeyConstraint("id", name="pk_access_settings"),
    )
    op.execute("INSERT INTO access_settings (id, reading) VALUES (1, 'open')")
    op.create_table(
        "access_log",
        sa.Column("seq", sa.BigInteger(), nullable=False, autoincrement=False),
        _at("at"),
        *(_text(name) for name in ("who", "ip", "what", "outcome", "detail")),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_access_log"),
    )
    op.create_index("ix_access_log_at_seq", "access_log", ["at", "seq"])


def downgrade() -> None:
    """Drop the five tables with their rows."""
    for table in ("access_log", "access_settings", "tokens", "logins", "accounts"):
        op.drop_table(table)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _at(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _people() -> None:
    op.create_table(
        "accounts",
        *(_text(name) for name in ("id", "name", "name_key", "role", "password_hash")),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("created_at"),
        _at("changed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("name_key", name="uq_accounts_name_key"),
    )
    op.create_table(
        "logins",
        *(_text(name) for name in ("id", "secret_hash", "account_id")),
        _at("created_at"),
        _at("last_seen_at"),
        *(_text(name) for name in ("address", "agent")),
        sa.PrimaryKeyConstraint("id", name="pk_logins"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_logins_account_id"),
        sa.UniqueConstraint("secret_hash", name="uq_logins_secret_hash"),
    )
    op.create_table(
        "tokens",
        *(_text(name) for name in ("id", "name", "role", "kind", "secret_hash")),
        _at("created_at"),
        _text("created_by"),
        _at("expires_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_tokens_secret_hash"),
    )
