"""Acts on screens: send a scene to one or to all, set a delay, blank them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from f1timings.errors import ActInvalid
from f1timings.meeting.room.records import ALL_SCREENS, ScreenCard
from f1timings.meeting.texts import clean_text
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.sentences import typed

#: Each screen reads the cards of all screens, so there is a limit.
MOST_CARDS: Final = 200


def direct_screen(desk: Desk, screen: str, **facts: Any) -> ScreenCard:
    """Change what one screen shows.

    Args:
        screen: its name or its four letters; it need not be connected.
        facts: the fields of a :class:`ScreenCard` that change.

    Raises:
        ActInvalid: no screen can have this name, or too many screens have a card.
    """
    name = clean_text(screen, field="screen")
    card = desk.get_record(ScreenCard, name) or _new_card(desk, name)
    changed = replace(card, **facts)
    if changed == card and card.seq:
        return card
    desk.describe("screen_directed", name, f"The screen {typed(name)} {_what(facts, changed)}.")
    return desk.store_record(changed)


def direct_all_screens(desk: Desk, **facts: Any) -> list[ScreenCard]:
    """Change what all screens show: those with a card, and through :data:`ALL_SCREENS` those without.

    Args:
        facts: the fields of a :class:`ScreenCard` that change.
    """
    cards = desk.list_records(ScreenCard)
    if all(card.screen != ALL_SCREENS for card in cards):
        cards.append(ScreenCard(screen=ALL_SCREENS))
    changed = [replace(card, **facts) for card in cards]
    if changed != cards or not all(card.seq for card in cards):
        desk.describe("screens_directed", ALL_SCREENS, f"Every screen {_what(facts, changed[0])}.")
    return [desk.store_record(card) for card in changed]


def _new_card(desk: Desk, name: str) -> ScreenCard:
    cards = desk.list_records(ScreenCard)
    if len(cards) >= MOST_CARDS:
        raise ActInvalid("screens-full", "screen", most=MOST_CARDS)
    of_all = next((card for card in cards if card.screen == ALL_SCREENS), ScreenCard(screen=ALL_SCREENS))
    return replace(of_all, screen=name, seq=0)


def _what(facts: dict[str, Any], card: ScreenCard) -> str:
    """What is new about a screen, as the rest of a sentence."""
    if card.scene and "," in card.scene and "scene" in facts:
        return f"shows in turn {', '.join(card.scene.split(','))}"
    if len(facts) != 1 or not facts.keys() & {"scene", "delay_s", "is_blank"}:
        return "was changed"
    if "scene" in facts:
        return f"shows the scene {card.scene}" if card.scene else "chooses its scene by itself"
    if "delay_s" in facts:
        return f"is {card.delay_s} s late" if card.delay_s else "is no longer late"
    return "is blank" if card.is_blank else "is no longer blank"
