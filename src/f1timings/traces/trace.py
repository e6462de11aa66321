"""A trace in memory: its channels as whole numbers, and where each of them has a gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from f1timings.traces.channels import BY_NAME, per_unit

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The samples of one lap.

    Attributes:
        packet_format: of the game that sent it.
        ended_ms: session time of the last sample.
        numbers: by channel; values in units of the channel's step. A channel without any value is missing.
        gaps: by channel, where it has no value; only channels that have a gap.
    """

    packet_format: int
    ended_ms: int
    numbers: Mapping[str, NDArray[np.int32]]
    gaps: Mapping[str, NDArray[np.bool_]]

    def __len__(self) -> int:
        return len(next(iter(self.numbers.values()), ()))

    def values(self, name: str) -> Floats:
        """The values of a channel in its unit, NaN in gaps."""
        numbers = self.numbers.get(name)
        if numbers is None:
            return np.full(len(self), np.nan)
        values: Floats = numbers / per_unit(BY_NAME[name])
        gaps = self.gaps.get(name)
        if gaps is not None:
            values[gaps] = np.nan
        return values
