"""Count the objects that a pipeline holds after each of a number of sessions, without collections of garbage.

``python -m tests.remembered_objects KIND SESSIONS`` prints a list in JSON.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator

from f1timings.pipeline import Pipeline
from f1timings.simulator import Scenario, ScenarioKind
from tests.soak.recordings import Recording, record

RIG = "10.0.0.5"


def counts(kind: ScenarioKind, sessions: int) -> Iterator[int]:
    """The objects after each session; a rig drives all of them, each under a UID of its own."""
    recording = record(Scenario(kind, 2025, laps=2, rate_hz=20, cars=3, track_id=17, seed=1))
    pipeline = Pipeline(lambda _entries: None)
    gc.collect()
    gc.disable()
    for number in range(1, sessions + 1):
        drive(pipeline, recording, number)
        yield len(gc.get_objects())


def drive(pipeline: Pipeline, recording: Recording, number: int) -> None:
    """Let the rig drive a session, and somebody look at its running order."""
    uid = recording.uid(number).to_bytes(8, "little")
    for at_s, before, after in recording.datagrams:
        data = before if after is None else before + uid + after
        pipeline.feed(data, RIG, 5, 20777, 1000.0 * number + at_s)
        pipeline.order(RIG)


if __name__ == "__main__":
    kind: ScenarioKind = "race" if sys.argv[1] == "race" else "time_trial"
    print(json.dumps(list(counts(kind, int(sys.argv[2])))))
