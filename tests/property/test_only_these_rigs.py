"""With the rigs locked, whatever other addresses send, what is timed of the rigs does not change."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any, Final

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from f1timings.pipeline import Pipeline
from f1timings.store import Stamped
from f1timings.timing.events import LapRecorded
from tests.simulated_rigs import LISTEN_PORT, PORT, RIGS, SentDatagram, evening_of_two_rigs
from tests.test_pipeline import Sink

_TICK_S: Final = 0.5
# Some that differ little from those of the rigs.
_STRANGERS: Final = ("10.0.0.11", "10.0.0.66", "::ffff:10.0.0.3", "fd00::1", "192.0.2.1", "10.0.0.1.1")


def strange(rng: Random, sent: SentDatagram, earlier: Sequence[SentDatagram]) -> bytes:
    """A copy of a datagram, one of before, one with changed bytes, a part of one, or nonsense."""
    data = rng.choice((sent, rng.choice(earlier))).data
    match rng.randrange(5):
        case 0 | 1:
            return data
        case 2:
            at = rng.randrange(min(len(data), 120))
            return data[:at] + rng.randbytes(1) + data[at + 1 :]
        case 3:
            return data[: rng.randrange(len(data))]
    return rng.randbytes(rng.randrange(60))


def timed(rng: Random | None) -> tuple[list[Any], dict[str, Any]]:
    """The events of an evening and the rigs, and what strangers sent meanwhile if there is chance."""
    sink = Sink()
    pipeline = Pipeline(sink)
    pipeline.admit_only(RIGS)
    datagrams = evening_of_two_rigs()
    ticked_at, strangers = datagrams[0].at, 0
    for number, sent in enumerate(datagrams):
        if sent.at - ticked_at >= _TICK_S:
            ticked_at = sent.at
            pipeline.tick(ticked_at)
        while rng is not None and rng.random() < 0.3:
            data, port = strange(rng, sent, datagrams[: number + 1]), rng.choice((PORT, 6, 7))
            assert not pipeline.feed(data, rng.choice(_STRANGERS), port, LISTEN_PORT, sent.at)
            strangers += 1
        assert pipeline.feed(sent.data, sent.address, PORT, LISTEN_PORT, sent.at)
    pipeline.finish(datagrams[-1].at + 1)
    assert pipeline.lock.refused == strangers
    return [_comparable(entry) for entry in sink.entries], dict(pipeline.rigs)


def _comparable(entry: Stamped) -> tuple[Stamped, bytes | None]:
    """The entry and the bytes of its trace: traces are compared by identity."""
    return entry._replace(trace=None), None if entry.trace is None else entry.trace.blob()


@cache
def timed_alone() -> tuple[list[Any], dict[str, Any]]:
    return timed(None)


# A seed has no simpler one.
@settings(max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.integers(0, 1 << 32))
def test_what_strangers_send_changes_nothing(seed: int) -> None:
    entries, rigs = timed_alone()
    assert sum(isinstance(entry.event, LapRecorded) for entry, _ in entries) >= 4
    assert timed(Random(seed)) == (entries, rigs)
