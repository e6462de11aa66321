"""``slides``: the slides that screens show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from f1timings.live.fanout.row_columns import Value, columns
from f1timings.live.fanout.sheet import Contents
from f1timings.live.fanout.views import RowSource, RowViewKind
from f1timings.meeting.room.slides import Slide, SlideKind

# Screens must follow within a second.
PERIOD_S = 0.2

COLUMNS = columns(
    """
    name | text | | what staff calls it
    kind | text | | `text`, or `image`
    title | text | | of a text; empty for none
    body | text | | of a text, with line breaks; empty for none
    picture | text | | of an image: read it at `/api/v1/slide-pictures/{picture}`
    place | int | | the slides are shown in ascending order of it
    shown_s | int | s | for how long
""",
    choices={"kind": tuple(kind.value for kind in SlideKind)},
    never_null={"name", "kind", "title", "body", "place", "shown_s"},
)


def view(contents: Callable[[], Contents]) -> RowViewKind:
    """The view ``slides``."""
    source = RowSource(contents=contents)
    return RowViewKind(
        name="slides",
        columns=COLUMNS,
        facts=(),
        build_source=lambda _argument: source,
        period_s=PERIOD_S,
        meaning="The organisers' own slides, except for those that are switched off.",
        id_meaning="of the slide",
    )


def slides_contents(slides: Sequence[Slide]) -> Contents:
    """The rows."""
    return Contents({slide.id: _row(slide) for slide in slides if slide.is_shown})


def _row(slide: Slide) -> Sequence[Value]:
    texts = (slide.name, slide.kind.value, slide.title, slide.body, slide.picture)
    return (*texts, slide.place, slide.shown_s)
