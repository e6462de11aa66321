"""The methods of an address, over all routes that share it, for the ``Allow`` header of a 405."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, compile_path


def allowed_methods(path: str, routes: Iterable[BaseRoute]) -> tuple[str, ...]:
    """The methods of a path, sorted.

    An exact route comes first: for ``/laps/mark`` its own methods, not those of ``/laps/{lap_id}``.
    """
    by_path: dict[str, set[str]] = {}
    for route in iter_route_contexts(list(routes)):
        if route.methods is not None and compile_path(route.path or "")[0].match(path):
            by_path.setdefault(route.path or "", set()).update(route.methods)
    exact = by_path.get(path)
    return tuple(sorted(set().union(*by_path.values()) if exact is None else exact))
