"""Run the benchmarks one after the other: ``python -m benchmarks``."""

from __future__ import annotations

from benchmarks import (
    board_columns,
    car_cost,
    commits,
    corrections,
    fan_out,
    forwarding_cost,
    full_room,
    http_answers,
    join_flood,
    leaderboard,
    live_latency,
    long_acts,
    pipeline_cost,
    rigs_curve,
    rigs_view_cost,
    room_of_screens,
    stall,
    store_path,
    tower_cost,
    trace_cost,
    udp_receive,
)
from benchmarks.measuring import describe_machine

BENCHMARKS = (
    board_columns,
    store_path,
    rigs_curve,
    udp_receive,
    forwarding_cost,
    stall,
    http_answers,
    leaderboard,
    pipeline_cost,
    tower_cost,
    rigs_view_cost,
    car_cost,
    commits,
    corrections,
    join_flood,
    long_acts,
    trace_cost,
    fan_out,
    live_latency,
    room_of_screens,
    full_room,
)


def main() -> None:
    """Print the machine, and the title and figures of each benchmark."""
    print(describe_machine())
    for benchmark in BENCHMARKS:
        assert benchmark.__doc__ is not None
        print(f"\n{benchmark.__doc__.splitlines()[0]}", flush=True)
        benchmark.main()


if __name__ == "__main__":
    main()
