"""Acts on slides: add, change, move and delete them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from f1timings.errors import ActInvalid
from f1timings.meeting.room.slides import MOST_SLIDES, Slide, SlideKind, cleaned
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.room.pictures import has_picture
from f1timings.store.acts.room.places import make_place, rank_of
from f1timings.store.acts.sentences import typed
from f1timings.store.ids import new_id


def add_slide(desk: Desk, *, rank: int | None = None, **facts: Any) -> Slide:
    """Add a slide: a picture if one is given, else a text.

    Args:
        rank: 1 is the first; None is the end.
        facts: fields of a :class:`Slide`.

    Raises:
        ActInvalid: a fact is not valid, or there are too many slides.
    """
    others = list_in_order(desk)
    if len(others) >= MOST_SLIDES:
        raise ActInvalid("slides-full", most=MOST_SLIDES)
    kind = SlideKind.TEXT if facts.get("picture") is None else SlideKind.IMAGE
    slide = cleaned(Slide(id=new_id(), kind=kind, **facts))
    _need_picture(desk, slide)
    slide = replace(slide, place=make_place(desk, others, rank))
    desk.describe("slide_added", slide.id, f"The slide {typed(slide.name)} was added.")
    return desk.store_record(slide)


def edit_slide(desk: Desk, slide_id: str, version: int, *, rank: int | None = None, **facts: Any) -> Slide:
    """Change a slide, or its place.

    Args:
        rank: 1 is the first; None leaves the place.
        facts: the fields of a :class:`Slide` that change.

    Raises:
        NotFound: there is no such slide.
        ActConflict: it has changed since that version.
        ActInvalid: a fact is not valid.
    """
    before = desk.need_record(Slide, slide_id)
    changed = cleaned(replace(before, **facts))
    others = [slide for slide in list_in_order(desk) if slide.id != slide_id]
    moves = rank is not None and rank_of(others, before) != min(rank, len(others) + 1)
    if changed == before and not moves:
        return before
    desk.need_version(Slide, slide_id, version)
    _need_picture(desk, changed)
    if moves:
        changed = replace(changed, place=make_place(desk, others, rank))
    desk.describe("slide_changed", slide_id, f"The slide {typed(changed.name)} {_what(before, changed)}.")
    return desk.store_record(changed)


def delete_slide(desk: Desk, slide_id: str, version: int | None = None) -> None:
    """Delete a slide. Its picture stays stored as long as there is space, so that undo can bring it back.

    Raises:
        NotFound: there is no such slide.
        ActConflict: it has changed since that version.
    """
    slide = desk.need_record(Slide, slide_id)
    if version is not None:
        desk.need_version(Slide, slide_id, version)
    desk.delete_record(slide)
    desk.describe("slide_deleted", slide_id, f"The slide {typed(slide.name)} was deleted.")


def list_in_order(desk: Desk) -> list[Slide]:
    """List all slides as screens show them."""
    return in_order(desk.list_records(Slide))


def in_order(slides: list[Slide]) -> list[Slide]:
    """Return slides in the order in which screens show them."""
    return sorted(slides, key=lambda slide: (slide.place, slide.seq))


def _need_picture(desk: Desk, slide: Slide) -> None:
    if slide.picture is not None and not has_picture(desk, slide.picture):
        raise ActInvalid("picture-unknown", "picture")


def _what(before: Slide, after: Slide) -> str:
    """What is new about a slide, as the rest of a sentence."""
    if replace(before, place=after.place) == after:
        return "was moved"
    if replace(before, is_shown=after.is_shown) == after:
        return "is shown" if after.is_shown else "is no longer shown"
    return "was changed"
