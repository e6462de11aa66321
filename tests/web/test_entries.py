"""Records that a command sends to the server arrive unchanged."""

from __future__ import annotations

import json

from f1timings.store import Stamped
from f1timings.timing.events import LapRecorded
from f1timings.timing.session_clock import Between
from f1timings.web.entries import EntriesBody, entries_json, stamped_of
from tests.store.events import lap, one_event_of_each_kind


def test_records_arrive_unchanged() -> None:
    recorded = LapRecorded(lap(assists="abs,pit", weather="overcast"))
    between = Between(None, 1_795_363_836.794)
    sent = [
        *one_event_of_each_kind(),
        Stamped(1_795_363_920.25, recorded, 1_795_363_836.794),
        Stamped(1_795_363_920.25, recorded, began_between=between),
    ]
    assert sent == stamped_of(EntriesBody.model_validate(json.loads(entries_json(sent))))
