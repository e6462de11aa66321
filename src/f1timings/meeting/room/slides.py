"""Slides of the organisers for the screens, such as house rules, and what is valid in them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from f1timings.errors import ActInvalid
from f1timings.meeting.texts import LONGEST_NAME, clean_lines, clean_text

#: Every screen gets all slides, so there is a limit.
MOST_SLIDES: Final = 40
#: Longer texts cannot be read from 6 m.
LONGEST_TITLE: Final = 60
LONGEST_BODY: Final = 400
MOST_LINES: Final = 10
#: How long a slide is shown, in seconds.
SHORTEST_S: Final = 3
LONGEST_S: Final = 600
USUAL_S: Final = 10

_NAME_OF_PICTURE: Final = "Picture"


class SlideKind(StrEnum):
    """What a slide consists of."""

    TEXT = "text"
    IMAGE = "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """A slide, which screens show in the scene `slides`.

    Attributes:
        name: for the list of slides; screens do not show it.
        title: of a text; empty for none.
        body: of a text, with line breaks; empty for none.
        picture: of an image, the id of a stored picture, see :mod:`f1timings.meeting.room.pictures`.
        place: slides are shown in ascending order of their places.
        is_shown: whether screens show it.
        shown_s: for how long, in seconds.
    """

    id: str
    name: str = ""
    kind: SlideKind
    title: str = ""
    body: str = ""
    picture: str | None = None
    place: int = 0
    is_shown: bool = True
    shown_s: int = USUAL_S
    seq: int = 0


def cleaned(slide: Slide) -> Slide:
    """Return a slide as it is stored: with clean texts, and with a name.

    Raises:
        ActInvalid: a text is too long or has forbidden characters, or the slide shows nothing.
    """
    title = clean_text(slide.title, field="title", shortest=0, longest=LONGEST_TITLE)
    body = clean_lines(slide.body, field="body", longest=LONGEST_BODY, most_lines=MOST_LINES)
    if slide.kind is SlideKind.IMAGE and (title or body):
        raise ActInvalid("slide-one-kind", "title" if title else "body")
    if slide.kind is SlideKind.TEXT and slide.picture is not None:
        raise ActInvalid("slide-one-kind", "picture")
    if slide.kind is SlideKind.TEXT and not (title or body):
        raise ActInvalid("slide-empty", "title")
    name = slide.name.strip() or title or body.partition("\n")[0][:LONGEST_NAME] or _NAME_OF_PICTURE
    return replace(slide, name=clean_text(name, field="name"), title=title, body=body)
