"""The sentence of each kind of act, as people read it in the log of acts."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from f1timings.clock import ServerClock
from f1timings.meeting.people import Act, Driver, Meeting, QueueState
from f1timings.store import Store, acts
from f1timings.store.acts import assignments, drivers, erasure, manual_laps, marks, meetings, older, queue
from f1timings.store.acts.undo import undo_act
from f1timings.store.engines import database_url, writer_engine
from f1timings.timing.events import LapRecorded, SessionChanged
from tests.migrated import downgrade, migrate
from tests.store import events
from tests.store.conftest import OpenStore

RIG, OTHER_RIG = events.RIG, "10.0.0.2"


class Office:
    """A store with two rigs, a lap, and the drivers Ann and Ben; Marta acts."""

    def __init__(self, open_store: OpenStore) -> None:
        self.seconds = 0.0
        self.store: Store = open_store(clock=lambda: events.ARRIVED + self.seconds)
        self.store.submit(
            [
                events.stamp(events.rig()),
                events.stamp(events.rig(key=OTHER_RIG, address=OTHER_RIG)),
                events.stamp(SessionChanged(events.session(player_car_index=0))),
                events.stamp(LapRecorded(events.lap(participant="annz_gt"))),
            ]
        )
        self.store.flush()
        self.ann: Driver = self.act(drivers.add, name="Ann Zebrowska", team="Night Shift", pin="1111")
        self.ben: Driver = self.act(drivers.add, name="Ben Quartz")

    def act(self, action: Callable[..., Any], *positional: Any, **named: Any) -> Any:
        self.seconds += 1
        return self.store.act("Marta", lambda desk: action(desk, *positional, **named))

    def edit(self, driver: Driver, **facts: Any) -> Driver:
        changed: Driver = self.act(drivers.edit, driver.id, driver.seq, **facts)
        return changed

    def undo(self, act: Act) -> None:
        self.act(undo_act, act.id)

    def newest(self) -> Act:
        return self.store.reads.list_acts().items[0]

    def sentence(self) -> str:
        return self.newest().summary

    def sentences(self) -> list[str]:
        return [act.summary for act in reversed(self.store.reads.list_acts().items)][2:]

    def mark(self, **ruling: Any) -> None:
        revision = self.store.reads.list_laps().items[0].revision
        seen = [marks.SeenRevision(events.lap().id, revision)]
        self.act(marks.mark_laps, seen, marks.Ruling(**ruling))  # type: ignore[typeddict-item]

    def join(self, driver: Driver) -> Any:
        return self.act(queue.join, driver.id)


@pytest.fixture
def office(open_store: OpenStore) -> Office:
    return Office(open_store)


def act_on_rigs(office: Office) -> None:
    office.act(assignments.edit_card, RIG, 0, name="Left")
    office.act(assignments.assign, RIG, office.ann.id)
    office.act(assignments.assign, RIG, None)
    office.act(assignments.assign, RIG, office.ben.id, from_lap=events.lap().id)
    office.act(assignments.swap, RIG, OTHER_RIG)
    office.act(assignments.set_default, RIG, office.ann.id)
    office.act(assignments.set_default, RIG, None)
    office.act(assignments.take, RIG, pin="1111")
    office.act(assignments.leave, RIG, pin="1111")


def test_acts_on_rigs(office: Office) -> None:
    act_on_rigs(office)
    assert [
        "Rig 1 was renamed Left.",
        "Ann Zebrowska was assigned to Left.",
        "Left was set to no driver.",
        "Ben Quartz was assigned to Left from an earlier moment on.",
        "Left and Rig 2 swapped drivers.",
        "Ann Zebrowska became the usual driver of Left.",
        "Left no longer has a usual driver.",
        "Ann Zebrowska took a seat at Left.",
        "Ann Zebrowska left Left.",
    ] == office.sentences()


def test_the_act_that_adds_a_driver(office: Office) -> None:
    assert "Ben Quartz was added as a driver." == office.sentence()


def act_on_drivers(office: Office) -> list[str]:
    """Return the sentence of each act, as it is just after the act."""
    sentences = []

    def act(action: Callable[..., Any], *positional: Any, **named: Any) -> Any:
        result = office.act(action, *positional, **named)
        sentences.append(office.sentence())
        return result

    ann = act(drivers.edit, office.ann.id, office.ann.seq, team="Day Shift")
    act(drivers.edit, ann.id, ann.seq, name="Ann Married")
    act(drivers.map_game_name, "annz_gt", office.ann.id)
    act(drivers.map_game_name, "annz_gt", None)
    act(older.save_user, "Cem", "Red")
    act(older.remove_user, "Cem")
    act(drivers.merge, office.ben.id, into_id=office.ann.id, version=office.ben.seq)
    return sentences


def test_acts_on_drivers(office: Office) -> None:
    assert [
        "The details of Ann Zebrowska were changed.",
        "Ann Zebrowska is now shown as Ann Married.",
        "The name annz_gt in the games belongs to Ann Married.",
        "The name annz_gt in the games belongs to no known driver.",
        "Driver Cem was saved.",
        "Driver Cem was deleted.",
        "Ben Quartz was merged into Ann Married.",
    ] == act_on_drivers(office)


def act_on_the_queue(office: Office) -> None:
    first, second = office.join(office.ann), office.join(office.ben)
    office.act(queue.edit, second.id, second.seq, rank=1)
    second = office.act(queue.call_next, RIG)
    second = office.act(queue.edit, second.id, second.seq, state=QueueState.WAITING)
    office.act(queue.edit, second.id, second.seq, state=QueueState.DONE)
    office.act(queue.leave, first.id)


def test_acts_on_the_queue(office: Office) -> None:
    act_on_the_queue(office)
    assert [
        "Ann Zebrowska joined the queue.",
        "Ben Quartz joined the queue.",
        "Ben Quartz was moved in the queue.",
        "Ben Quartz was called to Rig 1.",
        "Ben Quartz was put back into the queue.",
        "Ben Quartz was marked as done in the queue.",
        "Ann Zebrowska left the queue.",
    ] == office.sentences()


def act_on_laps(office: Office) -> None:
    office.mark(is_valid=False, reason="Ann cut the chicane.")
    office.mark(is_valid=True)
    office.mark(is_valid=None)
    office.mark(driver_id=office.ann.id)
    office.mark(is_deleted=True)
    office.mark(is_deleted=False)
    meeting = office.store.reads.list_records(Meeting)[0]
    lap = office.act(manual_laps.record_manual_lap, meeting, office.ann, typed="1:23.456", circuit="Monza")
    retimed = [marks.SeenRevision(lap.lap.id, lap.revision)]
    office.act(marks.mark_laps, retimed, marks.Ruling(time="1:22.000"))


def test_acts_on_laps(office: Office) -> None:
    act_on_laps(office)
    assert [
        "Marta declared lap 1 (1:23.456) at Rig 1 invalid: Ann cut the chicane.",
        "Marta declared lap 1 (1:23.456) at Rig 1 valid.",
        "Marta left it to the game whether lap 1 (1:23.456) at Rig 1 counts as valid.",
        "Marta changed the driver of lap 1 (1:23.456) at Rig 1.",
        "Marta deleted lap 1 (1:23.456) at Rig 1.",
        "Marta restored lap 1 (1:23.456) at Rig 1.",
        "Marta entered 1:23.456 for Ann Zebrowska at Monza.",
        "Marta set the time of the lap typed as 1:23.456 to 1:22.000.",
    ] == office.sentences()


def act_on_meetings(office: Office) -> None:
    first = office.store.reads.list_records(Meeting)[0]
    league = office.act(meetings.create, "League")
    office.act(meetings.edit, league.id, None, name="League 1")
    office.act(meetings.reopen, first.id, None)
    office.act(meetings.clear_board, first.id, circuit="Spa", confirm="Spa")
    office.act(meetings.clear_board, first.id, circuit="", confirm="")


def test_acts_on_meetings(office: Office) -> None:
    first = office.store.reads.list_records(Meeting)[0]
    act_on_meetings(office)
    assert [
        "Meeting League was created.",
        "Meeting League 1 was changed.",
        f"Meeting {first.name} was opened.",
        "The board of Spa was cleared.",
        "The board of laps without a circuit was cleared.",
    ] == office.sentences()


def test_every_sentence_has_a_translation(office: Office) -> None:
    for act in (act_on_rigs, act_on_the_queue, act_on_laps, act_on_meetings, act_on_drivers):
        act(office)
    office.undo(office.newest())
    source = (Path(__file__).resolve().parents[3] / "web" / "office" / "acts" / "sentences.it.ts").read_text(
        "utf-8"
    )
    patterns = [re.compile(pattern) for pattern in re.findall(r"/(\^.+\$)/s?,", source)]
    assert len(patterns) > 40
    untranslated = [
        sentence
        for sentence in office.sentences()
        if not any(pattern.search(sentence) for pattern in patterns)
    ]
    assert [] == untranslated


def test_acts_of_an_earlier_program_have_the_same_sentences_without_names_in_them(
    office: Office, url: str
) -> None:
    """Going back writes the names into the sentences, as the earlier program did."""
    for act in (act_on_rigs, act_on_the_queue, act_on_laps, act_on_meetings, act_on_drivers):
        act(office)
    office.undo(office.newest())
    cem = office.act(drivers.add, name="Cem 2")
    office.undo(office.newest())
    assert office.store.reads.get_record(Driver, cem.id) is None
    before = office.sentences()
    assert 39 == len(before)
    assert [] == _with_names(_summaries(url))
    office.store.close()
    downgrade(url, "0013")
    earlier = _summaries(url)
    assert before == earlier[2:]
    migrate(url)
    assert [] == _with_names(_summaries(url))
    with Store.open(url, clock=ServerClock().now) as store:
        assert before == [act.summary for act in reversed(store.reads.list_acts().items)][2:]


def test_a_sentence_of_an_earlier_program_that_is_not_understood_stays_text_and_is_erased_as_text(
    open_store: OpenStore, office: Office, url: str
) -> None:
    """The driver "Max Verstappen" and the driver "Max" in the sentence of an act about Max alone."""
    office.act(drivers.add, name="Max Verstappen")
    short = office.act(drivers.add, name="Max")
    office.act(assignments.assign, RIG, short.id)
    act = office.newest()
    office.store.close()
    downgrade(url, "0013")
    engine = writer_engine(database_url(url))
    with engine.begin() as connection:
        values = {"id": act.id, "summary": "Max Verstappen passed Max, and Max was MAX."}
        connection.execute(text("UPDATE acts SET kind = 'passed', summary = :summary WHERE id = :id"), values)
    engine.dispose()
    migrate(url)
    store = open_store()
    assert values["summary"] == store.reads.list_acts().items[0].summary
    store.act("Marta", lambda desk: erasure.erase(desk, short.id, version=short.seq, confirm="Max"))
    assert "Max Verstappen passed Former driver 4, and Former driver 4 was Former driver 4." == (
        store.reads.list_acts().items[1].summary
    )


def _with_names(summaries: list[str]) -> list[str]:
    """The summaries, as stored, that contain a name outside of what a person typed."""
    typed, names = re.compile("\x0e[^\x0f]*\x0f"), re.compile("Ann|Ben Quartz|Cem|annz_gt|Marta")
    return [summary for summary in summaries if names.search(typed.sub("", summary))]


def _summaries(url: str) -> list[str]:
    engine = writer_engine(database_url(url))
    with engine.begin() as connection:
        found = connection.execute(text("SELECT summary FROM acts ORDER BY seq")).scalars().all()
    engine.dispose()
    return list(found)


def test_an_undone_act_and_a_redone_act(office: Office) -> None:
    office.mark(is_deleted=True)
    office.undo(office.newest())
    assert "Undone: Marta deleted lap 1 (1:23.456) at Rig 1." == office.sentence()
    office.act(drivers.remove, office.ann.id, office.ann.seq)
    assert "Driver Ann Zebrowska was deleted." == office.sentence()
    office.undo(office.newest())
    assert "Undone: Driver Ann Zebrowska was deleted." == office.sentence()
    office.undo(office.newest())
    assert "Redone: Driver Ann Zebrowska was deleted." == office.sentence()
    cem = office.act(drivers.add, name="Cem")
    office.undo(office.newest())
    assert office.store.reads.people.get_driver(cem.id) is None
    assert "Undone: Cem was added as a driver." == office.sentence()


def test_an_erased_driver_has_the_neutral_name(office: Office) -> None:
    office.act(assignments.assign, RIG, office.ann.id)
    office.act(erasure.erase, office.ann.id, version=office.ann.seq, confirm=office.ann.name)
    assert [
        "Former driver 1 was assigned to Rig 1.",
        "The personal data of Former driver 1 was erased.",
    ] == office.sentences()


def test_no_act_writes_the_name_of_a_driver_or_of_an_account_into_a_text() -> None:
    """An act mentions them, see :mod:`f1timings.store.acts.sentences`."""
    written = [
        f"{path.name}:{node.lineno}"
        for path in Path(acts.__file__).parent.glob("*.py")
        if path.name != "sentences.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FormattedValue)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in ("shown_name", "by")
    ]
    assert [] == written
