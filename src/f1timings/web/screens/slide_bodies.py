"""The JSON bodies about slides and their pictures."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field

from f1timings.meeting.room.pictures import LONGEST_SIDE, Picture
from f1timings.meeting.room.slides import (
    LONGEST_BODY,
    LONGEST_S,
    LONGEST_TITLE,
    MOST_LINES,
    SHORTEST_S,
    USUAL_S,
    Slide,
)
from f1timings.meeting.texts import LONGEST_NAME
from f1timings.web.http.acting import Version
from f1timings.web.http.bodies import Body, ListBody

PICTURE_ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SLIDE: dict[str, Any] = {
    "id": "a41f0b7de260",
    "version": 131,
    "name": "House rules",
    "kind": "text",
    "title": "House rules",
    "body": "No drinks at the rigs.\nTen minutes each while others wait.",
    "picture": None,
    "place": 1,
    "is_shown": True,
    "shown_s": 10,
}
PICTURE: dict[str, Any] = {
    "picture": PICTURE_ID,
    "media_type": "image/png",
    "width": 1920,
    "height": 1080,
    "size_bytes": 48213,
}

# A text may have more characters as typed than as stored, but not any number.
_AS_TYPED = 4
_PictureId = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="As the upload has answered it.")]
_Name = Annotated[
    str,
    Field(
        max_length=LONGEST_NAME,
        description="For the list of slides; empty for the title, or the beginning of the text.",
    ),
]
_Title = Annotated[str, Field(max_length=LONGEST_TITLE * _AS_TYPED, description="Of a text.")]
_Text = Annotated[
    str,
    Field(
        max_length=LONGEST_BODY * _AS_TYPED,
        description=f"Of a text: at most {LONGEST_BODY} characters in {MOST_LINES} lines. Plain text.",
    ),
]
_Place = Annotated[int, Field(ge=1, le=10_000, description="1 is the first; beyond the end is the end.")]
_Shown = Annotated[int, Field(ge=SHORTEST_S, le=LONGEST_S, description="For how long, in seconds.")]


class SlideBody(Body):
    """A slide."""

    model_config = ConfigDict(json_schema_extra={"examples": [SLIDE]})

    id: str
    version: int
    name: str
    kind: Literal["text", "image"]
    title: str = Field(description="Of a text; empty for none.")
    body: str = Field(description="Of a text, with line breaks; empty for none.")
    picture: str | None = Field(description="Of an image: read it at `/api/v1/slide-pictures/{picture}`.")
    place: int = Field(description="1 is the first.")
    is_shown: bool = Field(description="Screens show it.")
    shown_s: int = Field(description="For how long, in seconds.")

    @classmethod
    def of(cls, slide: Slide, place: int) -> Self:
        """From the stored slide.

        Args:
            place: 1 is the first.
        """
        return cls(
            id=slide.id,
            version=slide.seq,
            name=slide.name,
            kind=slide.kind.value,
            title=slide.title,
            body=slide.body,
            picture=slide.picture,
            place=place,
            is_shown=slide.is_shown,
            shown_s=slide.shown_s,
        )


class SlideListBody(ListBody[SlideBody]):
    """All slides in their order; there is no next page."""


class NewSlideBody(Body):
    """A new slide: a picture if one is given, else a text."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": SLIDE["title"], "body": SLIDE["body"]}]}
    )

    name: _Name = ""
    title: _Title = ""
    body: _Text = ""
    picture: _PictureId | None = None
    place: _Place | None = None
    is_shown: bool = True
    shown_s: _Shown = USUAL_S

    def facts(self) -> dict[str, Any]:
        """The facts of the slide, without its place."""
        return self.model_dump(exclude={"place"})


class SlideEditBody(Body):
    """Changes a slide; a fact that is not given stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 131, "is_shown": False}]})

    version: Version
    name: _Name | None = None
    title: _Title | None = None
    body: _Text | None = None
    picture: _PictureId | None = None
    place: _Place | None = None
    is_shown: bool | None = None
    shown_s: _Shown | None = None

    def facts(self) -> dict[str, Any]:
        """The facts that change, without the place."""
        return self.model_dump(exclude={"version", "place"}, exclude_none=True)


class PictureBody(Body):
    """A picture as it was stored."""

    model_config = ConfigDict(json_schema_extra={"examples": [PICTURE]})

    picture: str = Field(description="Its id, for a slide; the same file has the same id.")
    media_type: str = Field(description="`image/png`, `image/jpeg` or `image/webp`, found in the file.")
    width: int = Field(description=f"In pixels, at most {LONGEST_SIDE}.")
    height: int
    size_bytes: int = Field(description="What follows the end of the picture in a file is not stored.")

    @classmethod
    def of(cls, picture: Picture) -> Self:
        """From the picture."""
        return cls(
            picture=picture.id,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            size_bytes=len(picture.data),
        )
