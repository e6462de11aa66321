"""An entry that went through the bytes of the spool is the same entry."""

from __future__ import annotations

import math
import zlib

import pytest

from f1timings.store import Stamped
from f1timings.store.events.kinds import EVENT_KINDS, kind_of
from f1timings.store.spool.entry_text import decode_entry, encode_entry
from f1timings.timing.events import CountersRead, LapRecorded, OccurrenceRecorded, SessionChanged
from f1timings.timing.session_clock import Between
from tests.store.events import BIGGEST_UID, incident, lap, one_event_of_each_kind, session, stamp

COUNTERS = CountersRead(
    session_id=session().id, session_time_s=12.5, frame=7, overall_frame=9, readings=((1.5, 2.5), (3.0, 4.0))
)
DETAIL = {
    "flag": True,
    "time_s": 5,
    "gain": 5.0,
    "cars": [1, 2],
    "what": "Zeitstrafe für HÄMMERLE",
    "no": None,
}
ENTRIES = [
    *one_event_of_each_kind(),
    stamp(COUNTERS),
    stamp(OccurrenceRecorded(incident(detail=DETAIL))),
    Stamped(1.5, LapRecorded(lap(), (1.25, 2.5)), 0.5, Between(None, 1.0)),
    Stamped(1.5, LapRecorded(lap(), (math.nan, math.inf))),
]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: type(entry.event).__name__)
def test_decoding_is_the_inverse_of_encoding(entry: Stamped) -> None:
    decoded = decode_entry(encode_entry(entry))
    assert repr(entry) == repr(decoded)
    assert type(entry.began_between) is type(decoded.began_between)


def test_every_kind_of_event_is_tried() -> None:
    assert set(EVENT_KINDS) == {kind_of(entry.event) for entry in ENTRIES}


def test_a_number_of_64_bits_stays_exact() -> None:
    decoded = decode_entry(encode_entry(stamp(SessionChanged(session())))).event
    assert isinstance(decoded, SessionChanged)
    assert BIGGEST_UID == decoded.session.uid


@pytest.mark.parametrize(
    "content",
    [b"", b"no zlib", zlib.compress(b"{}"), zlib.compress(b"[]"), zlib.compress(b'{"type": "Car"}')],
)
def test_other_bytes_are_no_entry(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"no entry of the spool|Expecting"):
        decode_entry(content)
