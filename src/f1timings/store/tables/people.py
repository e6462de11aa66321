"""The tables of what people enter, of their acts, and of the attributions of laps.

Columns have the names of the fields of the records in :mod:`f1timings.meeting.people`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table

from f1timings.store.tables.column_types import Instant, Json, PlainText
from f1timings.store.tables.record_columns import class_columns
from f1timings.store.tables.timed import metadata


def _text(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, PlainText, nullable=nullable)


def _id(name: str = "id") -> Column[Any]:
    return Column(name, PlainText, primary_key=True)


def _at(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, Instant, nullable=nullable)


def _flag(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, Boolean, nullable=nullable)


def _number(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, Integer, nullable=nullable)


def _seq() -> Column[Any]:
    return Column("seq", BigInteger, nullable=False)


meetings = Table(
    "meetings",
    metadata,
    _id(),
    _text("name"),
    _text("date"),
    _text("venue"),
    _text("circuit", True),
    Column("rules", Json, nullable=False),
    Column("points", Json, nullable=False),
    _text("state"),
    _at("created_at"),
    _at("opened_at"),
    _seq(),
)

meeting_periods = Table(
    "meeting_periods", metadata, _id(), _text("meeting_id"), _at("since"), _seq(), Index(None, "since")
)

drivers = Table(
    "drivers",
    metadata,
    _id(),
    _number("number_here"),
    _text("name"),
    _text("team"),
    _text("colour", True),
    _number("race_number", True),
    _text("nickname", True),
    _flag("shows_name"),
    _text("shown_name"),
    _text("pin", True),
    _text("token"),
    _flag("is_deleted"),
    _text("merged_into", True),
    _at("created_at"),
    _at("deleted_at", True),
    _seq(),
    Index(None, "name"),
    Index(None, "pin"),
    Index(None, "token"),
)

rig_cards = Table(
    "rig_cards",
    metadata,
    _id("rig"),
    _text("name", True),
    _number("place", True),
    _text("joined_into", True),
    _seq(),
)

screen_cards = Table(
    "screen_cards",
    metadata,
    _id("screen"),
    _text("scene", True),
    _number("delay_s"),
    _flag("is_blank"),
    _number("turn_s", True),
    _flag("turns_in_race", True),
    _seq(),
)

forward_targets = Table(
    "forward_targets",
    metadata,
    _id(),
    _text("host"),
    _number("port"),
    _text("rig", True),
    _flag("is_on"),
    _flag("allows_internet"),
    _seq(),
)

rig_lock = Table(
    "rig_lock",
    metadata,
    _id(),
    _flag("is_locked"),
    Column("addresses", Json, nullable=False),
    _seq(),
)

slides = Table(
    "slides",
    metadata,
    _id(),
    _text("name"),
    _text("kind"),
    _text("title"),
    _text("body"),
    _text("picture", True),
    _number("place"),
    _flag("is_shown"),
    _number("shown_s"),
    _seq(),
)

assignments = Table(
    "assignments",
    metadata,
    _id(),
    _text("rig"),
    _text("driver_id", True),
    _at("since"),
    _at("until", True),
    _flag("is_default"),
    _text("by"),
    _seq(),
    Index(None, "rig", "since"),
    Index(None, "driver_id"),
)

game_names = Table("game_names", metadata, _id("name"), _text("driver_id", True), _seq())

lap_marks = Table(
    "lap_marks",
    metadata,
    _id("lap_id"),
    _flag("is_deleted"),
    _flag("is_valid", True),
    _text("driver_id", True),
    _text("reason", True),
    _text("by"),
    _at("at"),
    _seq(),
    Index(None, "driver_id"),
)

manual_laps = Table(
    "manual_laps",
    metadata,
    _id("lap_id"),
    _text("meeting_id"),
    _text("driver_id"),
    _text("circuit", True),
    _text("typed"),
    _text("by"),
    _at("at"),
    _seq(),
    Index(None, "driver_id"),
    Index(None, "meeting_id"),
)

clearings = Table(
    "clearings",
    metadata,
    _id(),
    _text("meeting_id"),
    _text("circuit_key"),
    _at("at"),
    _text("by"),
    _seq(),
    Index(None, "meeting_id", "circuit_key"),
)

queue = Table(
    "queue",
    metadata,
    _id(),
    _text("meeting_id"),
    _text("driver_id"),
    _number("place"),
    _text("state"),
    _at("added_at"),
    _at("called_at", True),
    _text("rig", True),
    _seq(),
    Index(None, "meeting_id", "place"),
)

# Names that the sentences of acts mention, other than the present names of drivers. Each belongs to a person,
# not to an act: erasing the person changes it here.
known_names = Table(
    "known_names",
    metadata,
    _id(),
    _text("name"),
    # The driver with that name; null for a name in the games, which names its owner itself.
    _text("driver_id", True),
    Index(None, "name"),
    Index(None, "driver_id"),
)

# Control characters in the summaries of acts, which no typed text contains: the places of the first and the
# second mention, and the beginning and the end of a text that a person typed.
MENTION_MARKS = ("\x11", "\x12")
TYPED_MARKS = ("\x0e", "\x0f")

acts = Table(
    "acts",
    metadata,
    _id(),
    _at("at"),
    _text("by"),
    _text("kind"),
    _text("subject"),
    # A sentence with a mark for each name of a person; a mention names the person to read there.
    _text("summary"),
    # The id of a driver or of a known name, or "by:" and the name of an account.
    _text("first_mention", True),
    _text("second_mention", True),
    _flag("can_undo"),
    _text("undone_by", True),
    _text("undoes", True),
    _text("request_key", True),
    # [{"table", "key", "before": row or null, "after": row or null}, ...]
    Column("changes", Json, nullable=False),
    _seq(),
    Index(None, "seq"),
    Index(None, "subject", "seq"),
    Index(None, "request_key"),
)

# The driver and the board of each lap: derived from laps, sessions and all tables above.
# See meeting/attribution.py.
attributions = Table(
    "attributions",
    metadata,
    Column("lap_id", PlainText, ForeignKey("laps.id"), primary_key=True),
    _text("session_id"),
    _text("meeting_id"),
    # The circuit as shown, and the key by which circuits are compared; empty where it is unknown.
    _text("circuit"),
    _text("circuit_key"),
    # "d:<driver id>", or "r:<rig>" for an unclaimed lap of the rig's own car; null: on no board.
    _text("entrant", True),
    _text("driver_id", True),
    # claim, assignment, default, game_name or manual; null: no driver.
    _text("basis", True),
    _flag("is_own_car"),
    # The same for all sessions of one online lobby; a session outside of lobbies has its own id.
    _text("lobby"),
    _number("lap_number"),
    # Complete, valid, and of all laps with its driver and number in its lobby the one that counts.
    _flag("counts"),
    _number("lap_time_ms", True),
    _number("sector1_ms", True),
    _number("sector2_ms", True),
    _number("sector3_ms", True),
    _at("set_at"),
    _at("recorded_at"),
    *class_columns(),
    # With an explicit name: the generated name is too long for PostgreSQL.
    Index("ix_attributions_board", "meeting_id", "circuit_key", "counts", "entrant", "lap_time_ms"),
    Index(None, "session_id"),
    Index(None, "rig", "recorded_at"),
    Index(None, "driver_id"),
    Index(None, "lobby", "lap_number"),
)
