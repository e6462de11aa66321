"""Records on their way from a command to the server arrive as they left."""

from __future__ import annotations

from f1timings.store import Stamped
from f1timings.timing.events import LapRecorded
from f1timings.web.entries import EntriesBody, entries_json, stamped_of
from tests.store.events import lap, one_of_each


def test_records_arrive_as_they_left() -> None:
    driven = LapRecorded(lap(assists="abs,pit", weather="overcast"))
    sent = [*one_of_each(), Stamped(1_795_363_920.25, driven, 1_795_363_836.794)]
    assert sent == stamped_of(EntriesBody.model_validate_json(entries_json(sent)))
