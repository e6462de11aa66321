"""The tower names the person in each car: by the rig whose own car it is, else by the name in the game."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from f1timings.live.views.flags import names_of
from f1timings.live.views.rows import people as people_views
from f1timings.live.views.rows.people import SeenSessions, people_in_cars
from f1timings.live.views.session_watch import WatchedSession
from f1timings.meeting import lobbies
from f1timings.meeting.lobbies import Person
from f1timings.meeting.room.known_people import KnownPeople
from f1timings.timing.records import Participant, Session
from tests.live.rig_setup import RigSetup

RIG, OTHER = "10.0.0.5", "10.0.0.6"
ADA, BEN = "Ada Rossi", "Ben Okoro"


def participant(car: int, name: str | None, **facts: Any) -> Participant:
    known: dict[str, Any] = {
        "session_id": "s",
        "car_index": car,
        "name": name,
        "team_id": None,
        "team": None,
        "race_number": car + 10,
        "is_ai": False,
        "is_player": False,
        "driver_id": 255,
        "nationality": None,
    }
    return Participant(**(known | facts))


def watched(rig: str, *people: Participant, player: int | None = 0, **facts: Any) -> WatchedSession:
    known: dict[str, Any] = {
        "id": f"{rig}~7~0",
        "rig": rig,
        "uid": 7,
        "epoch": 0,
        "packet_format": 2025,
        "track": "Monza",
        "session_type": "Race",
        "is_online": True,
        "player_car_index": player,
    }
    session = Session(**(known | facts))
    return WatchedSession(session=session, participants={person.car_index: person for person in people})


PEOPLE = KnownPeople(at_rigs={RIG: ADA, OTHER: BEN}, by_game_name={"xX_Cleo_Xx": "Cleo Marsh"})
CARS = (participant(0, "ada77"), participant(1, "ben_o"), participant(2, "xX_Cleo_Xx"))


def in_cars(
    own: WatchedSession,
    *others: WatchedSession,
    people: KnownPeople = PEOPLE,
    sessions: SeenSessions | None = None,
) -> dict[int, str]:
    return people_in_cars(
        own,
        [(OTHER, other) for other in others],
        rig=RIG,
        people=people,
        sessions=sessions or SeenSessions(),
    )


def test_the_driver_at_the_rig_sits_in_the_rigs_own_car() -> None:
    assert in_cars(watched(RIG, *CARS)) == {0: ADA, 2: "Cleo Marsh"}


def test_in_one_lobby_each_rig_gives_the_person_of_its_own_car() -> None:
    assert in_cars(watched(RIG, *CARS), watched(OTHER, *CARS, player=1)) == {0: ADA, 1: BEN, 2: "Cleo Marsh"}


def test_a_rig_in_another_session_gives_nobody() -> None:
    other = watched(OTHER, *CARS, player=1, uid=8, track="Spa")
    assert in_cars(watched(RIG, *CARS), other) == {0: ADA, 2: "Cleo Marsh"}


def test_names_that_people_hide_link_no_rigs() -> None:
    hidden = (participant(0, "Player"), participant(1, "Player"))
    assert in_cars(watched(RIG, *hidden), watched(OTHER, *hidden, player=1)) == {0: ADA}


def test_a_rig_that_spectates_has_no_own_car() -> None:
    spectating = watched(RIG, *CARS, player=None)
    assert in_cars(spectating) == {2: "Cleo Marsh"}
    assert in_cars(spectating, watched(OTHER, *CARS, player=1)) == {1: BEN, 2: "Cleo Marsh"}


def test_a_car_that_the_game_drives_has_no_person_even_if_a_person_has_its_name() -> None:
    ai = participant(2, "xX_Cleo_Xx", is_ai=True, driver_id=14)
    assert in_cars(watched(RIG, CARS[0], ai)) == {0: ADA}


def test_after_the_flag_the_game_drives_the_car_of_a_person_who_stays_known() -> None:
    retired = participant(2, "xX_Cleo_Xx", is_ai=True)
    assert in_cars(watched(RIG, CARS[0], retired)) == {0: ADA, 2: "Cleo Marsh"}


def test_where_staff_stated_that_nobody_known_sits_the_name_in_the_game_names_nobody() -> None:
    people = KnownPeople(at_rigs={RIG: None}, by_game_name={"ada77": ADA})
    assert in_cars(watched(RIG, *CARS), people=people) == {}
    without_statement = KnownPeople(by_game_name={"ada77": ADA})
    assert in_cars(watched(RIG, *CARS), people=without_statement) == {0: ADA}


def test_only_the_session_that_changed_is_built_again(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []

    def people_of(cars: Iterable[tuple[str | None, int | None, int]]) -> dict[Person, int]:
        listed = list(cars)
        built.append(len(listed))
        return lobbies.people_of(listed)

    monkeypatch.setattr(people_views, "people_of", people_of)
    sessions = SeenSessions()
    own, other = watched(RIG, *CARS), watched(OTHER, *CARS[:1], player=1)
    for _ in range(3):
        assert in_cars(own, other, sessions=sessions) == {0: ADA, 2: "Cleo Marsh"}
    other.participants = {car.car_index: car for car in CARS[:2]}
    for _ in range(3):
        assert in_cars(own, other, sessions=sessions) == {0: ADA, 1: BEN, 2: "Cleo Marsh"}
    own.session = watched(RIG, track="Spa").session
    assert in_cars(own, other, sessions=sessions) == {0: ADA, 2: "Cleo Marsh"}
    assert built == [3, 1, 2, 3]


def test_the_tower_follows_a_change_of_driver_at_the_next_look() -> None:
    setup = RigSetup()
    tower = setup.follow("tower")
    setup.send("session", 0.0, session_type=15, track_id=11, track_length=5793)
    cars = {
        0: {"name": b"ada77", "driver_id": 255, "race_number": 44, "team_id": 2},
        1: {"name": b"VERSTAPPEN", "driver_id": 9, "ai_controlled": 1, "race_number": 33, "team_id": 2},
    }
    setup.send("participants", 0.0, num_active_cars=2, cars=cars)
    racing = {"result_status": 2, "driver_status": 4, "current_lap_num": 1}
    setup.send("lap_data", 1.0, cars={0: racing | {"car_position": 1}, 1: racing | {"car_position": 2}})
    assert [row["person"] for row in tower.rows.values()] == [None, None]
    setup.people = KnownPeople(at_rigs={RIG: ADA})
    rows = tower.rows
    assert [rows[id_]["person"] for id_ in "01"] == [ADA, None]
    assert [(rows[id_]["team"], rows[id_]["race_number"]) for id_ in "01"] == [
        ("Red Bull Racing", 44),
        ("Red Bull Racing", 33),
    ]
    assert ["ai" in names_of(rows[id_]["flags"]) for id_ in "01"] == [False, True]
    setup.people = KnownPeople(at_rigs={RIG: BEN})
    assert tower.rows["0"]["person"] == BEN
