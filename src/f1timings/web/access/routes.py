"""Every route of access, in one list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel

from f1timings.access import accounts
from f1timings.web.access import (
    account_routes,
    bodies,
    login_routes,
    token_routes,
)
from f1timings.web.access import (
    settings_routes as access_routes,
)
from f1timings.web.services import Services

#: How records are shown as ``current`` of a conflict.
CURRENT: Final[Mapping[type, Callable[[Any], BaseModel]]] = {accounts.Account: bodies.AccountBody.of}


def routes(services: Services) -> APIRouter:
    """Those under ``/api/v1``."""
    router = APIRouter()
    for room in (login_routes, account_routes, token_routes):
        router.include_router(room.routes(services.access))
    router.include_router(access_routes.routes(services))
    return router


def owner_routes(services: Services) -> APIRouter:
    """Those for commands on this machine."""
    return token_routes.owner_routes(services.access)
