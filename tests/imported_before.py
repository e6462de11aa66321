"""Imports what the commands need, in the process from which :mod:`tests.forked_command` forks them."""

from __future__ import annotations

import gc
from importlib import import_module

# A command that is not here takes longer to start, and that is all.
for _name in ("doctor", "export", "rebuild", "serve", "simulate", "token"):
    import_module(f"f1timings.commands.{_name}")

# The server collects at its start; it need not look at these objects again.
gc.collect()
gc.freeze()
