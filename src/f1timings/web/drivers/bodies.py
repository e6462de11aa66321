"""The JSON of drivers, names in the games, and a driver's own page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from f1timings.meeting import drivers as rules
from f1timings.meeting import people
from f1timings.store.reads.drivers import BestLap, SeenName
from f1timings.web.http.acting import Version
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text

DRIVER: dict[str, Any] = {
    "id": "5c0a77d1e2b4",
    "version": 31,
    "name": "Ada Brandt",
    "shown_name": "Ada Brandt",
    "team": "Night Shift",
    "colour": "#ff8000",
    "race_number": 44,
    "nickname": "Flash",
    "shows_name": True,
    "pin": "4711",
    "has_pin": True,
    "token": "m8ZrlIXtz8Qdgt2P-M2uxg",
    "is_deleted": False,
    "merged_into": None,
    "created_at": "2026-11-22T18:05:00.000000Z",
    "deleted_at": None,
}
GAME_NAME: dict[str, Any] = {
    "name": "ada_b_racing",
    "driver_id": DRIVER["id"],
    "driver": DRIVER["shown_name"],
    "is_known": True,
    "sessions": 3,
    "laps": 41,
    "last_seen_at": "2026-11-22T19:58:02.004100Z",
}
OWN_BEST: dict[str, Any] = {
    "circuit": "Monza",
    "lap_time_ms": 83456,
    "set_at": "2026-11-22T20:12:00.123456Z",
    "lap_id": "192.168.1.21~14061966829349171242~0~19~7~0",
}
OWN_PAGE: dict[str, Any] = {
    "driver": DRIVER | {"pin": None, "token": None, "nickname": None},
    "rig": "192.168.1.21",
    "best_laps": [OWN_BEST],
}
_NEW: dict[str, Any] = {"name": "Ada Brandt", "team": "Night Shift", "colour": "#ff8000", "race_number": 44}

_PLAIN = r"^[^\x00]*$"
DriverKey = Annotated[str, Field(max_length=40, pattern=_PLAIN, examples=[DRIVER["id"]])]
Name = Annotated[
    str,
    Field(max_length=400, description="1 to 80 characters; no other driver has it.", examples=["Ada Brandt"]),
]
Team = Annotated[str, Field(max_length=400, description="Up to 80 characters.", examples=["Night Shift"])]
Colour = Annotated[str | None, Field(max_length=40, description="`#rrggbb`.", examples=["#ff8000"])]
RaceNumber = Annotated[
    int | None, Field(ge=0, le=rules.HIGHEST_RACE_NUMBER, description="0 to 999.", examples=[44])
]
Nickname = Annotated[
    str | None,
    Field(max_length=400, description="Shown if the person does not agree to the name.", examples=["Flash"]),
]
ShowsName = Annotated[bool, Field(description="The person agrees that screens show the name.")]
Pin = Annotated[
    str | None,
    Field(
        max_length=40,
        description="4 to 8 digits with which the driver takes a seat; no other driver has it.",
        examples=["4711"],
    ),
]


class DriverBody(Body):
    """A driver. Without the role marshal, `name` is `shown_name`, and there is no PIN or token."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRIVER]})

    id: str
    version: int
    name: str
    shown_name: str = Field(
        description="The name on screens: the name if the person agrees, else the nickname or a neutral name."
    )
    team: str
    colour: str | None = Field(description="`#rrggbb`.")
    race_number: int | None
    nickname: str | None
    shows_name: bool = Field(description="The person agrees that screens show the name.")
    pin: str | None = Field(description="null without the role marshal.")
    has_pin: bool = Field(description="Only the PIN, or the code, makes a phone this driver's.")
    token: str | None = Field(description="Opens the driver's own page; null without the role marshal.")
    is_deleted: bool = Field(description="The driver was deleted; the laps stay under a neutral name.")
    merged_into: str | None = Field(description="Id of the driver into which this one was merged.")
    created_at: Timestamp
    deleted_at: Timestamp | None = Field(
        description="Laps that begin later are not the driver's; null if the driver is not deleted."
    )

    @classmethod
    def of(cls, driver: people.Driver) -> Self:
        """Build the body for marshals."""
        at = driver.deleted_at
        facts = {
            name: getattr(driver, name)
            for name in cls.model_fields.keys() - {"version", "created_at", "deleted_at"}
        }
        return cls(
            version=driver.seq,
            created_at=moment_text(driver.created_at),
            deleted_at=None if at is None else moment_text(at),
            **facts,
        )

    @classmethod
    def public(cls, driver: people.Driver) -> Self:
        """Build the body for everybody else, without what only marshals may read."""
        hidden = {"name": driver.shown_name, "pin": None, "token": None}
        if driver.nickname != driver.shown_name:
            hidden["nickname"] = None
        return cls.of(driver).model_copy(update=hidden)


class ErasedDriverBody(DriverBody):
    """A driver whose personal data was erased."""

    exports_changed: list[str] = Field(
        description="Files in the data folder in which the neutral name now replaces the names of the person."
    )
    exports_unchanged: list[str] = Field(
        description=(
            "Files and folders that may still contain a name of the person, and that the server did not "
            "change: another program has them open or wrote them, or they cannot be read or searched. Look "
            "yourself: delete them, or change them by hand."
        )
    )


class NewDriverBody(Body):
    """A driver to add."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NEW]})

    name: Name
    team: Team = ""
    colour: Colour = None
    race_number: RaceNumber = None
    nickname: Nickname = None
    shows_name: ShowsName = True
    pin: Pin = None

    def facts(self) -> dict[str, Any]:
        """Return the facts by name."""
        return self.model_dump()


class DriverEditBody(Body):
    """Facts to change; a fact that is not given stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"version": 31, "team": "Day Shift", "pin": None}]}
    )

    version: Version
    name: Name = ""
    team: Team = ""
    colour: Colour = None
    race_number: RaceNumber = None
    nickname: Nickname = None
    shows_name: ShowsName = True
    pin: Pin = None

    def facts(self) -> dict[str, Any]:
        """Return the facts that are given, by name."""
        return self.model_dump(exclude={"version"}, exclude_unset=True)


class MergeBody(Body):
    """Merges a driver into another one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"into": DRIVER["id"], "version": 12}]})

    into: DriverKey = Field(description="Id of the driver that remains.")
    version: Version


class ErasureBody(Body):
    """Erases the personal data of a driver for good."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 31, "confirm": "Ada Brandt"}]})

    version: Version
    confirm: str = Field(max_length=400, description="The driver's name, typed again.")


class GameNameBody(Body):
    """A name of people in the games, and the driver it belongs to."""

    model_config = ConfigDict(json_schema_extra={"examples": [GAME_NAME]})

    name: str
    driver_id: str | None
    driver: str | None = Field(description="The driver's name as screens show it.")
    is_known: bool = Field(
        description="A person decided which driver it belongs to, or that it is no driver we know."
    )
    sessions: int = Field(description="Sessions in which the name took part.")
    laps: int = Field(description="Laps under this name, of every state.")
    last_seen_at: Timestamp | None = Field(
        description="When the newest of these sessions began; null if there is none."
    )

    @classmethod
    def of(cls, seen: SeenName) -> Self:
        """Build the body of a name."""
        at = None if seen.last_seen_at is None else moment_text(seen.last_seen_at)
        return cls(**asdict(seen) | {"last_seen_at": at})


class GameNameMappingBody(Body):
    """Sets which driver a name in the games belongs to."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": GAME_NAME["name"], "driver_id": DRIVER["id"]}]}
    )

    name: str = Field(max_length=400, description="As the games show it.")
    driver_id: DriverKey | None = Field(description="null: no driver we know.")


class OwnBestBody(Body):
    """A driver's best lap at one circuit."""

    model_config = ConfigDict(json_schema_extra={"examples": [OWN_BEST]})

    circuit: str = Field(description="Empty if it is not known.")
    lap_time_ms: int
    set_at: Timestamp
    lap_id: str

    @classmethod
    def of(cls, best: BestLap) -> Self:
        """Build the body of a best lap."""
        return cls(**asdict(best) | {"set_at": moment_text(best.set_at)})


class OwnPageBody(Body):
    """The content of a driver's own page."""

    model_config = ConfigDict(json_schema_extra={"examples": [OWN_PAGE]})

    driver: DriverBody
    rig: str | None = Field(description="The rig that the driver is assigned to now.")
    best_laps: list[OwnBestBody] = Field(description="One for each circuit.")


class DriverListBody(ListBody[DriverBody]):
    """A page of drivers, in the order in which they were added."""


class GameNameListBody(ListBody[GameNameBody]):
    """A page of names of people in the games, unclaimed names first."""
