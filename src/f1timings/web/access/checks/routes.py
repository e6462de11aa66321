"""The class of all routes: who may call one, and how much it reads, is checked before its body is read.

FastAPI builds a route from the signature of its function, which takes some milliseconds for each. A server
needs few of its routes at first, so each is built when it is first used.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.routing import compile_path, get_name

from f1timings.web.access.checks.permission import PermissionCheck
from f1timings.web.access.checks.policy import POLICY, Audience, policy_key
from f1timings.web.http.body_limits import LARGEST_OF_ANYONE, LARGEST_OF_KNOWN, described_limit, limited

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def guarded_by(check: PermissionCheck) -> type[APIRoute]:
    """The class of routes that call ``check`` first."""

    class GuardedRoute(APIRoute):
        """A route; its body may have ``max_body_size`` bytes, or what its audience usually may send."""

        def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
            # FastAPI would answer 413 as plain text, also to those who may not call the route.
            self._largest: int | None = options.pop("max_body_size", None)
            super().__init__(path, endpoint, **options)
            if self.body_field is not None:
                self.responses = {**self.responses, 413: described_limit(self._limit)}

        @property
        def _limit(self) -> int:
            if self._largest is not None:
                return self._largest
            is_of_anyone = POLICY.get(policy_key(self)) is Audience.ANYONE
            return LARGEST_OF_ANYONE if is_of_anyone else LARGEST_OF_KNOWN

        def get_route_handler(self) -> _Handler:
            handle, key, limit = super().get_route_handler(), policy_key(self), self._limit
            if self.body_field is None:

                async def handle_without_body(request: Request) -> Response:
                    check(request, key)
                    return await handle(request)

                return handle_without_body

            async def handle_with_body(request: Request) -> Response:
                check(request, key)
                return await handle(limited(request, limit))

            return handle_with_body

    return _built_when_used(GuardedRoute)


def _built_when_used(built: type[APIRoute]) -> type[APIRoute]:
    """The class of routes that become ones of the class ``built`` when they are first used."""

    class UnbuiltRoute(built):  # type: ignore[misc, valid-type]
        """A route of which there is only what finds it for a request, and what the policy asks for."""

        def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
            self._build = partial(built, path, endpoint, **options)
            self.path, self.endpoint = path, endpoint
            self.path_regex, self.path_format, self.param_convertors = compile_path(path)
            self.methods = {method.upper() for method in options.get("methods") or ("GET",)}
            self.operation_id = options.get("operation_id")
            self.name = options.get("name") or get_name(endpoint)

        def __getattr__(self, name: str) -> Any:
            """Build the route, for an attribute that only a built one has."""
            if "app" in self.__dict__:
                raise AttributeError(name)
            # All at once: the event loop and the thread that writes the document may read it together.
            self.__dict__.update(vars(self._build()))
            return getattr(self, name)

    return UnbuiltRoute
