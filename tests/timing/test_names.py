"""Names from the game become text that is fit for a screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from f1timings.timing.names import clean_name


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b"VERSTAPPEN" + bytes(38), "VERSTAPPEN", id="zero filled"),
        pytest.param(b"NORRIS\0garbage\xff", "NORRIS", id="garbage after the NUL"),
        pytest.param("HÜLKENBERG".encode() + bytes(8), "HÜLKENBERG", id="diacritics"),
        pytest.param("Max\u00a0Power".encode(), "Max Power", id="no-break space"),
        pytest.param("Zoë".encode()[:-1], "Zo", id="cut in the middle of a character"),
        pytest.param(b"A\xffB", "A\ufffdB", id="bad UTF-8"),
        pytest.param("evil\u202egnp".encode(), "evilgnp", id="bidi override"),
        pytest.param("a\u200bb\u0007c".encode(), "abc", id="zero width and control"),
        pytest.param(b"<img onerror=x>", "<img onerror=x>", id="markup is text"),
        pytest.param(bytes(48), None, id="empty"),
        pytest.param(b"  \t ", None, id="blank"),
        pytest.param("Zoe\u0308".encode(), "Zoë", id="composed"),
    ],
)
def test_a_name_is_cut_decoded_and_cleaned(raw: bytes, expected: str | None) -> None:
    assert expected == clean_name(raw)


@given(st.binary(max_size=48))
def test_any_bytes_give_printable_text_or_none(raw: bytes) -> None:
    name = clean_name(raw)
    assert name is None or (name.strip() == name and name.isprintable())
