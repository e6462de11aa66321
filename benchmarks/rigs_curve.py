"""Measure the cost per datagram in the lap logic with 1 to 128 rigs.

Run ``python -m benchmarks.rigs_curve``. No sockets are used. The same datagrams of 128 rigs are fed to
pipelines of 1, 4, 16, 64 and 128 rigs, in the order of their times. Every contender does the same work; only
the number of rigs per pipeline differs.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from benchmarks.measuring import Spread, measure_in_turns
from benchmarks.traffic import Plan, build_traffic, rig_address
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
# The datagrams that open the sessions, and the measured datagrams.
Group = tuple[list[Feed], list[Feed]]


def build_groups(emissions: Sequence[Emission], rigs: int) -> list[Group]:
    """Divide the datagrams into groups of ``rigs`` rigs each."""
    groups: list[Group] = [([], []) for _ in range(RIGS // rigs)]
    for at, rig, data in emissions:
        groups[rig // rigs][at >= OPENING_S].append((data, rig_address(rig), 5000, 20777, at))
    return groups


def nanoseconds(groups: Sequence[Group]) -> float:
    """Return the processor time per datagram, in nanoseconds, over all groups.

    Raises:
        ValueError: a datagram was not counted for its rig.
    """
    spent = sum(_group_ns(opening, measured) for opening, measured in groups)
    return spent / sum(len(measured) for _, measured in groups)


def _group_ns(opening: list[Feed], measured: list[Feed]) -> int:
    pipeline = Pipeline(_discard)
    feed = pipeline.feed
    for arguments in opening:
        feed(*arguments)
    start = time.process_time_ns()
    for arguments in measured:
        feed(*arguments)
    spent = time.process_time_ns() - start
    if sum(rig.packets.total() for rig in pipeline.rigs.values()) != len(opening) + len(measured):
        raise ValueError("a datagram was not counted")
    return spent


def _discard(_entries: Sequence[Stamped]) -> None:
    """Stand in for the store."""


def measure(rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Return nanoseconds per datagram by the number of rigs, one value per round."""
    emissions = build_traffic(Plan(RIGS, OPENING_S + MEASURED_S)).emissions
    groups = {rigs: build_groups(emissions, rigs) for rigs in COUNTS}
    gc.collect()
    gc.freeze()  # exclude the prepared datagrams from garbage collections during the measurement
    try:
        return measure_in_turns(
            {str(rigs): partial(nanoseconds, batch) for rigs, batch in groups.items()}, rounds
        )
    finally:
        gc.unfreeze()


def main() -> None:
    """Print the figures."""
    results = measure()
    single = results[str(COUNTS[0])]
    print(f"{ROUNDS} rounds, each with the same {MEASURED_S:g} s of {RIGS} rigs")
    for rigs, costs in results.items():
        print(
            f"  {rigs:>3} rigs {Spread.of(costs):5.0f} ns per datagram, "
            f"{Spread.of_ratios(costs, single):.2f} times one rig (aim: {AIM:g} at most)"
        )


if __name__ == "__main__":
    main()
