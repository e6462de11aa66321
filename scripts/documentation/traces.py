"""The table of the channels of a trace."""

from __future__ import annotations

from f1timings.traces.channels import CHANNELS
from scripts.documentation.markdown import table


def channels_table() -> str:
    """Each channel with its resolution, its range and its meaning."""
    return table(
        ("channel", "step", "range", "meaning"),
        (
            (
                f"`{channel.name}`",
                f"{channel.step:g}",
                f"{channel.lowest:,} to {channel.highest:,}",
                channel.meaning,
            )
            for channel in CHANNELS
        ),
    )
