"""The sentences of acts as people read them, in SQL: each name that an act mentions is read from its record.

A merged driver has the name of the driver that remains, a deleted or erased one the neutral name.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from f1timings.store.tables.column_types import PlainText
from f1timings.store.tables.people import MENTION_MARKS, TYPED_MARKS, acts, drivers, known_names

#: How a mention of an account begins; the rest is the name of the account at that moment.
ACTOR = "by:"


def _name(mention: ColumnElement[Any]) -> ColumnElement[str]:
    driver, remaining = drivers.alias(), drivers.alias()
    shown = (
        select(func.coalesce(remaining.c.shown_name, driver.c.shown_name))
        .select_from(driver.outerjoin(remaining, remaining.c.id == driver.c.merged_into))
        .where(driver.c.id == mention)
        .correlate(acts)
    )
    known = select(known_names.c.name).where(known_names.c.id == mention).correlate(acts)
    actor = func.substr(mention, len(ACTOR) + 1)
    read = func.coalesce(shown.scalar_subquery(), known.scalar_subquery(), _text("A driver"))
    return case(
        (mention.is_(None), _text("")), (func.substr(mention, 1, len(ACTOR)) == ACTOR, actor), else_=read
    )


def _text(text: str) -> ColumnElement[str]:
    return literal(text, PlainText())


def _with_name(sentence: ColumnElement[Any], mark: str, mention: ColumnElement[Any]) -> ColumnElement[str]:
    return func.replace(sentence, _text(mark), _name(mention), type_=PlainText())


def _sentence() -> ColumnElement[str]:
    sentence: ColumnElement[Any] = acts.c.summary
    for mark in TYPED_MARKS:
        sentence = func.replace(sentence, _text(mark), _text(""), type_=PlainText())
    sentence = _with_name(sentence, MENTION_MARKS[0], acts.c.first_mention)
    return _with_name(sentence, MENTION_MARKS[1], acts.c.second_mention)


#: The sentence of an act.
SUMMARY: ColumnElement[str] = _sentence()


def acts_query(*more: ColumnElement[Any]) -> Select[Any]:
    """Select acts with their sentences, without the records that they changed.

    Args:
        more: further columns.
    """
    internal = ("summary", "first_mention", "second_mention", "changes")
    columns = [column for column in acts.columns if column.name not in internal]
    return select(*columns, SUMMARY.label("summary"), *more)
