"""The tables of numbers on which a decision rests, with their current values in the code."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Final

from scripts.documentation.markdown import table

#: By name of the table: the constant in the code, its unit, and its meaning.
_NUMBERS: Final[Mapping[str, Sequence[tuple[str, str, str]]]] = {
    "rigs": (
        ("rigs.registry.SILENT_S", "s", "silence after which an address's older port counts as gone"),
        ("rigs.status._COPY_FRAMES", "frames", "the most that two copies of one stream are apart"),
        ("pipeline._MOST_HELD", "datagrams", "the most that are held back for one port"),
    ),
    "laps": (
        ("timing.lap_steps.JOINED_LATE_MS", "ms", "a lap first seen later than this was joined late"),
        ("timing.lap_steps.CLOCK_SLACK_MS", "ms", "the most that a lap time and the clock we saw may differ"),
        ("timing.lap_steps.LINE_SLACK_M", "m", "how far a car may be off the distance that shows the line"),
        ("timing.lap_steps.LOSS_FACTOR", "times", "a gap longer than the usual one by this hid a datagram"),
    ),
    "starts": (
        ("timing.start_kinds.LONGEST_GAP_S", "s", "a start between packets further apart was not seen"),
        ("timing.start_kinds.STANDSTILL_M_PER_S", "m/s", "a car slower than this between two rows stood"),
        ("timing.lap_steps.FASTEST_M_PER_S", "m/s", "a car faster than this was moved by the game"),
    ),
    "order": (
        ("timing.packet_order.REORDER_S", "s", "the most that datagrams overtake each other, game time"),
        ("timing.packet_order.REORDER_FRAMES", "frames", "the same where the game's time stands at 0"),
        (
            "timing.packet_order.SUSTAINED",
            "packets",
            "so many in a row from an earlier time are no stragglers",
        ),
        ("timing.packet_order.RESTART_FRAME", "frames", "a run that begins again begins below this"),
        ("timing.packet_order.RESTART_TIME_S", "s", "and below this session time"),
        ("timing.packet_order.LONGEST_REWIND_S", "s", "no flashback goes back further"),
        ("timing.packet_order.JUMP_S", "s", "after a longer gap the laps must show that the run is the same"),
        ("timing.cars.COUNTERS_S", "s", "how often the counters are stored"),
        ("timing.cars.EARLY_COUNTERS_S", "s", "how often in the first of these intervals of a run"),
    ),
    "room": (
        ("live.views.freshness.OFFLINE_S", "s", "silence after which a rig is offline and no longer drives"),
        ("app._TICK_S", "s", "between two looks at the rigs"),
    ),
    "outlines": (
        ("live.outline_watch.SAMPLE_S", "s", "between two samples of a rig from which is learned"),
        ("live.outline_watch.MOST_FOLLOWED", "rigs", "the most from which is learned at once"),
        ("outlines.learning.MOST_CARS", "cars", "the most of a session that are followed"),
        ("outlines.paths.MOST_GAP_M", "m", "a longer stretch without a sample spoils the lap"),
        ("outlines.learning.LAP_TOLERANCE_M", "m", "points of two laps that agree are at most this apart"),
        (
            "outlines.learning.LAP_SHARE",
            "of 1",
            "share of the points that must be; the rest up to twice that",
        ),
        ("outlines.agreement.ENOUGH", "laps", "that agree make an outline good"),
        (
            "outlines.agreement.MOST_STORED",
            "laps",
            "the most as which an outline of an earlier evening counts",
        ),
        ("outlines.learning.ENOUGH_PASSES", "drives", "through the pits make the pit lane good"),
    ),
    "clock": (
        ("pipeline.PAUSE_S", "s", "a longer silence of a rig may be a pause of its game"),
        ("timing.session_clock.STEADY_S", "s", "the session clock runs as ours if they differ by less"),
        ("timing.session_clock.MOST_READINGS", "readings", "the most that are remembered of a session"),
    ),
}


def numbers_table(name: str) -> str:
    """One table of numbers."""
    rows = ((_value(place, unit), f"`{place}`", meaning) for place, unit, meaning in _NUMBERS[name])
    return table(("", "in the code", "meaning"), rows)


def _value(place: str, unit: str) -> str:
    module, _, name = place.rpartition(".")
    return f"{getattr(importlib.import_module(f'f1timings.{module}'), name):,g} {unit}"
