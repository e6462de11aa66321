"""Whole names in texts, in any case, are replaced; other people's names and longer words are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.meeting.texts.names import NameReplacement, folded


def replaced(text: str, *names: str, others: tuple[str, ...] = ()) -> str:
    return NameReplacement(names or ("Max",), neutral="Former driver 1", others=others).apply(text)


@pytest.mark.parametrize(
    "mention",
    ["{} cut the chicane", "by {}", "{}'s lap", "{}’s lap", "({})", "“{}”", "'{}'", "no: {}.", "{} - slow"],
)
@pytest.mark.parametrize("spelling", ["Max", "MAX", "max", "mAx"])
def test_a_mention_in_any_case_is_replaced(mention: str, spelling: str) -> None:
    assert mention.format("Former driver 1") == replaced(mention.format(spelling))


@pytest.mark.parametrize(
    "text",
    [
        "Maximilian",
        "Anna-Max",
        "Max-Anna",
        "Anna‑Max",
        "max_33",
        "Max1",
        "O'Max",
        "ẞMax",
        "Max\u0301",
        "Climax",
        "",
    ],
)
def test_a_longer_word_is_not_a_mention(text: str) -> None:
    assert text == replaced(text)


def test_the_longer_name_of_another_person_stays_in_any_case() -> None:
    text = "Max Verstappen hit Max, MAX VERSTAPPEN said."
    others = ("Max Verstappen", "Ann")
    assert "Max Verstappen hit Former driver 1, MAX VERSTAPPEN said." == replaced(text, others=others)
    assert "Former driver 1 hit Max." == replaced(
        "Max Verstappen hit Max.", "Max Verstappen", others=("Max",)
    )


def test_another_spelling_that_is_the_name_of_another_person_stays() -> None:
    assert "MAX hit Former driver 1 and Former driver 1" == replaced("MAX hit Max and max", others=("MAX",))


def test_the_longest_name_of_the_person_is_replaced_once() -> None:
    assert "Former driver 1." == replaced("Max Power.", "Max", "Max Power", "Power")


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("Ágnes", "ÁGNES"),
        ("Ágnes", "A\u0301gnes"),
        ("Straße", "STRASSE"),
        ("Işıl", "IŞIL"),
        ("İbrahim", "i\u0307brahim"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("Ǆ", "ǆ"),
        ("ﬁn", "FIN"),
    ],
)
def test_case_is_folded_in_every_alphabet(name: str, spelling: str) -> None:
    assert folded(name) == folded(spelling)
    assert "Former driver 1 won" == replaced(f"{spelling} won", name)


_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)


@given(_NAMES)
def test_no_spelling_in_another_case_differs(name: str) -> None:
    for spelling in (name.upper(), name.casefold(), name.title()):
        assert folded(spelling) in (folded(name), folded(name.lower()))


@given(st.text(max_size=30), _NAMES)
def test_a_text_without_the_name_stays(text: str, name: str) -> None:
    if folded(name) not in folded(text):
        assert text == replaced(text, name)
