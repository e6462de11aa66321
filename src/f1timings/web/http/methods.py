"""Which methods an address has, over all the routes that share it: what a 405 names in ``Allow``."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, compile_path


def methods_at(path: str, routes: Iterable[BaseRoute]) -> tuple[str, ...]:
    """The methods of a path, sorted; of ``/laps/mark`` those of its own, not those of ``/laps/{lap_id}``."""
    found: dict[str, set[str]] = {}
    for route in iter_route_contexts(list(routes)):
        if route.methods is not None and compile_path(route.path or "")[0].match(path):
            found.setdefault(route.path or "", set()).update(route.methods)
    own = found.get(path)
    return tuple(sorted(set().union(*found.values()) if own is None else own))
