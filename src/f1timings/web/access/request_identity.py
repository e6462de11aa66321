"""The identity, IP address and browser behind a request, for routes."""

from __future__ import annotations

from fastapi import Request

from f1timings.access.roles import Role
from f1timings.web.access.credentials.changes import Requester
from f1timings.web.access.credentials.identity import Identity


def identity_of(request: Request) -> Identity:
    """The identity that :class:`~f1timings.web.access.checks.middleware.AccessMiddleware` has found."""
    identity: Identity = request.state.identity
    return identity


def is_marshal(request: Request) -> bool:
    """Whether the sender is a marshal, or has a role that includes it."""
    return identity_of(request).actor.has_role(Role.MARSHAL)


def requester_of(request: Request) -> Requester:
    """The sender's name and IP address, for the security log, and the account that is behind it."""
    identity = identity_of(request)
    account_id = None if identity.credential is None else identity.credential.account_id
    return Requester(identity.actor.name, ip_of(request), account_id)


def ip_of(request: Request) -> str:
    """The sender's IP address; empty if unknown."""
    return request.client.host if request.client else ""


def agent_of(request: Request) -> str:
    """The User-Agent header; empty without one."""
    return request.headers.get("user-agent", "")
