"""What a datagram costs in the lap logic with 1 to 128 rigs: flat, or does each rig make the others dearer?

Run ``python -m benchmarks.rigs_curve``. Without sockets: the same datagrams of 128 rigs are fed to pipelines
of 1, 4, 16, 64 and 128 rigs, in the order of their times within each. So every contender does the same work,
and only how many rigs share a pipeline differs.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from benchmarks.measuring import Spread, in_turns
from benchmarks.traffic import Plan, address_of, traffic_of
from f1timings.pipeline import Pipeline
from f1timings.simulator import Emission
from f1timings.store import Stamped

COUNTS: Final = (1, 4, 16, 64, 128)
RIGS: Final = 128
OPENING_S: Final = 1.2
MEASURED_S: Final = 1.5
ROUNDS: Final = 9
AIM: Final = 1.3

Feed = tuple[bytes, str, int, int, float]
# What opens the sessions, and what is measured.
Group = tuple[list[Feed], list[Feed]]


def groups_of(emissions: Sequence[Emission], rigs: int) -> list[Group]:
    """The datagrams of each so many rigs."""
    groups: list[Group] = [([], []) for _ in range(RIGS // rigs)]
    for at, rig, data in emissions:
        groups[rig // rigs][at >= OPENING_S].append((data, address_of(rig), 5000, 20777, at))
    return groups


def nanoseconds(groups: Sequence[Group]) -> float:
    """Processor time a datagram, all groups one after the other.

    Raises:
        ValueError: a datagram was not counted for its rig.
    """
    spent = sum(_spent_ns(opening, measured) for opening, measured in groups)
    return spent / sum(len(measured) for _, measured in groups)


def _spent_ns(opening: list[Feed], measured: list[Feed]) -> int:
    pipeline = Pipeline(_take)
    feed = pipeline.feed
    for each in opening:
        feed(*each)
    begun = time.process_time_ns()
    for each in measured:
        feed(*each)
    spent = time.process_time_ns() - begun
    if sum(rig.packets.total() for rig in pipeline.rigs.values()) != len(opening) + len(measured):
        raise ValueError("a datagram was not counted")
    return spent


def _take(_entries: Sequence[Stamped]) -> None:
    """Where the store would be."""


def measure(rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Nanoseconds a datagram by the number of rigs, round by round."""
    emissions = traffic_of(Plan(RIGS, OPENING_S + MEASURED_S)).emissions
    groups = {rigs: groups_of(emissions, rigs) for rigs in COUNTS}
    gc.collect()
    gc.freeze()  # the prepared datagrams are not the pipeline's to look through
    try:
        return in_turns({str(rigs): partial(nanoseconds, each) for rigs, each in groups.items()}, rounds)
    finally:
        gc.unfreeze()


def main() -> None:
    """Print the figures."""
    found = measure()
    one = found[str(COUNTS[0])]
    print(f"{ROUNDS} rounds, each of the same {RIGS} rigs' {MEASURED_S:g} s")
    for rigs, costs in found.items():
        print(
            f"  {rigs:>3} rigs {Spread.of(costs):5.0f} ns a datagram, "
            f"{Spread.of_ratios(costs, one):.2f} times one rig (aim: {AIM:g} at most)"
        )


if __name__ == "__main__":
    main()
