"""All figures, one after the other: ``python -m benchmarks``."""

from __future__ import annotations

from benchmarks import (
    board_columns,
    fan_out,
    leaderboard,
    live_latency,
    pipeline_cost,
    rigs_curve,
    stall,
    store_path,
    tower_cost,
    udp_receive,
)
from benchmarks.measuring import machine

FIGURES = (
    board_columns,
    store_path,
    rigs_curve,
    udp_receive,
    stall,
    leaderboard,
    pipeline_cost,
    tower_cost,
    fan_out,
    live_latency,
)


def main() -> None:
    """Print every figure with the machine it was measured on."""
    print(machine())
    for figure in FIGURES:
        assert figure.__doc__ is not None
        print(f"\n{figure.__doc__.splitlines()[0]}", flush=True)
        figure.main()


if __name__ == "__main__":
    main()
