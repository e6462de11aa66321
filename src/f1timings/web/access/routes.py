"""All routes of access control in one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from f1timings.access.accounts import Account
from f1timings.web.access import (
    account_routes,
    bodies,
    login_list_routes,
    login_routes,
    me_routes,
    reading_routes,
    security_log_routes,
    token_routes,
)
from f1timings.web.http.route_list import RouteList
from f1timings.web.services import Services

#: The JSON body for each type of record that a 409 answers as ``current``.
CURRENT: Final[Mapping[type, Callable[[Any], BaseModel]]] = {Account: bodies.AccountBody.of}


def routes(services: Services) -> RouteList:
    """The routes below ``/api/v1``."""
    router = RouteList()
    for subject in (login_routes, me_routes, login_list_routes, account_routes, token_routes, reading_routes):
        subject.routes(services.access).install(router)
    security_log_routes.routes(services).install(router)
    return router


def owner_routes(services: Services) -> RouteList:
    """The routes for commands on this machine."""
    return token_routes.owner_routes(services.access)
