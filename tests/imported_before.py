"""Imports what the commands need, in the process from which :mod:`tests.forked_command` forks them."""

from __future__ import annotations

import gc
from importlib import import_module

# A command that is not here takes longer to start, and that is all.
for _name in ("doctor", "export", "rebuild", "serve", "simulate", "token"):
    import_module(f"f1timings.commands.{_name}")
# These are imported by a server when it starts, by name or by what the machine has.
for _name in (
    "anyio._backends._asyncio",
    "pydantic.v1",
    "sqlalchemy.dialects.sqlite",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
):
    import_module(_name)

# The server collects at its start; it need not look at these objects again.
gc.collect()
gc.freeze()
