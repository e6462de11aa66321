"""Rules about drivers: which facts are valid, the name that screens show, deletion and merging. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting.people import Driver
from f1timings.meeting.texts import clean_text

#: The fields that people enter; we set the others.
FACTS: Final = ("name", "team", "colour", "race_number", "nickname", "shows_name", "pin")
HIGHEST_RACE_NUMBER: Final = 999
LONGEST_GAME_NAME: Final = 100

#: The name that the games show for everybody who hides their own name; so it belongs to no driver.
PLACEHOLDER: Final = "Player"

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PIN = re.compile(r"[0-9]{4,8}")


def shown_name(driver: Driver) -> str:
    """Return the name for screens: the name if the person agrees, else the nickname, else a neutral name."""
    if driver.is_deleted:
        return former_name(driver)
    if driver.shows_name:
        return driver.name
    return driver.nickname or f"Driver {driver.number_here}"


def former_name(driver: Driver) -> str:
    """Return the neutral name of a deleted driver."""
    return f"Former driver {driver.number_here}"


def new_driver(
    *, driver_id: str, number_here: int, token: str, now: datetime, name: str, **facts: Any
) -> Driver:
    """Return a driver with these facts; the other facts are empty.

    Args:
        number_here: the next free number on this server.
        facts: further ones of :data:`FACTS`.

    Raises:
        ActInvalid: a fact is not valid.
    """
    return with_facts(
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
        name=name,
        **facts,
    )


def with_facts(driver: Driver, **facts: Any) -> Driver:
    """Return the driver with these facts, which are checked and tidied.

    Raises:
        ActInvalid: a fact is not valid.
        ActConflict: the driver is deleted.
    """
    if driver.is_deleted:
        raise ActConflict("driver-deleted", driver)
    assert set(facts) <= set(FACTS), facts
    after = replace(driver, **facts)
    return _with_shown_name(
        replace(
            after,
            name=clean_text(after.name, field="name"),
            team=clean_text(after.team, field="team", shortest=0),
            colour=_valid_colour(after.colour),
            race_number=_valid_race_number(after.race_number),
            nickname=None if after.nickname is None else clean_text(after.nickname, field="nickname"),
            pin=_valid_pin(after.pin),
        )
    )


def as_deleted(driver: Driver, at: datetime) -> Driver:
    """Return the driver as deleted: the name and the PIN are free for others.

    Args:
        at: the moment, unless the driver was deleted before.
    """
    return _with_shown_name(
        replace(
            driver,
            is_deleted=True,
            deleted_at=driver.deleted_at or at,
            pin=None,
            name=former_name(driver),
        )
    )


def merge(driver: Driver, into: Driver, at: datetime) -> tuple[Driver, Driver]:
    """Merge two drivers that are the same person, at a moment.

    Returns:
        The first driver as deleted, and the second with the facts that only the first had. The second is
        shown by name only if both agreed to that.
    """
    merged = _with_shown_name(
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
    return replace(as_deleted(driver, at), merged_into=into.id), merged


def as_erased(driver: Driver, token: str, at: datetime) -> Driver:
    """Return the driver as deleted and without personal data.

    Args:
        token: a new one that was never shown.
        at: see :func:`as_deleted`.
    """
    empty = replace(driver, team="", colour=None, race_number=None, nickname=None, shows_name=False)
    return as_deleted(replace(empty, token=token), at)


def with_computed(driver: Driver) -> Driver:
    """Return the driver with the fields that follow from others."""
    return _with_shown_name(driver if driver.is_deleted else replace(driver, deleted_at=None))


def valid_game_name(name: str) -> str:
    """Return a name in the games that can belong to a driver, as names in the games are stored.

    Raises:
        ActInvalid: it is not a valid name, or the name that the games show for everybody.
    """
    tidy = clean_text(name, field="name", longest=LONGEST_GAME_NAME)
    if tidy.casefold() == PLACEHOLDER.casefold():
        raise ActInvalid("game-name-of-everybody", "name", name=PLACEHOLDER)
    return tidy


def _with_shown_name(driver: Driver) -> Driver:
    return replace(driver, shown_name=shown_name(driver))


def _valid_colour(colour: str | None) -> str | None:
    tidy = None if colour is None else colour.strip().lower()
    if tidy is not None and not _COLOUR.fullmatch(tidy):
        raise ActInvalid("colour-form", "colour")
    return tidy


def _valid_race_number(number: int | None) -> int | None:
    if number is not None and not 0 <= number <= HIGHEST_RACE_NUMBER:
        raise ActInvalid("race-number-range", "race_number", highest=HIGHEST_RACE_NUMBER)
    return number


def _valid_pin(pin: str | None) -> str | None:
    if pin is not None and not _PIN.fullmatch(pin):
        raise ActInvalid("pin-form", "pin")
    return pin
