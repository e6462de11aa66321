"""The query for the picture of a slide."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from f1timings.store.tables.people import slides
from f1timings.store.tables.pictures import pictures

_COLUMNS = (pictures.c.id, pictures.c.media_type, pictures.c.width, pictures.c.height, pictures.c.data)
_IS_SHOWN = exists().where(slides.c.picture == pictures.c.id)


def shown_picture(picture_id: ColumnElement[str]) -> Select[Any]:
    """The query for a picture of a slide, as a :class:`f1timings.meeting.room.pictures.Picture` has it."""
    return select(*_COLUMNS).where(pictures.c.id == picture_id, _IS_SHOWN)
