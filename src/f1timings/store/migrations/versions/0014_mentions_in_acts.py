"""Mentions in the sentences of acts: references to drivers and to other known names, not names as text."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_FIRST, _SECOND = "\x11", "\x12"
_TYPED_BEGIN, _TYPED_END = "\x0e", "\x0f"
_UNDONE = "Undone: "
# The kinds of acts whose sentence begins with the name of the person who acts.
_BEGINS_WITH_ACTOR = (
    "laps_deleted",
    "laps_restored",
    "lap_retimed",
    "laps_judged",
    "laps_claimed",
    "manual_lap_recorded",
)
# What stands before and after the name of a driver; nothing is the beginning or the end of the sentence.
_PLACES: Mapping[str, Sequence[tuple[str, str]]] = {
    "driver_made": [("", " was added as a driver.")],
    "driver_changed": [
        ("", " is now shown as "),
        (" is now shown as ", ""),
        ("The details of ", " were changed."),
    ],
    "driver_deleted": [("Driver ", " was deleted.")],
    "driver_merged": [("", " was merged into "), (" was merged into ", "")],
    "driver_saved": [("Driver ", " was saved.")],
    "driver_erased": [("The personal data of ", " was erased.")],
    "game_name_mapped": [(" in the games belongs to ", "")],
    "rig_assigned": [("", " was assigned to ")],
    "default_driver_set": [("", " became the usual driver of ")],
    "rig_taken": [("", " took a seat at ")],
    "rig_left": [("", " left ")],
    "queue_joined": [("", " joined the queue.")],
    "queue_done": [("", " was marked as done in the queue.")],
    "queue_left": [("", " left the queue.")],
    "queue_called": [("", " was called to ")],
    "queue_moved": [("", " was moved in the queue."), ("", " was put back into the queue.")],
    "manual_lap_recorded": [(" for ", " at "), (" for ", "")],
}
_BEFORE_GAME_NAME, _AFTER_GAME_NAME = "The name ", " in the games belongs to "

_ACT_COLUMNS = "id seq by kind subject summary first_mention second_mention changes undoes"
_acts = sa.table("acts", *map(sa.column, _ACT_COLUMNS.split()))
_known_names = sa.table("known_names", sa.column("id"), sa.column("name"), sa.column("driver_id"))
_drivers = sa.table("drivers", *map(sa.column, ("id", "name", "shown_name", "merged_into")))


class _Found(NamedTuple):
    """A name in a sentence: where it stands, and whose name it is.

    Attributes:
        after: the text of the program that follows the name.
        is_present: the act did not change the name, so the driver's present name is read there.
        driver_id: None for a name in the games.
    """

    start: int
    name: str
    driver_id: str | None
    after: str
    is_present: bool


def upgrade() -> None:
    """Add the table and the columns, and turn names in stored sentences into mentions where they match."""
    op.create_table(
        "known_names",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("driver_id", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_names")),
    )
    op.create_index(op.f("ix_known_names_name"), "known_names", ["name"])
    op.create_index(op.f("ix_known_names_driver_id"), "known_names", ["driver_id"])
    op.add_column("acts", sa.Column("first_mention", sa.Text()))
    op.add_column("acts", sa.Column("second_mention", sa.Text()))
    _Sentences(op.get_bind()).convert()


def downgrade() -> None:
    """Write the names into the sentences again, and drop the table and the columns."""
    connection = op.get_bind()
    names = {row.id: row.name for row in connection.execute(sa.select(_known_names))}
    stored = connection.execute(sa.select(_drivers)).all()
    shown = {row.id: row.shown_name for row in stored}
    names |= {row.id: shown.get(row.merged_into, row.shown_name) for row in stored}
    for act in connection.execute(sa.select(_acts)).all():
        summary = act.summary.replace(_TYPED_BEGIN, "").replace(_TYPED_END, "")
        for mark, mention in ((_FIRST, act.first_mention), (_SECOND, act.second_mention)):
            name = str(mention)[3:] if str(mention).startswith("by:") else names.get(mention, "A driver")
            summary = summary.replace(mark, name)
        connection.execute(sa.update(_acts).where(_acts.c.id == act.id).values(summary=summary))
    with op.batch_alter_table("acts") as table:
        table.drop_column("first_mention")
        table.drop_column("second_mention")
    op.drop_table("known_names")


class _Sentences:
    """The stored sentences, the oldest first, and the names of drivers at the time of each."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._present = {
            row.id: {row.name, row.shown_name} for row in connection.execute(sa.select(_drivers))
        }
        self._earlier: dict[str, set[str]] = {}
        self._known: dict[tuple[str, str | None], str] = {}
        self._converted: dict[str, tuple[str, dict[str, Any]]] = {}

    def convert(self) -> None:
        """Convert every sentence in which a name matches exactly."""
        query = sa.select(_acts).order_by(_acts.c.seq)
        for act in self._connection.execute(query).all():
            changes = json.loads(act.changes)
            for driver_id, names in _names_in(changes):
                self._earlier.setdefault(driver_id, set()).update(names)
            values = self._undone(act) or self._values(act.summary, self._find(act, changes))
            self._converted[act.id] = (act.summary, values)
            self._connection.execute(sa.update(_acts).where(_acts.c.id == act.id).values(values))

    def _undone(self, act: Any) -> dict[str, Any] | None:
        """Return the mentions of the act that this one undid."""
        summary, values = self._converted.get(act.undoes, ("", {}))
        if act.undoes is None or act.summary != _UNDONE + summary:
            return None
        return values | {"summary": _UNDONE + values["summary"]}

    def _find(self, act: Any, changes: Sequence[Mapping[str, Any]]) -> list[_Found]:
        found = []
        if act.kind in _BEGINS_WITH_ACTOR and act.summary.startswith(f"{act.by} "):
            found.append(_Found(0, act.by, f"by:{act.by}", " ", True))
        found.extend(_game_names(act, changes))
        about = sorted(_drivers_of(act, changes))
        changed = _changed_names(changes)
        names = [(name, driver_id) for driver_id in about for name in self._names_of(driver_id)]
        names.sort(key=lambda pair: (-len(pair[0]), pair))
        taken = {place.start for place in found}
        for before, after in _PLACES.get(act.kind, ()):
            for name, driver_id in names:
                start = _place(act.summary, before, name, after=after)
                if start is not None and start not in taken:
                    is_present = driver_id in self._present and (driver_id, name) not in changed
                    found.append(_Found(start, name, driver_id, after, is_present))
                    taken.add(start)
                    break
        return sorted(found)[:2]

    def _names_of(self, driver_id: str) -> set[str]:
        return self._earlier.get(driver_id, set()) | self._present.get(driver_id, set())

    def _values(self, summary: str, found: Sequence[_Found]) -> dict[str, Any]:
        """Return the columns of a sentence with these names as mentions, and the rest as typed."""
        summary = _with_typed_rest(summary, found)
        mentions: list[str | None] = []
        for mark, place in reversed([*zip((_FIRST, _SECOND), found, strict=False)]):
            summary = summary[: place.start] + mark + summary[place.start + len(place.name) :]
            mentions.insert(
                0, place.driver_id if place.is_present else self._know(place.name, place.driver_id)
            )
        first, second = [*mentions, None, None][:2]
        return {"summary": summary, "first_mention": first, "second_mention": second}

    def _know(self, name: str, driver_id: str | None) -> str:
        key = (name, driver_id)
        if key not in self._known:
            self._known[key] = secrets.token_hex(6)
            values = {"id": self._known[key], "name": name, "driver_id": driver_id}
            self._connection.execute(sa.insert(_known_names).values(values))
        return self._known[key]


def _with_typed_rest(summary: str, found: Sequence[_Found]) -> str:
    """Mark what follows the last name as typed: it may contain typed text, such as the name of a rig."""
    start = 0 if not found else found[-1].start + len(found[-1].name) + len(found[-1].after)
    rest = summary[start:]
    return summary[:start] + (f"{_TYPED_BEGIN}{rest}{_TYPED_END}" if rest.rstrip(".") else rest)


def _place(summary: str, before: str, name: str, *, after: str) -> int | None:
    """Return where a name stands between these texts, None if it does not."""
    if before == "":
        return 0 if summary.startswith(name + after) else None
    if after == "":
        start = len(summary) - len(name) - 1
        return start if summary.endswith(f"{before}{name}.") else None
    start = summary.find(before + name + after)
    return None if start < 0 else start + len(before)


def _images(changes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for change in changes:
        for side in ("before", "after"):
            if change[side] is not None:
                yield change, change[side]


def _names_in(changes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, set[str]]]:
    """The names of the drivers whose records an act changed."""
    for change, image in _images(changes):
        if change["table"] == "drivers":
            yield change["key"], {image["name"], image["shown_name"]}


def _changed_names(changes: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """The drivers whose shown name an act changed, each with the name before and after."""
    changed = set()
    for change in changes:
        before, after = change["before"], change["after"]
        is_driver = change["table"] == "drivers" and before is not None and after is not None
        if is_driver and before["shown_name"] != after["shown_name"]:
            changed |= {(change["key"], before["shown_name"]), (change["key"], after["shown_name"])}
    return changed


def _drivers_of(act: Any, changes: Sequence[Mapping[str, Any]]) -> set[str]:
    """The drivers that an act is about."""
    ids = {act.subject} | {change["key"] for change in changes if change["table"] == "drivers"}
    return ids | {image["driver_id"] for _, image in _images(changes) if image.get("driver_id")}


def _game_names(act: Any, changes: Sequence[Mapping[str, Any]]) -> Iterator[_Found]:
    for key in {change["key"] for change in changes if change["table"] == "game_names"}:
        if act.summary.startswith(f"{_BEFORE_GAME_NAME}{key}{_AFTER_GAME_NAME}"):
            yield _Found(len(_BEFORE_GAME_NAME), key, None, _AFTER_GAME_NAME, False)
