"""Settings for all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# No test measures time: an example that is slow because the machine is busy is not a fault.
settings.register_profile("no_clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no_clock")
