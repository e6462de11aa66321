"""The sentence of an act, in which every name is a mention: a reference to a record of the person.

The names are read when the sentence is read, see :mod:`f1timings.store.reads.act_sentences`. So an act needs
no change when a driver is renamed, merged or erased. Before an act is stored, its mentions are in its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select

from f1timings.meeting.people import Driver
from f1timings.store.acts.desk import Desk
from f1timings.store.ids import new_id
from f1timings.store.reads.act_sentences import ACTOR
from f1timings.store.tables.people import MENTION_MARKS, TYPED_MARKS, acts, known_names

# Control characters: no typed text contains them.
_MENTION = re.compile("\x02([^\x03]*)\x03")
_TYPED = re.compile(f"{TYPED_MARKS[0]}([^{TYPED_MARKS[1]}]*){TYPED_MARKS[1]}")


class SplitSentence(NamedTuple):
    """A sentence as stored: marks in the text, and the mention for each mark."""

    summary: str
    first_mention: str | None
    second_mention: str | None


def name_of(driver: Driver) -> str:
    """Mention a driver by the name that screens show when the sentence is read."""
    return _mention(driver.id)


def known_name_of(desk: Desk, driver: Driver) -> str:
    """Mention a driver by the name that screens show now, because the act changes it."""
    return _mention(_store_known_name(desk, driver.shown_name, driver.id))


def game_name(desk: Desk, name: str) -> str:
    """Mention a name in the games."""
    return _mention(_store_known_name(desk, name, None))


def actor_of(desk: Desk) -> str:
    """Mention the person who acts."""
    return _mention(f"{ACTOR}{desk.by}")


def keep_removed_names(desk: Desk) -> None:
    """Keep the names of drivers that the act removes, for the sentences that mention them."""
    for change in desk.changes:
        if isinstance(change.before, Driver) and change.after is None:
            driver = change.before
            values = {"id": driver.id, "name": driver.shown_name, "driver_id": driver.id}
            desk.connection.execute(delete(known_names).where(known_names.c.id == driver.id))
            desk.connection.execute(insert(known_names).values(values))


def typed(text: str) -> str:
    """Mark a text that a person typed, such as a reason or the name of a rig; it may mention people."""
    return f"{TYPED_MARKS[0]}{text}{TYPED_MARKS[1]}"


def change_typed(summary: str, change: Callable[[str], str]) -> str:
    """Return the summary of an act with every typed text in it changed."""
    return _TYPED.sub(lambda found: typed(change(found[1])), summary)


def stored_sentence(connection: Connection, act_id: str) -> str:
    """Return the sentence of a stored act with its mentions, as a part of another sentence."""
    columns = (acts.c.summary, acts.c.first_mention, acts.c.second_mention)
    sentence = SplitSentence(*connection.execute(select(*columns).where(acts.c.id == act_id)).one())
    text = sentence.summary
    for mark, reference in zip(MENTION_MARKS, sentence[1:], strict=True):
        text = text.replace(mark, _mention(reference or ""))
    return text


def split(sentence: str) -> SplitSentence:
    """Split a sentence into its text and its mentions, of which it has two at most."""
    found: list[str | None] = [*dict.fromkeys(_MENTION.findall(sentence))]
    assert len(found) <= len(MENTION_MARKS), sentence
    for mark, reference in zip(MENTION_MARKS, found, strict=False):
        sentence = sentence.replace(_mention(reference or ""), mark)
    first, second = [*found, None, None][:2]
    return SplitSentence(sentence, first, second)


def _mention(reference: str) -> str:
    return f"\x02{reference}\x03"


def _store_known_name(desk: Desk, name: str, driver_id: str | None) -> str:
    """Store a name that a sentence mentions, once; return its id."""
    column = known_names.c
    same = select(column.id).where(column.name == name, column.driver_id.is_not_distinct_from(driver_id))
    known: str | None = desk.connection.execute(same).scalars().first()
    if known is None:
        known = new_id()
        values = {"id": known, "name": name, "driver_id": driver_id}
        desk.connection.execute(insert(known_names).values(values))
    return known
