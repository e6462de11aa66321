"""Collects the routes of a subject, so that FastAPI builds each of them only once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter


class RouteList(APIRouter):
    """A router that only remembers its routes until they are installed in the application.

    ``include_router`` of FastAPI builds the parameters of each route again for every router around it.
    With about a hundred routes that was more than half of the time to create the application.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._collected: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Remember a route with the tags and dependencies of this list; all decorators call this."""
        options["tags"] = [*self.tags, *(options.get("tags") or ())]
        options["dependencies"] = [*self.dependencies, *(options.get("dependencies") or ())]
        options["include_in_schema"] = self.include_in_schema and options.get("include_in_schema", True)
        self._collected.append((self.prefix + path, endpoint, options))

    def install(self, router: APIRouter, prefix: str = "") -> None:
        """Add the routes to another router.

        Args:
            prefix: the beginning of all their paths.
        """
        for path, endpoint, options in self._collected:
            router.add_api_route(prefix + path, endpoint, **options)
