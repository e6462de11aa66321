"""Tyres: compounds, what they cost in time, how they wear."""

from __future__ import annotations

SOFT, MEDIUM, HARD = 16, 17, 18
"""Visual compounds."""

INTERMEDIATE, WET = 7, 8

ACTUAL = {SOFT: 17, MEDIUM: 18, HARD: 19, INTERMEDIATE: 7, WET: 8}
"""Actual compound (C4, C3, C2 for the dry ones) behind each visual one."""

PACE = {SOFT: 0.0, MEDIUM: 0.005, HARD: 0.009}
"""What a new set costs, as a share of the lap's time."""

FADE_A_LAP = {SOFT: 0.0011, MEDIUM: 0.0007, HARD: 0.0005}
"""What each lap on the set adds to that."""

WEAR_A_LAP = {SOFT: 2.4, MEDIUM: 1.7, HARD: 1.1, INTERMEDIATE: 2.0, WET: 2.0}
"""Wear in per cent a lap."""
