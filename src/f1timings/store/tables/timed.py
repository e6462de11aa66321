"""The tables of what was timed, with their keys and the indices for their lists.

Columns have the names of the fields of the records they store. Session UIDs are decimal text (they overflow
signed 64 bits); lap times are integer milliseconds; instants are microseconds UTC (see :class:`Instant`).
``seq`` is the number of the change that wrote the row, from one counter for all tables.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    false,
)

from f1timings.store.tables.column_types import Instant, Json, PlainText

# Every constraint has a name, so that a later migration can drop it on SQLite too.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

change_counter = Table(
    "change_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("server_time", Instant),
    # Steady time when it was stored last, and that moment by the clock of the machine since its start.
    Column("steady_time", Instant),
    Column("boot", PlainText, nullable=False, server_default=""),
    Column("elapsed_us", BigInteger, nullable=False, server_default="0"),
    # Which records of the spool belong to this database (0 before the first start), and the newest one of
    # them that is committed.
    Column("spool_owner", BigInteger, nullable=False, server_default="0"),
    Column("spooled", BigInteger, nullable=False, server_default="0"),
)

rigs = Table(
    "rigs",
    metadata,
    Column("key", PlainText, primary_key=True),
    Column("address", PlainText, nullable=False),
    Column("port", Integer, nullable=False),
    Column("listen_port", Integer, nullable=False),
    Column("packet_format", Integer),
    Column("game_year", Integer),
    Column("shares_address", Boolean, nullable=False, server_default=false()),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("first_seen_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", PlainText, primary_key=True),
    Column("rig", PlainText, nullable=False),
    Column("session_uid", PlainText, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("packet_format", Integer, nullable=False),
    Column("game_year", Integer),
    Column("track_id", Integer),
    Column("track", PlainText),
    Column("track_length_m", Integer),
    Column("session_type_id", Integer),
    Column("session_type", PlainText),
    Column("is_race", Boolean, nullable=False),
    Column("formula", PlainText),
    Column("total_laps", Integer),
    Column("is_online", Boolean),
    Column("player_car_index", Integer),
    Column("weather", PlainText),
    Column("equal_performance", Boolean),
    Column("is_ended", Boolean, nullable=False),
    Column("continues", PlainText),
    Column("opened_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("seq", BigInteger, nullable=False),
    UniqueConstraint("rig", "session_uid", "epoch"),
    Index(None, "opened_at", "seq"),
    Index(None, "session_uid"),
)


# What the newest lap data say of where the game is; a restarted server goes on from it.
session_counters = Table(
    "session_counters",
    metadata,
    Column("session_id", PlainText, ForeignKey("sessions.id"), primary_key=True),
    Column("session_time_s", Double, nullable=False),
    Column("frame", BigInteger, nullable=False),
    Column("overall_frame", BigInteger, nullable=False),
    # [[session time, our time], ...], in seconds.
    Column("readings", Json, nullable=False),
    Column("received_at", Instant, nullable=False),
)


def _of_session() -> Column[Any]:
    return Column("session_id", PlainText, ForeignKey("sessions.id"), nullable=False)


participants = Table(
    "participants",
    metadata,
    _of_session(),
    Column("car_index", Integer, nullable=False),
    Column("name", PlainText),
    Column("team_id", Integer),
    Column("team", PlainText),
    Column("race_number", Integer),
    Column("is_ai", Boolean, nullable=False),
    Column("is_player", Boolean, nullable=False),
    Column("driver_id", Integer),
    Column("nationality", PlainText),
    PrimaryKeyConstraint("session_id", "car_index"),
)


def _lap_facts() -> list[Column[Any]]:
    """The columns of a version of a lap: the same in ``laps`` and ``lap_revisions``."""
    return [
        Column("session_uid", PlainText, nullable=False),
        Column("rig", PlainText, nullable=False),
        Column("car_index", Integer, nullable=False),
        Column("participant", PlainText),
        Column("lap_number", Integer, nullable=False),
        Column("branch", Integer, nullable=False),
        Column("lap_time_ms", Integer),
        Column("sector1_ms", Integer),
        Column("sector2_ms", Integer),
        Column("sector3_ms", Integer),
        Column("is_valid", Boolean),
        Column("compound", PlainText),
        Column("assists", PlainText),
        Column("weather", PlainText),
        Column("start", PlainText),
        Column("state", PlainText, nullable=False),
        # For a lap that a marshal decided about: the game's own state and verdict, and the decision.
        Column("game_state", PlainText),
        Column("game_is_valid", Boolean),
        Column("ruled_valid", Boolean),
        Column("marked_by", PlainText),
        Column("reason", PlainText),
        Column("recovered", Boolean, nullable=False),
        Column("began_at", Instant),
        # Between these moments, where began_at is unknown or not certain.
        Column("began_after", Instant),
        Column("began_before", Instant),
        Column("recorded_at", Instant, nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("official_at", Instant, nullable=False),
        Column("seq", BigInteger, nullable=False),
    ]


laps = Table(
    "laps",
    metadata,
    Column("id", PlainText, primary_key=True),
    _of_session(),
    Column("revision", Integer, nullable=False),
    *_lap_facts(),
    UniqueConstraint("session_id", "car_index", "lap_number", "branch"),
    UniqueConstraint("seq"),
    # With the columns that most lists filter by, so that skipping many laps needs the index only.
    Index(None, "recorded_at", "seq", "is_valid", "state"),
    Index(None, "official_at", "seq", "is_valid", "state"),
    Index(None, "lap_time_ms", "seq", "is_valid", "state"),
    Index(None, "rig", "seq"),
    Index(None, "session_id", "seq"),
    Index(None, "session_id", "official_at", "seq"),
    Index(None, "session_id", "lap_time_ms", "seq"),
)

# The versions of a lap that a correction replaced; the newest version is in ``laps``.
lap_revisions = Table(
    "lap_revisions",
    metadata,
    Column("id", PlainText, ForeignKey("laps.id"), nullable=False),
    _of_session(),
    Column("revision", Integer, nullable=False),
    *_lap_facts(),
    PrimaryKeyConstraint("id", "revision"),
)


def _occurrence_versions() -> list[Column[Any]]:
    """When an occurrence was stored, and whether a flashback superseded it."""
    return [
        Column("is_superseded", Boolean, nullable=False),
        Column("recorded_at", Instant, nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("seq", BigInteger, nullable=False),
    ]


incidents = Table(
    "incidents",
    metadata,
    Column("id", PlainText, primary_key=True),
    _of_session(),
    Column("kind", PlainText, nullable=False),
    Column("car_index", Integer),
    Column("other_car_index", Integer),
    Column("lap_number", Integer),
    Column("session_time_ms", Integer, nullable=False),
    Column("detail", PlainText, nullable=False),
    Column("lap_distance_m", Integer),
    *_occurrence_versions(),
    Index(None, "session_id", "session_time_ms", "seq"),
)

stints = Table(
    "stints",
    metadata,
    Column("id", PlainText, primary_key=True),
    _of_session(),
    Column("car_index", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("first_lap", Integer),
    Column("last_lap", Integer),
    Column("compound", PlainText),
    Column("actual_compound", PlainText),
    *_occurrence_versions(),
    Index(None, "session_id", "car_index", "seq"),
)

pit_visits = Table(
    "pit_visits",
    metadata,
    Column("id", PlainText, primary_key=True),
    _of_session(),
    Column("car_index", Integer, nullable=False),
    Column("lap_number", Integer, nullable=False),
    Column("entered_ms", Integer, nullable=False),
    Column("left_ms", Integer),
    Column("lane_ms", Integer),
    Column("stop_ms", Integer),
    Column("compound_before", PlainText),
    Column("compound_after", PlainText),
    *_occurrence_versions(),
    Index(None, "session_id", "entered_ms", "seq"),
)

classifications = Table(
    "classifications",
    metadata,
    Column("session_id", PlainText, ForeignKey("sessions.id"), primary_key=True),
    Column("official_at", Instant, nullable=False),
    Column("seq", BigInteger, nullable=False),
)

classification_entries = Table(
    "classification_entries",
    metadata,
    Column("session_id", PlainText, ForeignKey("classifications.session_id"), nullable=False),
    Column("car_index", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", PlainText),
    Column("laps", Integer),
    Column("best_lap_ms", Integer),
    Column("total_time_ms", Integer),
    Column("penalties_s", Integer),
    Column("status", PlainText, nullable=False),
    Column("points", Integer),
    Column("grid_position", Integer),
    Column("pit_stops", Integer),
    PrimaryKeyConstraint("session_id", "car_index"),
)
