"""The person that an erasure is about: the driver's ids, and every name under which the person is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from f1timings.meeting import drivers as rules
from f1timings.meeting.drivers import PLACEHOLDER
from f1timings.meeting.people import Driver, GameName
from f1timings.meeting.texts.names import NameReplacement, folded
from f1timings.store.acts.desk import Desk
from f1timings.store.reads.drivers import acts_about, is_human, names_in_acts
from f1timings.store.tables.people import acts, attributions, drivers, game_names, known_names
from f1timings.store.tables.timed import classification_entries, laps, participants


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedPerson:
    """A person to erase.

    Attributes:
        ids: of the driver, and of the drivers that were merged into it.
        game_names: the names of the person that the games used, in the games' spelling.
        names: replaces every name of the person in texts.
        neutral: the name that replaces them.
    """

    ids: tuple[str, ...]
    game_names: frozenset[str]
    names: NameReplacement
    neutral: str

    def has_game_name(self, name: str) -> bool:
        """Whether a name in the games is the person's."""
        return name in self.game_names or self.names.is_name(name)


def read_person(desk: Desk, driver: Driver) -> ErasedPerson:
    """Read the names of a driver from everywhere."""
    ids = (driver.id, *(merged.id for merged in desk.list_records(Driver, merged_into=driver.id)))
    about = desk.connection.execute(select(acts).where(acts_about(ids))).mappings().all()
    neutral = rules.former_name(driver)
    present = _present_names_of_others(desk, ids)
    own = {driver.name, *filter(None, [driver.nickname]), *(names_in_acts(about, ids) - present)}
    mapped = {mapping.name for mapping in desk.list_records(GameName, game_names.c.driver_id.in_(ids))}
    mapped |= _once_mapped([change for row in about for change in row["changes"]], ids)
    others = present | _former_names_of_others(desk, ids)
    seen = _names_in_games(desk)
    driven = _driven_names(desk, ids, seen=seen, known=own | mapped, of_others=others - own)
    erased = desk.list_records(Driver, drivers.c.id.in_(ids))
    impersonal = {neutral, PLACEHOLDER, *(rules.former_name(former) for former in erased)}
    names = (own | mapped | driven) - impersonal
    known = {folded(name) for name in names}
    return ErasedPerson(
        ids=ids,
        game_names=frozenset((mapped | driven) - impersonal),
        names=NameReplacement(
            names, neutral=neutral, others=others | {name for name in seen if folded(name) not in known}
        ),
        neutral=neutral,
    )


def _once_mapped(changes: Sequence[Mapping[str, Any]], ids: Collection[str]) -> set[str]:
    """Return names in the games that belonged to the person at any time, and to no other driver since."""
    images = [
        (change["key"], image)
        for change in changes
        if change["table"] == game_names.name
        for image in (change["before"], change["after"])
        if image is not None
    ]
    own = {key for key, image in images if image["driver_id"] in ids}
    return own - {key for key, image in images if image["driver_id"] and image["driver_id"] not in ids}


def _present_names_of_others(desk: Desk, ids: Sequence[str]) -> set[str]:
    """Return the names of all other drivers, also in the games."""
    others = desk.list_records(Driver, drivers.c.id.not_in(ids), is_deleted=False)
    names = {name for other in others for name in (other.name, other.nickname) if name}
    is_of_other = and_(game_names.c.driver_id.is_not(None), game_names.c.driver_id.not_in(ids))
    return names | {mapping.name for mapping in desk.list_records(GameName, is_of_other)}


def _former_names_of_others(desk: Desk, ids: Sequence[str]) -> set[str]:
    driver_id = known_names.c.driver_id
    query = select(known_names.c.name).where(driver_id.is_not(None), driver_id.not_in(ids))
    return set(desk.connection.execute(query).scalars())


def _names_in_games(desk: Desk) -> set[str]:
    """Return every name of people that the games used, or that a person mapped."""
    columns = (laps.c.participant, classification_entries.c.name, game_names.c.name)
    queries = [select(column).where(column.is_not(None)) for column in columns]
    queries.append(select(participants.c.name).where(participants.c.name.is_not(None), is_human()))
    return {name for query in queries for name in desk.connection.execute(query.distinct()).scalars()}


def _driven_names(
    desk: Desk,
    ids: Sequence[str],
    *,
    seen: Collection[str],
    known: Collection[str],
    of_others: Collection[str],
) -> set[str]:
    """Return the names in the games under which the person drove and no other driver did.

    Args:
        seen: every name in the games.
        known: names of the person; the same names in any spelling are the person's too.
        of_others: names of other drivers.
    """
    owners = (
        select(laps.c.participant, attributions.c.driver_id)
        .join(attributions, attributions.c.lap_id == laps.c.id)
        .where(laps.c.participant.is_not(None), attributions.c.driver_id.is_not(None))
        .distinct()
    )
    owned = desk.connection.execute(owners).all()
    shared = {*of_others, *(name for name, driver_id in owned if driver_id not in ids)}
    driven = {name for name, driver_id in owned if driver_id in ids} - shared
    spellings = {folded(name) for name in (*known, *driven)}
    return (driven | {name for name in seen if folded(name) in spellings}) - shared
