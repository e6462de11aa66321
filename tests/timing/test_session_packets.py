"""A session packet is decoded only if it has something new for timing."""

from __future__ import annotations

import pytest

from f1timings.packets import FORMATS, Packet, decode
from f1timings.timing import session
from f1timings.timing.occurrences import IncidentKind
from tests.timing.stories import Game, incidents


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of packets that were decoded for a session."""
    kinds: list[str] = []

    def count(data: bytes) -> Packet:
        packet = decode(data)
        kinds.append(packet.layout.kind)
        return packet

    monkeypatch.setattr(session, "decode", count)
    return kinds


@pytest.mark.parametrize("year", FORMATS)
def test_while_only_the_time_left_counts_down_no_session_packet_is_decoded(
    year: int, decoded: list[str]
) -> None:
    game = Game(year).opened()
    for second in range(10):
        header = game.header(11.0 + second)
        game.feed(game.session(header, session_time_left=600 - second, weather=1))
    decoded.clear()
    game.feed(game.session(game.header(30.0), session_time_left=580, weather=1))
    assert decoded == []
    game.feed(game.session(game.header(31.0), session_time_left=579, weather=2))
    assert decoded == ["session"]


def test_a_late_session_packet_hides_no_change() -> None:
    game = Game().opened()
    skies = ((12.0, 0), (14.0, 4), (13.0, 0), (15.0, 0), (16.0, 4), (15.5, 4), (17.0, 4))
    packets = [game.session(game.header(at_s), weather=weather) for at_s, weather in skies]
    recorded = incidents(game.feed(*packets), IncidentKind.WEATHER)
    assert ["heavy rain", "clear", "heavy rain"] == [incident.detail["weather"] for incident in recorded]


def test_after_a_flashback_the_same_session_packet_counts_again() -> None:
    game = Game().opened()
    game.run(30.0)
    (rain,) = incidents(game.feed(game.session(weather=4)), IncidentKind.WEATHER)
    game.run(31.0)
    game.rewind(20.0)
    (again,) = incidents(game.feed(game.session(weather=4)), IncidentKind.WEATHER)
    assert rain.id != again.id


def test_another_own_car_is_read_from_the_header_of_an_equal_packet() -> None:
    game = Game().opened()
    game.feed(game.session(game.header(12.0), weather=1))
    header = game.header(13.0)._replace(player_car_index=7)
    game.feed(game.session(header, weather=1))
    assert game.engine.session is not None
    assert game.engine.session.player_car_index == 7
