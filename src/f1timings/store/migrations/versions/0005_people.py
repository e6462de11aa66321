"""Meetings, drivers, assignments, decisions of marshals, acts, and the attribution of laps.

A migration is history: it names its types itself and does not follow later changes of the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TYPES: dict[str, Any] = {
    "text": sa.Text,
    "json": sa.Text,
    "number": sa.Integer,
    "flag": sa.Boolean,
    "at": sa.BigInteger,
    "seq": sa.BigInteger,
}
# The columns as name:type, with "?" if null is allowed; the first column is the key. Then the indices.
_TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "meetings": (
        "id:text name:text date:text venue:text circuit:text? rules:json points:json state:text "
        "created_at:at opened_at:at seq:seq",
        (),
    ),
    "meeting_periods": ("id:text meeting_id:text since:at seq:seq", ("since",)),
    "drivers": (
        "id:text number_here:number name:text team:text colour:text? race_number:number? nickname:text? "
        "shows_name:flag shown_name:text pin:text? token:text is_deleted:flag merged_into:text? "
        "created_at:at seq:seq",
        ("name", "pin", "token"),
    ),
    "rig_cards": ("rig:text name:text? place:number? seq:seq", ()),
    "assignments": (
        "id:text rig:text driver_id:text? since:at until:at? is_default:flag by:text seq:seq",
        ("rig since", "driver_id"),
    ),
    "game_names": ("name:text driver_id:text? seq:seq", ()),
    "lap_marks": (
        "lap_id:text is_deleted:flag is_valid:flag? driver_id:text? reason:text? by:text at:at seq:seq",
        ("driver_id",),
    ),
    "manual_laps": (
        "lap_id:text meeting_id:text driver_id:text circuit:text? typed:text by:text at:at seq:seq",
        ("driver_id", "meeting_id"),
    ),
    "clearings": (
        "id:text meeting_id:text circuit_key:text at:at by:text seq:seq",
        ("meeting_id circuit_key",),
    ),
    "queue": (
        "id:text meeting_id:text driver_id:text place:number state:text added_at:at called_at:at? "
        "rig:text? seq:seq",
        ("meeting_id place",),
    ),
    "acts": (
        "id:text at:at by:text kind:text subject:text summary:text can_undo:flag undone_by:text? "
        "undoes:text? request_key:text? changes:json seq:seq",
        ("seq", "subject seq", "request_key"),
    ),
    "attributions": (
        "lap_id:text session_id:text rig:text meeting_id:text circuit:text circuit_key:text entrant:text? "
        "driver_id:text? basis:text? is_own_car:flag is_manual:flag lobby:text lap_number:number "
        "counts:flag lap_time_ms:number? sector1_ms:number? sector2_ms:number? sector3_ms:number? "
        "set_at:at recorded_at:at packet_format:number session_type:text? formula:text? assists:text? "
        "weather:text? compound:text? equal_performance:flag?",
        (
            "board=meeting_id circuit_key counts entrant lap_time_ms",
            "session_id",
            "rig recorded_at",
            "driver_id",
            "lobby lap_number",
        ),
    ),
}

# The columns of a version of a lap for a marshal's decision.
_MARKS = {
    "game_state": "text?",
    "game_is_valid": "flag?",
    "ruled_valid": "flag?",
    "marked_by": "text?",
    "reason": "text?",
}

# For the lists of laps; the first two replace shorter indices.
_LAP_INDICES = (
    ["official_at", "seq", "is_valid", "state"],
    ["lap_time_ms", "seq", "is_valid", "state"],
    ["session_id", "seq"],
    ["session_id", "official_at", "seq"],
    ["session_id", "lap_time_ms", "seq"],
)
_SHORTER = (["official_at", "seq"], ["lap_time_ms", "seq"])


def upgrade() -> None:
    """Create the tables, and the columns and indices of laps."""
    for table, (columns, indices) in _TABLES.items():
        made = [_column(*text.split(":")) for text in columns.split()]
        constraints: list[Any] = [sa.PrimaryKeyConstraint(made[0].name, name=f"pk_{table}")]
        if table == "attributions":
            constraints.append(
                sa.ForeignKeyConstraint(["lap_id"], ["laps.id"], name="fk_attributions_lap_id")
            )
        op.create_table(table, *made, *constraints)
        for text in indices:
            name, _, names = text.rpartition("=")
            op.create_index(f"ix_{table}_{name or names.replace(' ', '_')}", table, names.split())
    for table in ("laps", "lap_revisions"):
        for name, kind in _MARKS.items():
            op.add_column(table, _column(name, kind))
    _swap_lap_indices(_SHORTER, _LAP_INDICES)


def downgrade() -> None:
    """Drop them with their rows and values."""
    _swap_lap_indices(_LAP_INDICES, _SHORTER)
    for table in ("lap_revisions", "laps"):
        for name in _MARKS:
            op.drop_column(table, name)
    for table in reversed(_TABLES):
        op.drop_table(table)


def _column(name: str, kind: str) -> sa.Column[Any]:
    return sa.Column(name, _TYPES[kind.rstrip("?")](), nullable=kind.endswith("?"))


def _swap_lap_indices(old: Sequence[list[str]], new: Sequence[list[str]]) -> None:
    for columns in old:
        op.drop_index(f"ix_laps_{'_'.join(columns)}", "laps")
    for columns in new:
        op.create_index(f"ix_laps_{'_'.join(columns)}", "laps", columns)
