"""Tyres: compounds, their pace and their wear."""

from __future__ import annotations

SOFT, MEDIUM, HARD = 16, 17, 18
"""Visual compounds."""

INTERMEDIATE, WET = 7, 8

ACTUAL = {SOFT: 17, MEDIUM: 18, HARD: 19, INTERMEDIATE: 7, WET: 8}
"""Actual compound by visual compound; the dry ones are C4, C3, C2."""

PACE = {SOFT: 0.0, MEDIUM: 0.005, HARD: 0.009}
"""Time that a new set adds to a lap, as a share of the lap time."""

FADE_PER_LAP = {SOFT: 0.0011, MEDIUM: 0.0007, HARD: 0.0005}
"""Time that each lap on the set adds, as a share of the lap time."""

WEAR_PER_LAP = {SOFT: 2.4, MEDIUM: 1.7, HARD: 1.1, INTERMEDIATE: 2.0, WET: 2.0}
"""Wear per lap, per cent."""
