"""Erasing a person: every mention in every spelling goes, and the texts of other people stay as they are."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from f1timings.clock import ServerClock
from f1timings.meeting.people import Driver, RigCard
from f1timings.store import Condition, Page, Store, sqlite_url
from f1timings.store.acts import assignments, drivers, erasure, marks, queue
from f1timings.store.acts.undo import undo_act
from f1timings.store.engines import database_url
from f1timings.timing.events import LapRecorded, ParticipantsChanged, SessionChanged
from tests.store import events
from tests.store.conftest import OpenStore
from tests.store.contents import everything_in, files_with
from tests.stories import seeds
from tests.waiting import until

RIG = events.RIG


class Evening:
    """A store with a rig and one lap; Marta acts."""

    def __init__(self, open_store: OpenStore) -> None:
        self.seconds = 0.0
        self.store: Store = open_store(clock=lambda: events.ARRIVED + self.seconds)
        self.drive()

    def act(self, action: Callable[..., Any], *positional: Any, **named: Any) -> Any:
        self.seconds += 1
        return self.store.act("Marta", lambda desk: action(desk, *positional, **named))

    def add(self, name: str, **facts: Any) -> Driver:
        added: Driver = self.act(drivers.add, name=name, **facts)
        return added

    def erase(self, driver: Driver) -> Driver:
        current = self.store.reads.people.get_driver(driver.id)
        assert current is not None
        erased: Driver = self.act(erasure.erase, driver.id, version=current.seq, confirm=current.name)
        return erased

    def drive(self, *names: str) -> None:
        """Store a session with a participant of each name, and a lap of each."""
        session = events.session().id
        cars = tuple(events.participant(car, name=name) for car, name in enumerate(names))
        laps = [events.lap(car, participant=name) for car, name in enumerate(names)]
        happened = [SessionChanged(events.session()), ParticipantsChanged(session, cars)]
        recorded = [LapRecorded(lap) for lap in laps or [events.lap(20, participant=None)]]
        self.store.submit([events.stamp(event) for event in (events.rig(), *happened, *recorded)])
        self.store.flush()

    def judge(self, reason: str) -> None:
        """Decide about the newest lap, with a reason."""
        lap = self.store.reads.list_laps().items[-1]
        ruling = marks.Ruling(is_valid=not lap.lap.is_valid, reason=reason)
        self.act(marks.mark_laps, [marks.SeenRevision(lap.lap.id, lap.revision)], ruling)

    def sentences(self) -> list[str]:
        return [act.summary for act in reversed(self.store.reads.list_acts().items)]

    def reasons(self) -> list[str | None]:
        newest = self.store.reads.list_laps().items[-1]
        return [lap.reason for lap in self.store.reads.list_lap_revisions(newest.lap.id)][1:]

    def participants(self) -> list[str | None]:
        return [seen.name for seen in self.store.reads.list_participants(events.session().id)]


@pytest.fixture
def evening(open_store: OpenStore) -> Evening:
    return Evening(open_store)


# Mentions in acts ----------------------------------------------------------------------------------------


def test_an_act_shows_the_present_name_of_a_renamed_and_of_a_merged_driver(evening: Evening) -> None:
    ann, ben = evening.add("Ann"), evening.add("Ben")
    evening.act(assignments.assign, RIG, ann.id)
    ann = evening.act(drivers.edit, ann.id, ann.seq, name="Ann Married")
    assert "Ann Married was assigned to Rig 1." in evening.sentences()
    evening.act(drivers.merge, ann.id, into_id=ben.id, version=ann.seq)
    assert "Ben was assigned to Rig 1." in evening.sentences()
    renamed, merged = evening.sentences()[-2:]
    assert ("Ann is now shown as Ann Married.", "Ann Married was merged into Ben.") == (renamed, merged)


def test_an_act_stores_no_name_of_a_person_outside_of_their_records(evening: Evening) -> None:
    ann = evening.add("Ann Zebrowska")
    evening.act(assignments.assign, RIG, ann.id)
    evening.act(queue.join, ann.id)
    summaries = evening.store.transact(
        lambda connection: connection.execute(text("SELECT summary FROM acts")).scalars().all()
    )
    assert [] == [summary for summary in summaries if "Ann" in summary]
    assert 3 == len(summaries)


def test_the_sentences_of_acts_can_be_filtered_and_sorted(evening: Evening) -> None:
    for name in ("Cem", "Ann", "Ben"):
        evening.add(name)
    added = [f"{name} was added as a driver." for name in ("Ann", "Ben", "Cem")]
    reads = evening.store.reads
    first = reads.list_acts(Page(limit=2, sort="summary"))
    rest = reads.list_acts(Page(limit=2, sort="summary", cursor=first.next))
    assert added == [act.summary for act in (*first.items, *rest.items)]
    found = reads.list_acts(where=[Condition("summary", "eq", added[1])])
    assert added[1:2] == [act.summary for act in found.items]


# What is erased, and what is not -------------------------------------------------------------------------


def test_other_peoples_longer_names_stay(evening: Evening) -> None:
    short, long, joined = (evening.add(name) for name in ("Max", "Max Verstappen", "Anna-Max"))
    for driver in (short, long, joined):
        evening.act(assignments.assign, RIG, driver.id)
    evening.drive("Max Verstappen", "Anna-Max", "MAX")
    evening.judge("Max Verstappen hit Max; MAX said Anna-Max saw max's car.")
    evening.erase(short)
    assert [
        "Former driver 1 was assigned to Rig 1.",
        "Max Verstappen was assigned to Rig 1.",
        "Anna-Max was assigned to Rig 1.",
    ] == evening.sentences()[3:6]
    reason = "Max Verstappen hit Former driver 1; Former driver 1 said Anna-Max saw Former driver 1's car"
    assert evening.sentences()[6].endswith(f"valid: {reason}.")
    assert [f"{reason}."] == evening.reasons()
    assert ["Max Verstappen", "Anna-Max", "Former driver 1"] == evening.participants()


def test_the_longer_name_of_a_deleted_and_the_former_name_of_a_renamed_driver_stay(evening: Evening) -> None:
    erased, deleted, renamed = (evening.add(name) for name in ("Max", "Max Verstappen", "MAX"))
    evening.judge("Max Verstappen hit Max and MAX")
    evening.act(drivers.remove, deleted.id, deleted.seq)
    evening.act(drivers.edit, renamed.id, renamed.seq, name="Maxine")
    evening.erase(erased)
    assert ["Max Verstappen hit Former driver 1 and MAX"] == evening.reasons()
    deletion, renaming = evening.sentences()[-3:-1]
    assert ("Driver Max Verstappen was deleted.", "MAX is now shown as Maxine.") == (deletion, renaming)


def test_a_merge_that_was_undone_leaves_nothing_of_the_person_with_the_other_driver(
    evening: Evening, url: str
) -> None:
    zippy = evening.add("Ann", nickname="Zippy", pin="1793")
    ben = evening.add("Ben")
    evening.act(drivers.merge, zippy.id, into_id=ben.id, version=zippy.seq)
    evening.act(undo_act, evening.store.reads.list_acts().items[0].id)
    evening.erase(zippy)
    left = everything_in(url)
    assert [] == [trace for trace in ("Ann", "Zippy", "1793", zippy.token) if trace in left]
    assert "Undone: Former driver 1 was merged into Ben." in evening.sentences()


def test_a_former_name_that_is_the_present_name_of_another_driver_stays_theirs(evening: Evening) -> None:
    erased = evening.add("Max", nickname="Zippy")
    erased = evening.act(drivers.edit, erased.id, erased.seq, name="Tom", nickname=None)
    evening.add("Max")
    evening.judge("Max hit Tom and Zippy")
    evening.erase(erased)
    assert ["Max hit Former driver 1 and Former driver 1"] == evening.reasons()


def test_words_of_the_program_are_no_mentions(evening: Evening) -> None:
    lap, rig = evening.add("lap"), evening.add("Rig")
    evening.act(assignments.assign, RIG, lap.id)
    evening.judge("the lap of Rig")
    for driver in (lap, rig):
        evening.erase(driver)
    shown = evening.sentences()
    assert "Former driver 1 was assigned to Rig 1." == shown[2]
    assert shown[3].startswith("Marta declared lap 1 (1:23.456) at Rig 1 ")
    assert shown[3].endswith(": the Former driver 1 of Former driver 2.")


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("Max", ("MAX", "max")),
        ("Ágnes Őz", ("ÁGNES ŐZ", "ágnes őz")),
        ("Straße", ("STRASSE", "strasse")),
        ("Işıl", ("IŞIL", "işil")),
        ("Σίσυφος", ("ΣΊΣΥΦΟΣ", "σίσυφος")),
    ],
)
def test_a_name_is_erased_in_every_spelling(
    evening: Evening, url: str, name: str, spellings: Sequence[str]
) -> None:
    driver = evening.add(name)
    evening.drive(*spellings)
    evening.act(drivers.map_game_name, spellings[0], driver.id)
    evening.act(drivers.map_game_name, spellings[1], None)
    for spelling in (name, *spellings):
        evening.judge(f"by {spelling}")
    evening.erase(driver)
    assert {"Former driver 1"} == {*evening.participants()}
    assert ["by Former driver 1"] * 3 == evening.reasons()
    left = everything_in(url)
    assert [] == [spelling for spelling in (name, *spellings) if spelling in left]
    assert "The name Former driver 1 in the games belongs to no known driver." in evening.sentences()


def test_the_same_name_in_another_case_of_another_driver_stays(evening: Evening) -> None:
    erased, other = evening.add("Max"), evening.add("MAX")
    evening.drive("MAX", "Max", "max")
    evening.judge("MAX hit Max and max")
    evening.act(assignments.assign, RIG, other.id)
    evening.erase(erased)
    assert ["MAX", "Former driver 1", "Former driver 1"] == evening.participants()
    assert ["MAX hit Former driver 1 and Former driver 1"] == evening.reasons()
    assert "MAX was assigned to Rig 1." in evening.sentences()


def test_the_marshal_of_the_same_name_stays(evening: Evening) -> None:
    marta = evening.add("Marta")
    evening.judge("slow")
    evening.erase(marta)
    assert evening.sentences()[1].startswith("Marta declared lap 1")


def test_a_name_that_people_gave_a_rig_is_erased_from_acts_and_stays_on_the_rig(
    evening: Evening, url: str
) -> None:
    max_ = evening.add("Max")
    card = evening.act(assignments.edit_card, RIG, 0, name="Max's rig")
    card = evening.act(assignments.edit_card, RIG, card.seq, name="Left of Max")
    evening.erase(max_)
    assert "Former driver 1's rig was renamed Left of Former driver 1." in evening.sentences()
    assert ["Left of Max"] == [card.name for card in evening.store.reads.list_records(RigCard)]
    assert "Max's rig" not in everything_in(url)


def test_the_name_of_a_driver_whose_adding_was_undone_stays_readable(evening: Evening) -> None:
    evening.add("Ann")
    for _ in range(3):
        evening.act(undo_act, evening.store.reads.list_acts().items[0].id)
    assert "Undone: Ann was added as a driver." == evening.sentences()[-1]


# Random clubs --------------------------------------------------------------------------------------------

_PARTS = ("Max", "Qua", "Zoë", "Straßer", "Őry", "van", "Işık")
_WORDS = ("hit", "was slow;", "cut it -", "and", "(no witness)", "said:")


class RandomClub:
    """People with names that are parts, beginnings or joined forms of each other, and what they did.

    Attributes:
        done: of each act the sentence as words; a person's name is the number of the person and the spelling.
    """

    def __init__(self, evening: Evening, seed: int) -> None:
        self.random = random.Random(seed)
        self.evening = evening
        names = self._names()
        self.people = [evening.add(name) for name in names]
        self.done: list[Words] = [
            [(number, name), " was added as a driver."] for number, name in enumerate(names)
        ]
        self.reasons: list[Words] = []
        self.participants = [(number, self.spelling(number)) for number in range(len(names))]
        evening.drive(*(name for _, name in self.participants))

    def _names(self) -> list[str]:
        names: dict[str, str] = {}
        while len(names) < 7:
            parts = self.random.choices(_PARTS, k=self.random.choice((1, 1, 2, 3)))
            name = self.random.choice((" ", "-", "", "_")).join(parts)
            names.setdefault(name.upper().casefold(), name)
        return list(names.values())

    def spelling(self, number: int) -> str:
        name = self.people[number].name
        return self.random.choice((name, name, name.upper(), name.lower()))

    def do_something(self) -> None:
        """One person does something or is mentioned in a reason."""
        number = self.random.randrange(len(self.people))
        name = (number, self.people[number].name)
        choice = self.random.randrange(4)
        if choice == 0:
            self.evening.act(assignments.assign, RIG, self.people[number].id)
            self._note([name, " was assigned to Rig 1."])
        elif choice == 1:
            seat = self.evening.act(queue.join, self.people[number].id)
            self.evening.act(queue.leave, seat.id)
            self.done.append([name, " joined the queue."])
            self._note([name, " left the queue."])
        elif choice == 2:
            mapped = f"{self.spelling(number)}"
            if self.evening.store.reads.people.get_game_name(mapped) is None:
                return
            self.evening.act(drivers.map_game_name, mapped, self.people[number].id)
            self._note(["The name ", (number, mapped), " in the games belongs to ", name, "."])
        else:
            self._give_reason()

    def _note(self, words: Words) -> None:
        """Note an act, if there was one: what is so already is no act."""
        if len(self.evening.sentences()) > len(self.done):
            self.done.append(words)

    def _give_reason(self) -> None:
        reason: Words = []
        for _ in range(self.random.randint(1, 5)):
            number = self.random.randrange(len(self.people))
            reason += [f"{self.random.choice(_WORDS)} ", (number, self.spelling(number)), " "]
        reason[-1] = self.random.choice(("", "!", "'s fault", " again"))
        self.evening.judge("".join(map(_text_of, reason)))
        is_valid = "valid" if self.evening.sentences()[-1].startswith(f"{_JUDGED} valid") else "invalid"
        self.reasons.append(reason)
        self.done.append([f"{_JUDGED} {is_valid}: ", *reason, "."])

    def check(self, erased: Sequence[int]) -> None:
        """Check every text: the erased people have the neutral name in it, and nothing else has changed."""
        assert [_expected(words, erased) for words in self.done] == self.evening.sentences()[: len(self.done)]
        assert [_expected(words, erased) for words in self.reasons] == self.evening.reasons()
        assert [_expected([name], erased) for name in self.participants] == self.evening.participants()


Words = list[str | tuple[int, str]]
_JUDGED = "Marta declared lap 1 (1:23.456) at Rig 1"


def _text_of(word: str | tuple[int, str]) -> str:
    return word if isinstance(word, str) else word[1]


def _expected(words: Words, erased: Sequence[int]) -> str:
    neutral = [
        f"Former driver {word[0] + 1}" if isinstance(word, tuple) and word[0] in erased else _text_of(word)
        for word in words
    ]
    return "".join(neutral)


def in_one_case(text: str) -> str:
    return text.upper().casefold().replace("ı", "i")


def as_whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(in_one_case(name))}(?![\w-])")


def mentions(name: str, dump: str, others: Sequence[str]) -> list[str]:
    """The mentions of a name in the text of all tables, in any case, except in the longer names of others."""
    dump = in_one_case(dump)
    for other in sorted(others, key=len, reverse=True):
        dump = as_whole(other).sub("...", dump)
    return [dump[found.start() - 30 : found.end() + 30] for found in as_whole(name).finditer(dump)]


@pytest.mark.parametrize("seed", seeds(4))
def test_nobody_but_the_erased_person_changes(evening: Evening, url: str, seed: int) -> None:
    club = RandomClub(evening, seed)
    for _ in range(20):
        club.do_something()
    club.check([])
    erased: list[int] = []
    for number in club.random.sample(range(len(club.people)), 4):
        evening.erase(club.people[number])
        erased.append(number)
        club.check(erased)
        others = [person.name for index, person in enumerate(club.people) if index not in erased]
        assert [] == mentions(club.people[number].name, everything_in(url), others)


# Files ---------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(url: str, is_sqlite: bool) -> Path:
    if not is_sqlite:
        pytest.skip("PostgreSQL has its files elsewhere")
    return Path(str(database_url(url).database)).parent


def test_after_an_erasure_no_file_of_the_running_server_has_the_name(evening: Evening, folder: Path) -> None:
    driver = evening.add("Zebrowska", nickname="Zippy")
    evening.drive("ZEBROWSKA")
    evening.judge("Zebrowska was slow")
    assert files_with(folder, "Zebrowska", "ZEBROWSKA", "Zippy")
    evening.erase(driver)
    assert [] == files_with(folder, "Zebrowska", "ZEBROWSKA", "Zippy")


def test_a_reader_delays_the_emptying_of_the_log_and_neither_blocks_the_other(
    evening: Evening, folder: Path, url: str
) -> None:
    driver = evening.add("Zebrowska")
    engine = create_engine(database_url(url))
    with engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT * FROM drivers").all()
        evening.erase(driver)
        evening.add("Ben")
        assert files_with(folder, "Zebrowska")
    engine.dispose()
    until(lambda: not files_with(folder, "Zebrowska"))


def test_a_log_that_a_stopped_server_left_is_emptied_at_the_next_start(
    evening: Evening, folder: Path, tmp_path: Path, url: str
) -> None:
    driver = evening.add("Zebrowska")
    engine = create_engine(database_url(url))
    with engine.connect() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT * FROM drivers").all()
        evening.erase(driver)
        # The files as a power cut would leave them.
        left = tmp_path / "left"
        left.mkdir()
        for path in folder.glob("f1timings.db*"):
            shutil.copy(path, left)
    engine.dispose()
    assert files_with(left, "Zebrowska")
    with Store.open(sqlite_url(left), clock=ServerClock().now):
        assert [] == files_with(left, "Zebrowska")
