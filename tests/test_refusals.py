"""Every refusal of an act has a code with a sentence, which the pages have in each of their languages."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator

import pytest

from f1timings import errors
from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.refusals import SENTENCES
from tests.source_code import modules, tree

REFUSALS = {"ActConflict", "ActInvalid", "NotFound"}
BUILDERS = {"errors", "refusals"}
# These build the error for a code that is chosen from a table or given by their callers.
CHOSEN = {
    "meeting.texts": {"text-control-character", "text-half-character", "text-invisible-character"},
    "web.forwarding.routes": {"forward-own-port", "forward-no-single-receiver", "forward-internet"},
    "meeting.lap_times": {"lap-time-form", "lap-time-below-60", "lap-time-range"},
}


def raised() -> Iterator[tuple[str, ast.Call]]:
    """Every place that builds a refusal, with its module."""
    for module in set(modules()) - BUILDERS:
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                yield module, node


def holes(code: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name}


def test_every_refusal_has_a_code_with_exactly_the_values_of_its_sentence() -> None:
    used, wrong = {"already-carried-out"}, []
    for module, call in raised():
        code = call.args[0]
        if isinstance(code, ast.Constant):
            assert isinstance(code.value, str), f"{module}: {ast.unparse(call)}"
            used.add(code.value)
            given = {keyword.arg for keyword in call.keywords} - {"detail"}
            if code.value not in SENTENCES or given != holes(code.value):
                wrong.append(f"{module}: {ast.unparse(call)}")
        else:
            assert module in CHOSEN, f"{module}: {ast.unparse(call)}"
            used |= CHOSEN[module]
    assert [] == wrong
    assert set(SENTENCES) == used


def test_an_error_for_people_is_one_of_the_refusals() -> None:
    kinds = {
        kind.__name__
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.ActError)
    }
    assert {"ActError", "Replayed"} == kinds - REFUSALS


def test_a_refusal_has_its_sentence_and_the_values_in_it() -> None:
    refusal = ActConflict("driver-name-taken", None, name="Ada {code}")
    assert "There is a driver Ada {code} already; choose that driver, or another name." == str(refusal)
    assert ("driver-name-taken", {"name": "Ada {code}"}) == (refusal.code, refusal.values)


def test_a_refusal_can_say_more_to_programs() -> None:
    refusal = NotFound("no-such-record", detail="There is no lap 'x'.")
    assert ("no-such-record", "There is no lap 'x'.") == (refusal.code, str(refusal))


def test_a_refusal_can_be_about_another_field() -> None:
    moved = ActInvalid("text-length", "circuit", shortest=1, longest=80, length=0).at_field("name")
    assert ("name", "text-length") == (moved.field, moved.code)
    assert {"shortest": "1", "longest": "80", "length": "0"} == moved.values


def test_an_unknown_code_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        ActConflict("no-such-code")
