"""The act that joins two rigs that are one, such as a rig that got a new address, and its undoing.

Only the card of the joined rig changes, and seats that overlap. Everything that it recorded keeps its key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting.people import Act, RigCard, is_join, joined_ends
from f1timings.store.acts.assignments import numbered_name, rig_name, settle_seats
from f1timings.store.acts.desk import Desk
from f1timings.store.reads.joined_rigs import JOINED, read_keys


def join(desk: Desk, rig: str, *, into: str, version: int, is_live: Callable[[str], bool]) -> RigCard:
    """Join a rig into another one: everything of it counts as the other one's from now on, laps included.

    Rigs that were joined into it before follow. Where both have a seat at one time, the one that began later
    ends the other one.

    Args:
        rig: the rig that is joined; its card disappears.
        into: the rig that remains.
        version: of the card of the first rig, as the client has seen it; 0 before its first edit.
        is_live: whether a rig sends at this moment.

    Returns:
        The card of the joined rig.

    Raises:
        ActInvalid: both are the same rig.
        ActConflict: one of them is joined already, both are live, or the card has changed since that version.
    """
    card = _card(desk, rig)
    remaining = _card(desk, into)
    if rig == into:
        raise ActInvalid("rig-into-itself", "into")
    if card.joined_into == into:
        return card
    for joined in (card, remaining):
        _refuse_joined(desk, joined)
    if card.seq != version:
        raise ActConflict("changed-since", card)
    if is_live(rig) and is_live(into):
        name, other = _plain_name(desk, card), _plain_name(desk, remaining)
        raise ActConflict("rigs-both-send", rig=name, other=other)
    name, other = rig_name(desk, rig), rig_name(desk, into)
    for key in read_keys(desk.connection, rig)[1:]:
        desk.store_record(replace(_card(desk, key), joined_into=into))
    after = desk.store_record(replace(card, joined_into=into))
    settle_seats(desk, into)
    desk.describe(JOINED, rig, f"{name} was joined into {other}: they are one rig.")
    return after


def settle_undone(desk: Desk, act: Act) -> None:
    """Settle the seats after an undo has separated rigs, or joined them again.

    Raises:
        ActConflict: a rig would be joined into one that is joined itself.
    """
    changed = [change for change in desk.changes if isinstance(change.newest, RigCard) and is_join(*change)]
    touched: set[str] = set()
    for change in changed:
        card = _card(desk, change.newest.rig)
        if card.joined_into is not None:
            is_chain = len(read_keys(desk.connection, card.rig)) > 1
            if is_chain or _card(desk, card.joined_into).joined_into is not None:
                raise ActConflict("rig-joined-since", act)
        touched |= {card.rig} if card.joined_into is None else {card.joined_into}
        touched |= joined_ends(*change)
    for rig in sorted(touched):
        settle_seats(desk, rig)


def _card(desk: Desk, rig: str) -> RigCard:
    return desk.get_record(RigCard, rig) or RigCard(rig=rig, name=None, place=None)


def _plain_name(desk: Desk, card: RigCard) -> str:
    """The name of a rig for a message, where the sentence of an act has :func:`rig_name`."""
    return card.name or numbered_name(desk.connection, card.rig)


def _refuse_joined(desk: Desk, card: RigCard) -> None:
    if card.joined_into is None:
        return
    own, other = _plain_name(desk, card), _plain_name(desk, _card(desk, card.joined_into))
    raise ActConflict("rig-joined", rig=own, other=other)
