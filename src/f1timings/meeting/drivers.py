"""Rules about people: which facts a driver may have, under what name screens show one, what merging means."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting.people import Driver
from f1timings.meeting.texts import clean_text

#: What a person may say about themselves; the other fields are ours.
FACTS: Final = ("name", "team", "colour", "race_number", "nickname", "shows_name", "pin")
HIGHEST_RACE_NUMBER: Final = 999
LONGEST_GAME_NAME: Final = 100

#: What the games call somebody whose own name they may not show: it is everybody's, so it stands for nobody.
PLACEHOLDER: Final = "Player"

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PIN = re.compile(r"[0-9]{4,8}")


def shown_name(driver: Driver) -> str:
    """What screens show: the name with the person's consent, else the nickname, else a neutral name."""
    if driver.is_deleted:
        return former_name(driver)
    if driver.shows_name:
        return driver.name
    return driver.nickname or f"Driver {driver.number_here}"


def former_name(driver: Driver) -> str:
    """The neutral name of one who is gone."""
    return f"Former driver {driver.number_here}"


def new_driver(driver_id: str, number_here: int, token: str, now: datetime, **facts: Any) -> Driver:
    """A driver with these facts, the others empty.

    Args:
        number_here: the next one of this server.
        facts: some of :data:`FACTS`, ``name`` among them.

    Raises:
        ActInvalid: a fact that cannot be right.
    """
    return changed(
        Driver(
            id=driver_id,
            number_here=number_here,
            name="",
            team="",
            colour=None,
            race_number=None,
            nickname=None,
            shows_name=True,
            shown_name="",
            pin=None,
            token=token,
            is_deleted=False,
            merged_into=None,
            created_at=now,
        ),
        **facts,
    )


def changed(driver: Driver, **facts: Any) -> Driver:
    """The driver with other facts, cleaned.

    Raises:
        ActInvalid: a fact that cannot be right.
        ActConflict: the driver is deleted.
    """
    if driver.is_deleted:
        raise ActConflict("This driver is deleted; undo the deletion first.", driver)
    assert set(facts) <= set(FACTS), facts
    after = replace(driver, **facts)
    return _named(
        replace(
            after,
            name=clean_text(after.name, field="name"),
            team=clean_text(after.team, field="team", shortest=0),
            colour=_checked_colour(after.colour),
            race_number=_checked_race_number(after.race_number),
            nickname=None if after.nickname is None else clean_text(after.nickname, field="nickname"),
            pin=_checked_pin(after.pin),
        )
    )


def deleted(driver: Driver) -> Driver:
    """The driver as one who is gone: neither name nor PIN are taken any more."""
    gone = replace(driver, is_deleted=True, pin=None)
    return _named(replace(gone, name=former_name(gone)))


def merged(driver: Driver, into: Driver) -> tuple[Driver, Driver]:
    """Two who turn out to be one person: the first as gone, the second with what only the first had.

    Whoever of the two did not agree to be shown by name is not shown by name.
    """
    one = _named(
        replace(
            into,
            team=into.team or driver.team,
            colour=into.colour or driver.colour,
            race_number=driver.race_number if into.race_number is None else into.race_number,
            nickname=into.nickname or driver.nickname,
            shows_name=into.shows_name and driver.shows_name,
            pin=into.pin or driver.pin,
        )
    )
    return replace(deleted(driver), merged_into=into.id), one


def erased(driver: Driver, token: str) -> Driver:
    """The driver without anything personal.

    Args:
        token: another one, which nobody has.
    """
    empty = replace(driver, team="", colour=None, race_number=None, nickname=None, shows_name=False)
    return deleted(replace(empty, token=token))


def checked_game_name(name: str) -> str:
    """A name in the games that may stand for a driver, as the games' names are kept.

    Raises:
        ActInvalid: it is none, or the one that the games give to everybody.
    """
    tidy = clean_text(name, field="name", longest=LONGEST_GAME_NAME)
    if tidy.casefold() == PLACEHOLDER.casefold():
        raise ActInvalid(
            f"{PLACEHOLDER!r} is what the games call everybody who hides the own name, so it stands for "
            "nobody; assign a driver to the rig instead.",
            "name",
        )
    return tidy


def _named(driver: Driver) -> Driver:
    return replace(driver, shown_name=shown_name(driver))


def _checked_colour(colour: str | None) -> str | None:
    tidy = None if colour is None else colour.strip().lower()
    if tidy is not None and not _COLOUR.fullmatch(tidy):
        raise ActInvalid("A colour is # and six digits from 0 to f; right would be #ff8000.", "colour")
    return tidy


def _checked_race_number(number: int | None) -> int | None:
    if number is not None and not 0 <= number <= HIGHEST_RACE_NUMBER:
        raise ActInvalid(f"A race number is 0 to {HIGHEST_RACE_NUMBER}; right would be 44.", "race_number")
    return number


def _checked_pin(pin: str | None) -> str | None:
    if pin is not None and not _PIN.fullmatch(pin):
        raise ActInvalid("A PIN is 4 to 8 digits from 0 to 9; right would be 4711.", "pin")
    return pin
