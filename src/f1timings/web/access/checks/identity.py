"""Who asks: read from a session cookie, a bearer token, or a display's token in the address."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final

from f1timings.access.accounts import Login, Token
from f1timings.access.actors import ANONYMOUS, Actor

COOKIE: Final = "f1timings_session"
_LONGEST_SECRET: Final = 200


@dataclass(frozen=True, slots=True)
class PresentedSecret:
    """What a request shows of who it is from.

    Attributes:
        bearer: of the Authorization header, None without one.
        query: the parameter ``token`` of the address, None without one.
        cookie: of the session, None without one.
    """

    bearer: str | None = None
    query: str | None = None
    cookie: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, and by what that is known.

    Attributes:
        by: the login or token; None for the owner and for the anonymous.
        wrong: why what was shown does not count; empty if it does, or if nothing was shown.
        has_cookie: it is a browser's session, or looks like one.
    """

    actor: Actor = ANONYMOUS
    by: Login | Token | None = None
    wrong: str = ""
    has_cookie: bool = False


def shown_in(headers: Iterable[tuple[bytes, bytes]], query_token: str | None) -> PresentedSecret:
    """What a request shows.

    Args:
        headers: as ASGI gives them.
        query_token: the parameter ``token``.
    """
    found: Mapping[bytes, bytes] = dict(headers)
    scheme, _, bearer = found.get(b"authorization", b"").decode("latin-1").partition(" ")
    return PresentedSecret(
        bearer=bearer.strip() if scheme.lower() == "bearer" else None,
        query=query_token,
        cookie=_cookie(b"; ".join(value for name, value in headers if name == b"cookie").decode("latin-1")),
    )


def new_secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of a secret; it is random, so that a fast hash is enough."""
    return hashlib.sha256(secret[:_LONGEST_SECRET].encode("utf-8", "replace")).hexdigest()


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return None if morsel is None else morsel.value
