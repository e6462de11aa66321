"""Stored pictures. A picture that no slide shows is kept, for undo, until others need its space."""

from __future__ import annotations

from sqlalchemy import delete, exists, func, insert, select

from f1timings.errors import ActInvalid
from f1timings.meeting.room.pictures import MEGABYTE, MOST_BYTES_IN_ALL, Picture
from f1timings.store.acts.desk import Desk
from f1timings.store.tables.people import slides
from f1timings.store.tables.pictures import pictures


def keep_picture(desk: Desk, picture: Picture) -> None:
    """Store a picture if it is not there yet; this is no act of its own.

    Raises:
        ActInvalid: all pictures of slides and this one together are too large.
    """
    if has_picture(desk, picture.id):
        return
    _make_room(desk, len(picture.data))
    values = {
        "id": picture.id,
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "size_bytes": len(picture.data),
        "stored_at": desk.now,
        "data": picture.data,
    }
    desk.connection.execute(insert(pictures).values(values))


def has_picture(desk: Desk, picture_id: str) -> bool:
    """Whether a picture is stored."""
    query = select(pictures.c.id).where(pictures.c.id == picture_id)
    return desk.connection.execute(query).first() is not None


def _make_room(desk: Desk, size: int) -> None:
    """Delete pictures that no slide shows, the oldest first, until another one of this size fits."""
    total = desk.connection.execute(select(func.coalesce(func.sum(pictures.c.size_bytes), 0))).scalar_one()
    free = MOST_BYTES_IN_ALL - int(total)
    unused = (
        select(pictures.c.id, pictures.c.size_bytes)
        .where(~exists().where(slides.c.picture == pictures.c.id))
        .order_by(pictures.c.stored_at, pictures.c.id)
    )
    for row in desk.connection.execute(unused).all() if free < size else ():
        if free >= size:
            break
        desk.connection.execute(delete(pictures).where(pictures.c.id == row.id))
        free += row.size_bytes
    if free < size:
        raise ActInvalid("pictures-full", most=MOST_BYTES_IN_ALL // MEGABYTE)
