"""Acts on slides, and the pictures that they show, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.meeting.people import Act
from f1timings.meeting.room.pictures import Picture, read_picture
from f1timings.meeting.room.slides import MOST_SLIDES, Slide, SlideKind
from f1timings.store import Desk, Store
from f1timings.store.acts import drivers, erasure, undo
from f1timings.store.acts.room import pictures, slides
from f1timings.store.tables.people import acts
from tests.pictures import jpeg, png
from tests.store.conftest import OpenStore

T = TypeVar("T")


class Office:
    """A store, and the staff who edit slides in it."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def act(self, action: Callable[[Desk], T]) -> T:
        return self.store.act("Ada", action)

    def add(self, title: str = "", *, rank: int | None = None, **facts: Any) -> Slide:
        return self.act(lambda desk: slides.add_slide(desk, rank=rank, title=title, **facts))

    def edit(self, slide: Slide, *, rank: int | None = None, **facts: Any) -> Slide:
        return self.act(lambda desk: slides.edit_slide(desk, slide.id, slide.seq, rank=rank, **facts))

    def delete(self, slide: Slide) -> None:
        self.act(lambda desk: slides.delete_slide(desk, slide.id, slide.seq))

    def keep(self, data: bytes) -> Picture:
        picture = read_picture(data)
        self.act(lambda desk: pictures.keep_picture(desk, picture))
        return picture

    def undo(self) -> None:
        newest = self.store.reads.list_acts().items[0]
        self.act(lambda desk: undo.undo_act(desk, newest.id))

    def is_stored(self, picture: Picture) -> bool:
        return self.act(lambda desk: pictures.has_picture(desk, picture.id))

    @property
    def names(self) -> list[str]:
        return [slide.name for slide in slides.in_order(self.store.reads.list_records(Slide))]

    @property
    def sentence(self) -> str:
        newest: Act = self.store.reads.list_acts().items[0]
        return newest.summary


@pytest.fixture
def office(open_store: OpenStore) -> Office:
    return Office(open_store())


def test_a_text_keeps_its_lines_and_is_named_by_its_title(office: Office) -> None:
    slide = office.add(" House   rules ", body="\r\nNo drinks.\r\n\r\n\r\n\r\nBe\tkind. \n\n")
    stored = office.store.reads.get_record(Slide, slide.id)
    assert stored == slide
    assert (SlideKind.TEXT, "House rules", "House rules") == (slide.kind, slide.name, slide.title)
    assert ("No drinks.\n\nBe kind.", 10, True) == (slide.body, slide.shown_s, slide.is_shown)
    assert "The slide House rules was added." == office.sentence


def test_a_text_without_a_title_is_named_by_its_first_line(office: Office) -> None:
    assert "No drinks." == office.add(body="No drinks.\nBe kind.").name


def test_what_people_type_is_text_and_stays_as_it_is(office: Office) -> None:
    attack = "<img src=x onerror=alert(1)>"
    slide = office.add(attack, body=attack, name="../../etc/passwd")
    assert (attack, attack, "../../etc/passwd") == (slide.title, slide.body, slide.name)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "slide-empty"),
        ({"title": " ", "body": " \n "}, "slide-empty"),
        ({"title": "x" * 61}, "text-length"),
        ({"body": "x" * 401}, "text-length"),
        ({"body": "\n".join("abcdefghijk")}, "text-lines"),
        ({"title": "a\u202eb"}, "text-invisible-character"),
        ({"body": "a\x00b"}, "text-control-character"),
        ({"picture": "0" * 64}, "picture-unknown"),
        ({"picture": "0" * 64, "title": "both"}, "slide-one-kind"),
    ],
)
def test_a_slide_that_shows_nothing_or_too_much_is_refused(
    office: Office, facts: dict[str, Any], code: str
) -> None:
    with pytest.raises(ActInvalid) as refused:
        office.add(**facts)
    assert code == refused.value.code
    assert [] == office.names


def test_slides_are_moved_switched_off_changed_and_deleted_and_each_act_can_be_undone(office: Office) -> None:
    one, two, three = (office.add(name) for name in ("One", "Two", "Three"))
    three = office.edit(three, rank=1)
    assert (["Three", "One", "Two"], "The slide Three was moved.") == (office.names, office.sentence)
    office.undo()
    assert ["One", "Two", "Three"] == office.names
    one = office.edit(one, is_shown=False)
    assert "The slide One is no longer shown." == office.sentence
    one = office.edit(one, is_shown=True)
    assert "The slide One is shown." == office.sentence
    two = office.edit(two, name="", title="Second", body="more")
    assert (["One", "Second", "Three"], "The slide Second was changed.") == (office.names, office.sentence)
    office.delete(two)
    assert (["One", "Three"], "The slide Second was deleted.") == (office.names, office.sentence)
    office.undo()
    assert ["One", "Second", "Three"] == office.names


def test_a_change_to_what_it_is_already_is_no_act(office: Office) -> None:
    slide = office.add("One")
    assert slide == office.edit(slide, title="One", rank=1)
    assert "The slide One was added." == office.sentence


def test_many_moves_to_one_place_keep_the_order(office: Office) -> None:
    for number in range(14):
        office.add(str(number), rank=2)
    assert ["0", *map(str, range(13, 0, -1))] == office.names


def test_a_slide_that_another_person_changed_since_is_a_conflict(office: Office) -> None:
    slide = office.add("One")
    office.edit(slide, title="Other")
    with pytest.raises(ActConflict):
        office.edit(slide, title="Mine")
    with pytest.raises(ActConflict):
        office.delete(slide)
    with pytest.raises(NotFound):
        office.act(lambda desk: slides.delete_slide(desk, "none"))


def test_there_are_at_most_forty_slides(office: Office) -> None:
    for number in range(MOST_SLIDES):
        office.add(str(number))
    with pytest.raises(ActInvalid) as refused:
        office.add("one more")
    assert "slides-full" == refused.value.code


def test_a_picture_is_read_as_long_as_a_slide_shows_it(office: Office) -> None:
    picture = office.keep(png(4, 3))
    assert office.store.reads.get_picture(picture.id) is None
    slide = office.add(picture=picture.id)
    assert (SlideKind.IMAGE, "Picture") == (slide.kind, slide.name)
    assert picture == office.store.reads.get_picture(picture.id)
    office.delete(slide)
    assert office.store.reads.get_picture(picture.id) is None
    office.undo()
    assert picture == office.store.reads.get_picture(picture.id)


def test_a_picture_is_stored_once_and_its_upload_is_no_act(office: Office) -> None:
    assert office.keep(png()) == office.keep(png() + b"rest")
    assert [] == list(office.store.reads.list_acts().items)


def test_unused_pictures_give_way_to_new_ones_the_oldest_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"used": png(1, 1), "old": png(1, 2), "newer": png(1, 3), "new": png(1, 4)}
    monkeypatch.setattr(pictures, "MOST_BYTES_IN_ALL", sum(map(len, sizes.values())) - len(sizes["old"]))
    used = office.keep(sizes["used"])
    office.add(picture=used.id)
    old, newer, new = (office.keep(sizes[name]) for name in ("old", "newer", "new"))
    assert [True, False, True, True] == [office.is_stored(each) for each in (used, old, newer, new)]


def test_pictures_of_slides_never_give_way(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES_IN_ALL", len(png()) + len(jpeg()) - 1)
    office.add(picture=office.keep(png()).id)
    with pytest.raises(ActInvalid) as refused:
        office.keep(jpeg())
    assert "pictures-full" == refused.value.code


def test_undo_brings_back_no_slide_without_its_picture(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = office.keep(png())
    office.delete(office.add(picture=picture.id))
    monkeypatch.setattr(pictures, "MOST_BYTES_IN_ALL", len(jpeg()))
    office.keep(jpeg())
    with pytest.raises(ActConflict) as refused:
        office.undo()
    assert "undo-picture-gone" == refused.value.code


def test_erasing_a_person_renames_them_in_what_slides_said(office: Office) -> None:
    driver = office.act(lambda desk: drivers.add(desk, name="Marta Rossi"))
    slide = office.add("Happy birthday", body="Marta Rossi, best wishes", name="For Marta Rossi")
    office.delete(slide)
    office.act(lambda desk: erasure.erase(desk, driver.id, version=driver.seq, confirm="Marta Rossi"))

    def texts(desk: Desk) -> str:
        rows = desk.connection.execute(select(acts.c.summary, acts.c.changes)).all()
        return str([tuple(row) for row in rows])

    assert "Marta" not in office.act(texts)
