"""The first tables: rigs, sessions, participants, laps with their revisions, classifications.

A migration is history: it names its types itself and does not follow later changes of the tables.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables, with the change counter at 0."""
    counter = op.create_table(
        "change_counter",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_counter"),
    )
    op.bulk_insert(counter, [{"id": 1, "seq": 0}])
    _rigs()
    _sessions()
    _participants()
    _laps()
    _classifications()


def downgrade() -> None:
    """Drop all tables with their rows."""
    for table in (
        "classification_entries",
        "classifications",
        "lap_revisions",
        "laps",
        "participants",
        "sessions",
        "rigs",
        "change_counter",
    ):
        op.drop_table(table)


def _text(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _long(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _flag(name: str, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _rigs() -> None:
    op.create_table(
        "rigs",
        _text("key", False),
        _text("address", False),
        _number("port", False),
        _number("listen_port", False),
        _number("packet_format"),
        _number("game_year"),
        _long("first_seen_at", False),
        _long("last_seen_at", False),
        _long("seq", False),
        sa.PrimaryKeyConstraint("key", name="pk_rigs"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        _text("id", False),
        _text("rig", False),
        _text("session_uid", False),
        _number("epoch", False),
        _number("packet_format", False),
        _number("game_year"),
        _number("track_id"),
        _text("track"),
        _number("track_length_m"),
        _number("session_type_id"),
        _text("session_type"),
        _flag("is_race", False),
        _text("formula"),
        _number("total_laps"),
        _flag("is_online"),
        _number("player_car_index"),
        _text("weather"),
        _flag("is_ended", False),
        _long("opened_at", False),
        _long("ended_at"),
        _long("seq", False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("rig", "session_uid", "epoch", name="uq_sessions_rig_session_uid_epoch"),
    )
    op.create_index("ix_sessions_opened_at_seq", "sessions", ["opened_at", "seq"])
    op.create_index("ix_sessions_session_uid", "sessions", ["session_uid"])


def _participants() -> None:
    op.create_table(
        "participants",
        _text("session_id", False),
        _number("car_index", False),
        _text("name"),
        _number("team_id"),
        _text("team"),
        _number("race_number"),
        _flag("is_ai", False),
        _flag("is_player", False),
        _number("driver_id"),
        _text("nationality"),
        sa.PrimaryKeyConstraint("session_id", "car_index", name="pk_participants"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_participants_session_id"),
    )


def _version_of_lap() -> list[sa.Column[Any]]:
    return [
        _text("id", False),
        _text("session_id", False),
        _number("revision", False),
        _text("session_uid", False),
        _text("rig", False),
        _number("car_index", False),
        _text("participant"),
        _number("lap_number", False),
        _number("branch", False),
        _number("lap_time_ms"),
        _number("sector1_ms"),
        _number("sector2_ms"),
        _number("sector3_ms"),
        _flag("is_valid"),
        _text("compound"),
        _text("state", False),
        _flag("recovered", False),
        _long("recorded_at", False),
        _long("received_at", False),
        _long("official_at", False),
        _long("seq", False),
    ]


def _laps() -> None:
    key = ("session_id", "car_index", "lap_number", "branch")
    op.create_table(
        "laps",
        *_version_of_lap(),
        sa.PrimaryKeyConstraint("id", name="pk_laps"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_laps_session_id"),
        sa.UniqueConstraint(*key, name="uq_laps_session_id_car_index_lap_number_branch"),
        sa.UniqueConstraint("seq", name="uq_laps_seq"),
    )
    for first in ("official_at", "lap_time_ms", "rig"):
        op.create_index(f"ix_laps_{first}_seq", "laps", [first, "seq"])
    op.create_table(
        "lap_revisions",
        *_version_of_lap(),
        sa.PrimaryKeyConstraint("id", "revision", name="pk_lap_revisions"),
        sa.ForeignKeyConstraint(["id"], ["laps.id"], name="fk_lap_revisions_id"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_lap_revisions_session_id"),
    )


def _classifications() -> None:
    op.create_table(
        "classifications",
        _text("session_id", False),
        _long("official_at", False),
        _long("seq", False),
        sa.PrimaryKeyConstraint("session_id", name="pk_classifications"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_classifications_session_id"),
    )
    op.create_table(
        "classification_entries",
        _text("session_id", False),
        _number("car_index", False),
        _number("position", False),
        _text("name"),
        _number("laps", False),
        _number("best_lap_ms"),
        _number("total_time_ms"),
        _number("penalties_s", False),
        _text("status", False),
        _number("points"),
        _number("grid_position"),
        _number("pit_stops", False),
        sa.PrimaryKeyConstraint("session_id", "car_index", name="pk_classification_entries"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["classifications.session_id"], name="fk_classification_entries_session_id"
        ),
    )
