"""What FastAPI runs before a route: in the event loop, unless it reads the database."""

from __future__ import annotations

from inspect import iscoroutinefunction
from pathlib import Path

from fastapi.routing import APIRoute

from f1timings.web.rigs.routes import need_known_rig
from tests.web.world import open_world


def test_only_a_dependency_that_reads_the_database_takes_a_thread(tmp_path: Path) -> None:
    """A thread waits for the interpreter lock twice, up to 5 ms each time while rigs send."""
    with open_world(tmp_path) as world:
        routes = [route for route in world.app.routes if isinstance(route, APIRoute)]
        calls = {dependency.call for route in routes for dependency in route.dependant.dependencies}
        in_threads = {call.__qualname__ for call in calls if call and not iscoroutinefunction(call)}
        assert {need_known_rig(world.services).__qualname__} == in_threads
