"""Drivers as they are kept: named once, known everywhere, merged, undone, and erased without a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import create_engine, inspect, text

from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.meeting.people import Driver, GameName, LapMark, QueueEntry, QueueState
from f1timings.store import Condition, Desk, Store
from f1timings.store.acts import assignments, drivers, manual_laps, meetings
from f1timings.store.acts import erasure as drivers_erasure
from f1timings.store.engines import database_url
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged, SessionClassified
from tests.store import events
from tests.store.conftest import OpenStore

T = TypeVar("T")
RIG = events.RIG
HOSTILE = ("<img src=x onerror=alert(1)>", "=cmd()", "🏎️ Ágnes", "O'Brien; DROP TABLE drivers", "a%_b/\\c")


class Club:
    """A store, whose clock stands until it is moved, and the drivers Ann and Ben."""

    def __init__(self, open_store: OpenStore) -> None:
        self.seconds = 0.0
        self.store: Store = open_store(clock=lambda: events.ARRIVED + self.seconds)
        self.ann = self.act(
            lambda desk: drivers.add(desk, name="Ann Zebrowska", team="Night Shift", pin="1111")
        )
        self.ben = self.act(lambda desk: drivers.add(desk, name="Ben Quartz"))

    def act(self, deed: Callable[[Desk], T]) -> T:
        return self.store.act("Marta", deed)

    def edit(self, driver: Driver, **facts: Any) -> Driver:
        return self.act(lambda desk: drivers.edit(desk, driver.id, driver.seq, **facts))

    def delete(self, driver: Driver) -> Driver:
        return self.act(lambda desk: drivers.remove(desk, driver.id, driver.seq))

    def merge(self, driver: Driver, into: Driver) -> Driver:
        return self.act(lambda desk: drivers.merge(desk, driver.id, into.id, driver.seq))

    def erase(self, driver: Driver) -> Driver:
        now = self.now(driver)
        return self.act(lambda desk: drivers_erasure.erase(desk, now.id, now.seq, now.name))

    def map(self, name: str, driver: Driver | None) -> GameName:
        return self.act(lambda desk: drivers.map_game_name(desk, name, driver.id if driver else None))

    def undo_newest(self) -> None:
        newest = self.store.reads.list_acts().items[0]
        self.act(lambda desk: meetings.undo(desk, newest.id))

    def now(self, driver: Driver) -> Driver:
        found = self.store.reads.people.get_driver(driver.id)
        assert found is not None
        return found

    def names(self) -> list[str]:
        where = [Condition("is_deleted", "eq", False)]
        return [one.name for one in self.store.reads.people.list_drivers(where=where).items]

    def drive(self, name: str | None, *, car_index: int = 0, number: int = 1, **facts: Any) -> None:
        """A session of the rig, with a lap of somebody under a name in the game."""
        seen = events.participant(car_index, name=name, **facts)
        lap = events.lap(car_index, number, participant=name)
        self.store.submit(
            [
                events.stamped(events.rig(), self.seconds),
                events.stamped(SessionChanged(events.session(player_car_index=0)), self.seconds),
                events.stamped(ParticipantsChanged(events.session().id, (seen,)), self.seconds),
                events.stamped(LapRecorded(lap), self.seconds)._replace(
                    began_at=events.ARRIVED + self.seconds
                ),
                events.stamped(
                    SessionClassified(events.session().id, (events.entry(car_index + 1, name=name),)),
                    self.seconds,
                ),
            ]
        )
        self.store.flush()

    def laps_of(self, driver: Driver) -> list[tuple[str | None, int]]:
        """Name in the game and lap number."""
        held = self.store.reads.people.get_personal_data(driver.id)
        assert held is not None
        return [(lap.participant, lap.lap_number) for lap in held.laps]


@pytest.fixture
def club(open_store: OpenStore) -> Club:
    return Club(open_store)


# Names and facts -----------------------------------------------------------------------------------------


def test_a_driver_comes_back_as_made(club: Club) -> None:
    made = club.act(
        lambda desk: drivers.make_driver(
            desk, "  Cem\t Öz ", "Blue", colour="#FF8000", race_number=0, nickname="C"
        )
    )
    assert ("Cem Öz", "Blue", "#ff8000", 0, "C", 3) == (
        made.name,
        made.team,
        made.colour,
        made.race_number,
        made.nickname,
        made.number_here,
    )
    assert made == club.now(made)
    assert made.token != club.ann.token


def test_a_name_belongs_to_one_driver(club: Club) -> None:
    with pytest.raises(ActConflict) as refused:
        club.act(lambda desk: drivers.add(desk, name=" Ann  Zebrowska"))
    assert club.ann == refused.value.current
    with pytest.raises(ActConflict):
        club.edit(club.ben, name="Ann Zebrowska")
    assert "Ben Quartz" == club.now(club.ben).name


def test_a_pin_belongs_to_one_driver_and_nobody_is_told_whose_it_is(club: Club) -> None:
    with pytest.raises(ActConflict) as refused:
        club.edit(club.ben, pin="1111")
    assert refused.value.current is None
    club.delete(club.ann)
    assert "1111" == club.edit(club.ben, pin="1111").pin


def test_who_was_deleted_gives_name_and_pin_up(club: Club) -> None:
    gone = club.delete(club.ann)
    assert ("Former driver 1", "Former driver 1", None) == (gone.name, gone.shown_name, gone.pin)
    again = club.act(lambda desk: drivers.add(desk, name="Ann Zebrowska", pin="1111"))
    assert again.id != club.ann.id


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u3164 "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "abc\u202edef"}, "name"),
        ({"name": "zero\u200bwidth"}, "name"),
        ({"name": "half \ud83c"}, "name"),
        ({"nickname": "\u2066x"}, "nickname"),
        ({"team": "x" * 81}, "team"),
        ({"colour": "red"}, "colour"),
        ({"race_number": 1000}, "race_number"),
        ({"race_number": -1}, "race_number"),
        ({"pin": "123"}, "pin"),
        ({"pin": "123456789"}, "pin"),
        ({"pin": "١٢٣٤"}, "pin"),
        ({"pin": "12a4"}, "pin"),
    ],
)
def test_a_fact_that_cannot_be_right_changes_nothing(club: Club, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ActInvalid) as refused:
        club.edit(club.ann, **facts)
    assert field == refused.value.field
    assert club.ann == club.now(club.ann)


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_that_can_be_seen_is_a_name(club: Club, name: str) -> None:
    made = club.act(lambda desk: drivers.add(desk, name=name))
    assert name == club.now(made).name
    assert made == club.act(lambda desk: drivers.driver_named(desk, name))


def test_an_edit_of_an_old_version_shows_the_newest_and_a_repeated_one_is_well(club: Club) -> None:
    newest = club.edit(club.ann, team="Day Shift")
    with pytest.raises(ActConflict) as refused:
        club.edit(club.ann, team="No Shift")
    assert newest == refused.value.current
    assert newest == club.edit(club.ann, team="Day Shift")


def test_who_does_not_agree_is_shown_under_the_nickname_or_neutrally(club: Club) -> None:
    neutral = club.edit(club.ann, shows_name=False)
    assert "Driver 1" == neutral.shown_name
    assert "Zippy" == club.edit(neutral, nickname="Zippy").shown_name


def test_an_upsert_makes_once_and_then_changes_the_team(club: Club) -> None:
    made = club.act(lambda desk: drivers.upsert_driver(desk, "Dora", "Red"))
    assert made.id == club.act(lambda desk: drivers.upsert_driver(desk, "Dora ", "Blue")).id
    assert "Blue" == club.now(made).team
    club.act(lambda desk: drivers.upsert_driver(desk, "Dora", ""))
    assert "Blue" == club.now(made).team


# Undoing -------------------------------------------------------------------------------------------------


def test_a_deletion_is_undone(club: Club) -> None:
    club.delete(club.ann)
    club.undo_newest()
    assert ("Ann Zebrowska", "1111", False) == (
        club.now(club.ann).name,
        club.now(club.ann).pin,
        club.now(club.ann).is_deleted,
    )


@pytest.mark.parametrize("taken", [{"name": "Ann Zebrowska"}, {"pin": "1111"}])
def test_undoing_never_gives_two_drivers_one_name_or_pin(club: Club, taken: dict[str, str]) -> None:
    club.delete(club.ann)
    deletion = club.store.reads.list_acts().items[0]
    club.edit(club.ben, **taken)

    def undo(desk: Desk) -> None:
        meetings.undo(desk, deletion.id)
        drivers.refuse_doubles(desk)

    with pytest.raises(ActConflict):
        club.act(undo)
    assert club.now(club.ann).is_deleted


def test_a_driver_who_has_a_seat_is_not_unmade(club: Club) -> None:
    cem = club.act(lambda desk: drivers.add(desk, name="Cem"))
    making = club.store.reads.list_acts().items[0]
    club.act(lambda desk: assignments.assign(desk, RIG, cem.id))

    def undo(desk: Desk) -> None:
        meetings.undo(desk, making.id)
        drivers.refuse_doubles(desk)

    with pytest.raises(ActConflict):
        club.act(undo)


# Deleting and merging ------------------------------------------------------------------------------------


def seat_and_lap(club: Club) -> None:
    """Ann has a seat, a lap, a name in the games, a claim, a typed lap and a place in the queue."""
    club.act(lambda desk: assignments.assign(desk, RIG, club.ann.id))
    club.seconds = 10
    club.drive("annz_gt")
    club.map("annz_gt", club.ann)

    def deed(desk: Desk) -> None:
        meeting = meetings.open_one(desk)
        desk.put(QueueEntry("q1", meeting.id, club.ann.id, 1, QueueState.WAITING, desk.now, None, None))
        desk.put(
            LapMark(events.lap().id, False, None, club.ann.id, "Ann Zebrowska said so", "Marta", desk.now)
        )
        manual_laps.record_manual_lap(desk, meeting, club.ann, "1:23.456", "Monza")

    club.act(deed)


def test_a_deleted_driver_keeps_the_laps_and_leaves_seat_and_queue(club: Club) -> None:
    seat_and_lap(club)
    club.delete(club.ann)
    held = club.store.reads.people.get_personal_data(club.ann.id)
    assert held is not None
    assert 2 == len(held.laps)
    assert [instant(events.ARRIVED + 10)] == [seat.until for seat in held.assignments]
    assert () == held.queue
    assert {"Former driver 1"} == {lap.driver for lap in club.store.reads.list_laps().items}


def test_all_that_was_the_ones_becomes_the_others(club: Club) -> None:
    seat_and_lap(club)
    before = club.laps_of(club.ann)
    one = club.merge(club.ann, club.ben)

    assert ("Ben Quartz", "1111", "Night Shift") == (one.name, one.pin, one.team)
    gone = club.now(club.ann)
    assert (True, club.ben.id, "Former driver 1", None) == (
        gone.is_deleted,
        gone.merged_into,
        gone.name,
        gone.pin,
    )
    assert before == club.laps_of(club.ben)
    assert [] == [lap for lap in club.store.reads.list_laps().items if lap.driver != "Ben Quartz"]
    assert not club.act(lambda desk: drivers.is_used(desk, club.ann.id))
    assert "annz_gt" in club.store.reads.people.get_personal_data(club.ben.id).game_names  # type: ignore[union-attr]
    assert one == club.store.reads.people.get_driver_with_token(club.ann.token)


def test_a_merge_is_undone(club: Club) -> None:
    seat_and_lap(club)
    before = club.laps_of(club.ann)
    club.merge(club.ann, club.ben)
    club.undo_newest()
    assert before == club.laps_of(club.ann)
    assert [] == club.laps_of(club.ben)
    assert ("Ann Zebrowska", "1111", None) == (
        club.now(club.ann).name,
        club.now(club.ann).pin,
        club.now(club.ann).merged_into,
    )
    assert club.now(club.ben).pin is None


def test_whoever_of_two_did_not_agree_is_not_shown_by_name_after_a_merge(club: Club) -> None:
    hidden = club.edit(club.ann, shows_name=False)
    assert "Driver 2" == club.merge(hidden, club.ben).shown_name


def test_one_person_waits_once(club: Club) -> None:
    def deed(desk: Desk) -> None:
        meeting = meetings.open_one(desk).id
        for place, driver in enumerate((club.ann, club.ben), 1):
            desk.put(
                QueueEntry(f"q{place}", meeting, driver.id, place, QueueState.WAITING, desk.now, None, None)
            )

    club.act(deed)
    club.merge(club.ann, club.ben)
    assert [club.ben.id] == [one.driver_id for one in club.store.reads.list_records(QueueEntry)]


def test_a_merge_that_makes_no_sense_is_refused_and_a_repeated_one_is_well(club: Club) -> None:
    with pytest.raises(ActInvalid):
        club.merge(club.ann, club.ann)
    with pytest.raises(NotFound):
        club.act(lambda desk: drivers.merge(desk, "nobody", club.ben.id, 1))
    with pytest.raises(ActInvalid):
        club.act(lambda desk: drivers.merge(desk, club.ann.id, "nobody", club.ann.seq))
    one = club.merge(club.ann, club.ben)
    assert one == club.merge(club.ann, club.ben)


# Names in the games --------------------------------------------------------------------------------------


def test_names_that_nobody_was_asked_about_come_first(club: Club) -> None:
    club.map("before_the_race", club.ben)
    club.drive("annz_gt")
    found = club.store.reads.people.list_game_names().items
    assert [("annz_gt", False, None, 1, 1), ("before_the_race", True, "Ben Quartz", 0, 0)] == [
        (one.name, one.is_known, one.driver, one.sessions, one.laps) for one in found
    ]
    assert instant(events.ARRIVED) == found[0].last_seen_at


def test_ghosts_of_a_time_trial_are_nobodys_names(club: Club) -> None:
    trial = events.session(session_type="Time Trial", player_car_index=0)
    cars = (
        events.participant(0, name="annz_gt", is_player=True),
        events.participant(1, name="Personal Best", is_player=False),
    )
    known = (SessionChanged(trial), ParticipantsChanged(trial.id, cars))
    club.store.submit([events.stamped(event, club.seconds) for event in (events.rig(), *known)])
    club.store.flush()

    assert ["annz_gt"] == [one.name for one in club.store.reads.people.list_game_names().items]


def test_a_name_makes_laps_somebodys(club: Club) -> None:
    club.drive("annz_gt", car_index=3, is_player=False)
    club.map("annz_gt", club.ann)
    assert [("annz_gt", 1)] == club.laps_of(club.ann)
    club.map("annz_gt", None)
    assert [] == club.laps_of(club.ann)


@pytest.mark.parametrize("name", ["Player", "player", " PLAYER "])
def test_the_name_of_everybody_is_nobodys(club: Club, name: str) -> None:
    with pytest.raises(ActInvalid, match="stands for nobody"):
        club.map(name, club.ann)


def test_who_the_game_drives_is_nobody(club: Club) -> None:
    club.drive("LECLERC", car_index=3, is_ai=True, is_player=False, driver_id=7)
    with pytest.raises(ActInvalid, match="driven by the game itself"):
        club.map("LECLERC", club.ann)
    assert () == club.store.reads.people.list_game_names().items


# Erasing -------------------------------------------------------------------------------------------------


def everything_in(url: str) -> str:
    """Every table of a database as text."""
    engine = create_engine(database_url(url))
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        found = [str(connection.execute(text(f'SELECT * FROM "{table}"')).all()) for table in tables]
    engine.dispose()
    return "\n".join(found)


def test_an_erased_person_leaves_no_trace_and_the_laps_stay(club: Club, url: str) -> None:
    seat_and_lap(club)
    club.edit(club.ann, name="Änn Maidenname", nickname="Zippy", colour="#123456")
    club.edit(club.now(club.ann), name="Ann Married")
    before = len(club.laps_of(club.ann))
    held = everything_in(url)
    traces = ("Zebrowska", "Maidenname", "nn Married", "Zippy", "annz_gt", "1111", "#123456", club.ann.token)
    assert [] == [trace for trace in traces if trace not in held]

    gone = club.erase(club.ann)

    left = everything_in(url)
    assert [] == [trace for trace in traces if trace in left]
    assert "\\u00c4nn" not in left
    assert ("Former driver 1", True) == (gone.name, gone.is_deleted)
    assert before == len(club.laps_of(club.ann))
    assert {"Former driver 1"} == {lap.driver for lap in club.store.reads.list_laps().items}


def test_nothing_stays_readable_in_the_file(club: Club, url: str, is_sqlite: bool) -> None:
    if not is_sqlite:
        pytest.skip("a server's files are its own")
    seat_and_lap(club)
    club.erase(club.ann)
    club.store.close()
    file = Path(str(database_url(url).database)).read_bytes()
    assert (b"Zebrowska" in file, b"annz_gt" in file) == (False, False)


def test_laps_by_the_name_in_the_game_stay_the_erased_drivers(club: Club) -> None:
    club.map("annz_gt", club.ann)
    club.drive("annz_gt", car_index=3, is_player=False)
    club.erase(club.ann)
    assert [("Former driver 1", 1)] == club.laps_of(club.ann)


def test_only_the_persons_own_names_are_erased(club: Club) -> None:
    """A club's rig has one account for all who sit there; the game's own drivers bear names of people."""
    for at, driver in ((0, club.ann), (100, club.ben)):
        club.seconds = at
        club.act(lambda desk, driver=driver: assignments.assign(desk, RIG, driver.id))  # type: ignore[misc]
        club.drive("club_rig_3", number=1 + at)
    club.drive("Ann Zebrowska", car_index=5, is_ai=True, is_player=False, driver_id=7)
    club.erase(club.ann)
    assert {("club_rig_3", 1), ("club_rig_3", 101), ("Ann Zebrowska", 1)} == {
        (lap.lap.participant, lap.lap.lap_number) for lap in club.store.reads.list_laps().items
    }


def test_who_was_merged_into_an_erased_driver_is_erased_too(club: Club, url: str) -> None:
    seat_and_lap(club)
    club.merge(club.ann, club.ben)
    with pytest.raises(ActConflict):
        club.erase(club.ann)
    club.erase(club.ben)
    left = everything_in(url)
    assert [] == [trace for trace in ("Zebrowska", "Quartz", "annz_gt", "1111") if trace in left]


def test_who_was_deleted_can_still_be_erased(club: Club, url: str) -> None:
    club.delete(club.ann)
    assert "Zebrowska" in everything_in(url)
    club.erase(club.ann)
    assert "Zebrowska" not in everything_in(url)


def test_another_confirmation_erases_nothing(club: Club) -> None:
    with pytest.raises(ActInvalid):
        club.act(lambda desk: drivers_erasure.erase(desk, club.ann.id, club.ann.seq, "Ann"))
    assert club.ann == club.now(club.ann)


def test_nothing_about_an_erased_person_is_undone(club: Club) -> None:
    club.edit(club.ann, team="Day Shift")
    club.erase(club.ann)
    about = [act for act in club.store.reads.list_acts().items if act.subject == club.ann.id]
    assert 3 == len(about)
    assert [] == [act.kind for act in about if act.can_undo]


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_is_erased(club: Club, url: str, name: str) -> None:
    made = club.act(lambda desk: drivers.add(desk, name=name))
    club.erase(made)
    assert [] == [act for act in club.store.reads.list_acts().items if name in act.summary]
    assert repr(name)[1:-1] not in everything_in(url)


# What is held --------------------------------------------------------------------------------------------


def test_everything_that_is_held_of_a_person_is_told(club: Club) -> None:
    seat_and_lap(club)
    club.edit(club.ann, name="Ann Married")
    held = club.store.reads.people.get_personal_data(club.ann.id)
    assert held is not None
    assert "Ann Married" == held.driver.name
    assert ("Ann Zebrowska",) == held.former_names
    assert ("annz_gt",) == held.game_names
    assert [RIG] == [seat.rig for seat in held.assignments]
    assert ["q1"] == [entry.id for entry in held.queue]
    assert ["Ann Zebrowska said so"] == [mark.reason for mark in held.marks]
    assert {"claim", "manual"} == {lap.basis for lap in held.laps}
    assert {"driver_made", "driver_changed", "game_name_mapped"} <= {act.kind for act in held.acts}
    assert club.store.reads.people.get_personal_data("nobody") is None


def test_a_driver_sees_the_best_lap_of_each_circuit(club: Club) -> None:
    seat_and_lap(club)
    best = club.store.reads.people.list_best_laps(club.ann.id)
    assert [("Monza", 83_456)] == [(one.circuit, one.lap_time_ms) for one in best]
    assert RIG == club.store.reads.people.get_rig_of(club.ann.id)
    assert club.store.reads.people.get_driver_with_token("\0") is None
