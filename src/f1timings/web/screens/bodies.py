"""The JSON bodies about screens: those that are connected, and what staff sent to them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from f1timings.live.fanout.client import ScreenState
from f1timings.meeting.room.records import ALL_SCREENS, LONGEST_DELAY_S, USUAL_TURN_S, ScreenCard
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text

SCREEN: dict[str, Any] = {
    "id": "9c0f1e72",
    "screen": "TV at the bar",
    "name": "TV at the bar",
    "page": "/display",
    "scene": "leaderboard",
    "code": "KXQT",
    "address": "192.168.1.40",
    "since": "2026-11-22T18:02:11.250000Z",
    "views": ["board", "rigs"],
    "skipped": 12,
    "is_behind": False,
}
RELOAD = {"id": SCREEN["id"], "command": "reload"}
CARD: dict[str, Any] = {
    "screen": "TV at the bar",
    "scene": "leaderboard,next",
    "delay_s": 0,
    "is_blank": False,
    "turn_s": 20,
    "turns_in_race": False,
}
_SCENES = r"^[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*){0,11}$"
DIRECTION: dict[str, Any] = {"screen": "TV at the bar", "scene": "race"}


class ConnectedScreenBody(Body):
    """One connection that has subscribed; what it does not report about itself is null."""

    model_config = ConfigDict(json_schema_extra={"examples": [SCREEN]})

    id: str = Field(description="Of this connection; a screen that reconnects gets a new one.")
    screen: str | None = Field(description="Its name, or its code if it has none, to send scenes to it.")
    name: str | None
    page: str | None = Field(description="Path of the page that it shows.")
    scene: str | None = Field(description="The scene that it shows now; null if its page has no scenes.")
    code: str | None = Field(description="The code drawn on the screen, to identify it.")
    address: str | None
    since: Timestamp
    views: list[str]
    skipped: int = Field(
        description="Updates that it got only joined with later ones, because it was too slow."
    )
    is_behind: bool = Field(description="It has not received the newest update yet.")

    @classmethod
    def of(cls, state: ScreenState) -> Self:
        """From the hub's record."""
        return cls(
            id=state.id,
            screen=state.screen.key,
            name=state.screen.name,
            page=state.screen.page,
            scene=state.screen.scene,
            code=state.screen.code,
            address=state.address,
            since=moment_text(datetime.fromtimestamp(state.since, UTC)),
            views=list(state.views),
            skipped=state.skipped,
            is_behind=state.is_behind,
        )


class ScreenListBody(ListBody[ConnectedScreenBody]):
    """All connected screens; there is no next page."""


class ScreenCommandBody(Body):
    """The command that was sent to a screen."""

    model_config = ConfigDict(json_schema_extra={"examples": [RELOAD]})

    id: str
    command: str


class ScreenCardBody(Body):
    """What staff sent to a screen, which may be connected or not."""

    model_config = ConfigDict(json_schema_extra={"examples": [CARD]})

    screen: str = Field(
        description=f"Its name, or its code if it has none; `{ALL_SCREENS}` for all screens without a card."
    )
    scene: str | None = Field(
        description="null: the screen chooses by itself. Scenes with commas between them take turns."
    )
    delay_s: int = Field(description="It shows everything so late, in seconds.")
    is_blank: bool = Field(description="It shows nothing.")
    turn_s: int = Field(description="How long each of several scenes is shown, in seconds.")
    turns_in_race: bool = Field(
        description="Several scenes take turns also while the room is shown a race or its result."
    )

    @classmethod
    def of(cls, card: ScreenCard) -> Self:
        """From the stored card."""
        return cls(
            screen=card.screen,
            scene=card.scene,
            delay_s=card.delay_s,
            is_blank=card.is_blank,
            turn_s=card.turn_s or USUAL_TURN_S,
            turns_in_race=bool(card.turns_in_race),
        )


class ScreenCardListBody(ListBody[ScreenCardBody]):
    """The cards of all screens; there is no next page."""


class ScreenDirectionBody(Body):
    """What to send to a screen, or to all. Fields that are not given stay as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [DIRECTION]})

    screen: str = Field(
        max_length=80, description=f"Its name, or its code if it has none; `{ALL_SCREENS}` for every screen."
    )
    scene: Annotated[str, Field(max_length=200, pattern=_SCENES)] | None = Field(
        default=None,
        description="A scene of `/display`, or up to twelve that take turns, with commas between them; "
        "null lets the screen choose by itself.",
    )
    delay_s: int | None = Field(
        default=None, ge=0, le=LONGEST_DELAY_S, description="It shows everything so late, in seconds."
    )
    is_blank: bool | None = Field(default=None, description="It shows nothing.")
    turn_s: int | None = Field(
        default=None, ge=5, le=600, description="How long each of several scenes is shown, in seconds."
    )
    turns_in_race: bool | None = Field(
        default=None,
        description="Several scenes take turns also while the room is shown a race or its result.",
    )

    def facts(self) -> dict[str, Any]:
        """The facts that the client has given."""
        given = self.model_dump(include=self.model_fields_set - {"screen"})
        return {name: value for name, value in given.items() if value is not None or name == "scene"}
