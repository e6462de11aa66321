"""Acts on drivers as stored: added, edited, deleted, merged, undone, and erased without a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.meeting.people import Driver, GameName, LapMark, QueueEntry, QueueState
from f1timings.store import Condition, Desk, Store
from f1timings.store.acts import assignments, drivers, erasure, manual_laps, meetings
from f1timings.store.acts.undo import undo_act
from f1timings.store.engines import database_url
from f1timings.store.tables.column_types import instant
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged, SessionClassified
from tests.store import events
from tests.store.conftest import OpenStore
from tests.store.contents import everything_in

T = TypeVar("T")
RIG = events.RIG
HOSTILE = ("<img src=x onerror=alert(1)>", "=cmd()", "🏎️ Ágnes", "O'Brien; DROP TABLE drivers", "a%_b/\\c")


class Club:
    """A store with the drivers Ann and Ben, and a clock that only the test moves."""

    def __init__(self, open_store: OpenStore) -> None:
        self.seconds = 0.0
        self.store: Store = open_store(clock=lambda: events.ARRIVED + self.seconds)
        self.ann = self.act(
            lambda desk: drivers.add(desk, name="Ann Zebrowska", team="Night Shift", pin="1111")
        )
        self.ben = self.act(lambda desk: drivers.add(desk, name="Ben Quartz"))

    def act(self, action: Callable[[Desk], T]) -> T:
        return self.store.act("Marta", action)

    def edit(self, driver: Driver, **facts: Any) -> Driver:
        return self.act(lambda desk: drivers.edit(desk, driver.id, driver.seq, **facts))

    def delete(self, driver: Driver) -> Driver:
        return self.act(lambda desk: drivers.remove(desk, driver.id, driver.seq))

    def merge(self, driver: Driver, into: Driver) -> Driver:
        return self.act(lambda desk: drivers.merge(desk, driver.id, into_id=into.id, version=driver.seq))

    def erase(self, driver: Driver) -> Driver:
        current = self.now(driver)
        return self.act(
            lambda desk: erasure.erase(desk, current.id, version=current.seq, confirm=current.name)
        )

    def map(self, name: str, driver: Driver | None) -> GameName:
        return self.act(lambda desk: drivers.map_game_name(desk, name, driver.id if driver else None))

    def undo_newest(self) -> None:
        newest = self.store.reads.list_acts().items[0]
        self.act(lambda desk: undo_act(desk, newest.id))

    def now(self, driver: Driver) -> Driver:
        found = self.store.reads.people.get_driver(driver.id)
        assert found is not None
        return found

    def names(self) -> list[str]:
        where = [Condition("is_deleted", "eq", False)]
        return [driver.name for driver in self.store.reads.people.list_drivers(where=where).items]

    def drive(self, name: str | None, *, car_index: int = 0, number: int = 1, **facts: Any) -> None:
        """Store a session of the rig with one lap under a name in the game."""
        seen = events.participant(car_index, name=name, **facts)
        lap = events.lap(car_index, number, participant=name)
        self.store.submit(
            [
                events.stamp(events.rig(), self.seconds),
                events.stamp(SessionChanged(events.session(player_car_index=0)), self.seconds),
                events.stamp(ParticipantsChanged(events.session().id, (seen,)), self.seconds),
                events.stamp(LapRecorded(lap), self.seconds)._replace(began_at=events.ARRIVED + self.seconds),
                events.stamp(
                    SessionClassified(events.session().id, (events.entry(car_index + 1, name=name),)),
                    self.seconds,
                ),
            ]
        )
        self.store.flush()

    def laps_of(self, driver: Driver) -> list[tuple[str | None, int]]:
        """The name in the game and the number of each lap of a driver."""
        data = self.store.reads.people.get_personal_data(driver.id)
        assert data is not None
        return [(lap.participant, lap.lap_number) for lap in data.laps]


@pytest.fixture
def club(open_store: OpenStore) -> Club:
    return Club(open_store)


# Names and facts -----------------------------------------------------------------------------------------


def test_a_driver_is_read_back_as_created(club: Club) -> None:
    made = club.act(
        lambda desk: drivers.create_driver(
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


def test_a_pin_belongs_to_one_driver_and_the_error_does_not_name_the_driver(club: Club) -> None:
    with pytest.raises(ActConflict) as refused:
        club.edit(club.ben, pin="1111")
    assert refused.value.current is None
    club.delete(club.ann)
    assert "1111" == club.edit(club.ben, pin="1111").pin


def test_name_and_pin_of_a_deleted_driver_are_free(club: Club) -> None:
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
def test_an_invalid_fact_changes_nothing(club: Club, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ActInvalid) as refused:
        club.edit(club.ann, **facts)
    assert field == refused.value.field
    assert club.ann == club.now(club.ann)


@pytest.mark.parametrize("name", HOSTILE)
def test_every_visible_name_is_valid(club: Club, name: str) -> None:
    made = club.act(lambda desk: drivers.add(desk, name=name))
    assert name == club.now(made).name
    assert made == club.act(lambda desk: drivers.get_driver_named(desk, name))


def test_an_outdated_edit_is_refused_with_the_current_driver_unless_it_is_repeated(
    club: Club,
) -> None:
    newest = club.edit(club.ann, team="Day Shift")
    with pytest.raises(ActConflict) as refused:
        club.edit(club.ann, team="No Shift")
    assert newest == refused.value.current
    assert newest == club.edit(club.ann, team="Day Shift")


def test_without_consent_the_nickname_or_a_neutral_name_is_shown(club: Club) -> None:
    neutral = club.edit(club.ann, shows_name=False)
    assert "Driver 1" == neutral.shown_name
    assert "Zippy" == club.edit(neutral, nickname="Zippy").shown_name


def test_an_upsert_creates_a_driver_once_and_then_changes_the_team(club: Club) -> None:
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
def test_an_undo_never_gives_two_drivers_one_name_or_pin(club: Club, taken: dict[str, str]) -> None:
    club.delete(club.ann)
    deletion = club.store.reads.list_acts().items[0]
    club.edit(club.ben, **taken)

    with pytest.raises(ActConflict):
        club.act(lambda desk: undo_act(desk, deletion.id))
    assert club.now(club.ann).is_deleted


def test_adding_a_driver_who_has_a_seat_cannot_be_undone(club: Club) -> None:
    cem = club.act(lambda desk: drivers.add(desk, name="Cem"))
    making = club.store.reads.list_acts().items[0]
    club.act(lambda desk: assignments.assign(desk, RIG, cem.id))

    with pytest.raises(ActConflict):
        club.act(lambda desk: undo_act(desk, making.id))


# Deleting and merging ------------------------------------------------------------------------------------


def give_ann_records(club: Club) -> None:
    """Give Ann a seat, a lap, a name in the games, a claim, a typed lap and a place in the queue."""
    club.act(lambda desk: assignments.assign(desk, RIG, club.ann.id))
    club.seconds = 10
    club.drive("annz_gt")
    club.map("annz_gt", club.ann)

    def action(desk: Desk) -> None:
        meeting = meetings.get_open_meeting(desk)
        desk.store_record(
            QueueEntry(
                id="q1",
                meeting_id=meeting.id,
                driver_id=club.ann.id,
                place=1,
                state=QueueState.WAITING,
                added_at=desk.now,
                called_at=None,
                rig=None,
            )
        )
        desk.store_record(
            LapMark(
                lap_id=events.lap().id,
                is_deleted=False,
                is_valid=None,
                driver_id=club.ann.id,
                reason="Ann Zebrowska said so",
                by="Marta",
                at=desk.now,
            )
        )
        manual_laps.record_manual_lap(desk, meeting, club.ann, typed="1:23.456", circuit="Monza")

    club.act(action)


def test_a_deleted_driver_keeps_the_laps_and_leaves_rig_and_queue(club: Club) -> None:
    give_ann_records(club)
    club.delete(club.ann)
    data = club.store.reads.people.get_personal_data(club.ann.id)
    assert data is not None
    assert 2 == len(data.laps)
    assert [instant(events.ARRIVED + 10)] == [assignment.until for assignment in data.assignments]
    assert () == data.queue
    assert {"Former driver 1"} == {lap.driver for lap in club.store.reads.list_laps().items}


def test_a_merge_gives_every_record_to_the_remaining_driver(club: Club) -> None:
    give_ann_records(club)
    before = club.laps_of(club.ann)
    merged = club.merge(club.ann, club.ben)

    assert ("Ben Quartz", "1111", "Night Shift") == (merged.name, merged.pin, merged.team)
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
    assert merged == club.store.reads.people.get_driver_with_token(club.ann.token)


def test_a_merge_is_undone(club: Club) -> None:
    give_ann_records(club)
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


def test_a_merged_driver_is_shown_by_name_only_if_both_agreed(club: Club) -> None:
    hidden = club.edit(club.ann, shows_name=False)
    assert "Driver 2" == club.merge(hidden, club.ben).shown_name


def test_a_merged_driver_waits_only_once(club: Club) -> None:
    def action(desk: Desk) -> None:
        meeting = meetings.get_open_meeting(desk).id
        for place, driver in enumerate((club.ann, club.ben), 1):
            desk.store_record(
                QueueEntry(
                    id=f"q{place}",
                    meeting_id=meeting,
                    driver_id=driver.id,
                    place=place,
                    state=QueueState.WAITING,
                    added_at=desk.now,
                    called_at=None,
                    rig=None,
                )
            )

    club.act(action)
    club.merge(club.ann, club.ben)
    assert [club.ben.id] == [entry.driver_id for entry in club.store.reads.list_records(QueueEntry)]


def test_an_impossible_merge_is_refused_and_a_repeated_one_is_accepted(club: Club) -> None:
    with pytest.raises(ActInvalid):
        club.merge(club.ann, club.ann)
    with pytest.raises(NotFound):
        club.act(lambda desk: drivers.merge(desk, "unknown", into_id=club.ben.id, version=1))
    with pytest.raises(ActInvalid):
        club.act(lambda desk: drivers.merge(desk, club.ann.id, into_id="unknown", version=club.ann.seq))
    merged = club.merge(club.ann, club.ben)
    assert merged == club.merge(club.ann, club.ben)


# Names in the games --------------------------------------------------------------------------------------


def test_unclaimed_names_come_first(club: Club) -> None:
    club.map("before_the_race", club.ben)
    club.drive("annz_gt")
    found = club.store.reads.people.list_game_names().items
    assert [("annz_gt", False, None, 1, 1), ("before_the_race", True, "Ben Quartz", 0, 0)] == [
        (name.name, name.is_known, name.driver, name.sessions, name.laps) for name in found
    ]
    assert instant(events.ARRIVED) == found[0].last_seen_at


def test_ghosts_of_a_time_trial_are_not_listed(club: Club) -> None:
    trial = events.session(session_type="Time Trial", player_car_index=0)
    cars = (
        events.participant(0, name="annz_gt", is_player=True),
        events.participant(1, name="Personal Best", is_player=False),
    )
    known = (SessionChanged(trial), ParticipantsChanged(trial.id, cars))
    club.store.submit([events.stamp(event, club.seconds) for event in (events.rig(), *known)])
    club.store.flush()

    assert ["annz_gt"] == [name.name for name in club.store.reads.people.list_game_names().items]


def test_a_mapped_name_gives_its_laps_to_the_driver(club: Club) -> None:
    club.drive("annz_gt", car_index=3, is_player=False)
    club.map("annz_gt", club.ann)
    assert [("annz_gt", 1)] == club.laps_of(club.ann)
    club.map("annz_gt", None)
    assert [] == club.laps_of(club.ann)


@pytest.mark.parametrize("name", ["Player", "player", " PLAYER "])
def test_the_placeholder_name_cannot_be_mapped(club: Club, name: str) -> None:
    with pytest.raises(ActInvalid, match="belongs to no driver"):
        club.map(name, club.ann)


def test_a_name_that_only_the_game_drives_cannot_be_mapped(club: Club) -> None:
    club.drive("LECLERC", car_index=3, is_ai=True, is_player=False, driver_id=7)
    with pytest.raises(ActInvalid, match="The game itself drives LECLERC"):
        club.map("LECLERC", club.ann)
    assert () == club.store.reads.people.list_game_names().items


# Erasing -------------------------------------------------------------------------------------------------


def test_an_erased_person_leaves_no_trace_and_the_laps_stay(club: Club, url: str) -> None:
    give_ann_records(club)
    club.edit(club.ann, name="Änn Maidenname", nickname="Zippy", colour="#123456")
    club.edit(club.now(club.ann), name="Ann Married")
    before = len(club.laps_of(club.ann))
    before_erasing = everything_in(url)
    traces = ("Zebrowska", "Maidenname", "nn Married", "Zippy", "annz_gt", "1111", "#123456", club.ann.token)
    assert [] == [trace for trace in traces if trace not in before_erasing]

    gone = club.erase(club.ann)

    left = everything_in(url)
    assert [] == [trace for trace in traces if trace in left]
    assert "\\u00c4nn" not in left
    assert ("Former driver 1", True) == (gone.name, gone.is_deleted)
    assert before == len(club.laps_of(club.ann))
    assert {"Former driver 1"} == {lap.driver for lap in club.store.reads.list_laps().items}


def test_no_erased_text_stays_readable_in_the_file(club: Club, url: str, is_sqlite: bool) -> None:
    if not is_sqlite:
        pytest.skip("only SQLite is one file that a test can read")
    give_ann_records(club)
    club.erase(club.ann)
    club.store.close()
    file = Path(str(database_url(url).database)).read_bytes()
    assert (b"Zebrowska" in file, b"annz_gt" in file) == (False, False)


def test_laps_by_the_name_in_the_game_still_belong_to_the_erased_driver(club: Club) -> None:
    club.map("annz_gt", club.ann)
    club.drive("annz_gt", car_index=3, is_player=False)
    club.erase(club.ann)
    assert [("Former driver 1", 1)] == club.laps_of(club.ann)


def test_only_names_of_the_person_alone_are_erased(club: Club) -> None:
    """A club's rig has one account for everybody; the game's own drivers may have names of people."""
    for at, driver in ((0, club.ann), (100, club.ben)):
        club.seconds = at
        club.act(lambda desk, driver=driver: assignments.assign(desk, RIG, driver.id))  # type: ignore[misc]
        club.drive("club_rig_3", number=1 + at)
    club.drive("Ann Zebrowska", car_index=5, is_ai=True, is_player=False, driver_id=7)
    club.erase(club.ann)
    assert {("club_rig_3", 1), ("club_rig_3", 101), ("Ann Zebrowska", 1)} == {
        (lap.lap.participant, lap.lap.lap_number) for lap in club.store.reads.list_laps().items
    }


def test_a_driver_merged_into_an_erased_driver_is_erased_too(club: Club, url: str) -> None:
    give_ann_records(club)
    club.merge(club.ann, club.ben)
    with pytest.raises(ActConflict):
        club.erase(club.ann)
    club.erase(club.ben)
    left = everything_in(url)
    assert [] == [trace for trace in ("Zebrowska", "Quartz", "annz_gt", "1111") if trace in left]


def test_a_deleted_driver_can_be_erased(club: Club, url: str) -> None:
    club.delete(club.ann)
    assert "Zebrowska" in everything_in(url)
    club.erase(club.ann)
    assert "Zebrowska" not in everything_in(url)


def test_a_wrong_confirmation_erases_nothing(club: Club) -> None:
    with pytest.raises(ActInvalid):
        club.act(lambda desk: erasure.erase(desk, club.ann.id, version=club.ann.seq, confirm="Ann"))
    assert club.ann == club.now(club.ann)


def test_acts_about_an_erased_person_cannot_be_undone(club: Club) -> None:
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


# Personal data -------------------------------------------------------------------------------------------


def test_personal_data_has_every_record_of_a_driver(club: Club) -> None:
    give_ann_records(club)
    club.edit(club.ann, name="Ann Married")
    data = club.store.reads.people.get_personal_data(club.ann.id)
    assert data is not None
    assert "Ann Married" == data.driver.name
    assert ("Ann Zebrowska",) == data.former_names
    assert ("annz_gt",) == data.game_names
    assert [RIG] == [assignment.rig for assignment in data.assignments]
    assert ["q1"] == [entry.id for entry in data.queue]
    assert ["Ann Zebrowska said so"] == [mark.reason for mark in data.marks]
    assert {"claim", "manual"} == {lap.basis for lap in data.laps}
    assert {"driver_made", "driver_changed", "game_name_mapped"} <= {act.kind for act in data.acts}
    assert club.store.reads.people.get_personal_data("unknown") is None


def test_a_driver_has_one_best_lap_at_each_circuit(club: Club) -> None:
    give_ann_records(club)
    best = club.store.reads.people.list_best_laps(club.ann.id)
    assert [("Monza", 83_456)] == [(lap.circuit, lap.lap_time_ms) for lap in best]
    assert RIG == club.store.reads.people.get_rig_of(club.ann.id)
    assert club.store.reads.people.get_driver_with_token("\0") is None
