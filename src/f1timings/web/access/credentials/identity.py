"""The secrets that requests present, and the identity that a secret proves."""

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
    """The secrets that a request presents.

    Attributes:
        bearer: from the Authorization header, None without one.
        query: the query parameter ``token``, None without one.
        cookie: from the login cookie, None without one.
    """

    bearer: str | None = None
    query: str | None = None
    cookie: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who sends a request, and how that is known.

    Attributes:
        credential: the login or token; None for the owner and for the anonymous actor.
        error: why the presented secret is not valid; empty if it is valid, or if none was presented.
        has_cookie: the request relies on a login cookie, valid or not.
    """

    actor: Actor = ANONYMOUS
    credential: Login | Token | None = None
    error: str = ""
    has_cookie: bool = False


def presented_secret(headers: Iterable[tuple[bytes, bytes]], query_token: str | None) -> PresentedSecret:
    """The secrets that a request presents.

    Args:
        headers: in ASGI's form.
        query_token: the query parameter ``token``.
    """
    by_name: Mapping[bytes, bytes] = dict(headers)
    scheme, _, bearer = by_name.get(b"authorization", b"").decode("latin-1").partition(" ")
    return PresentedSecret(
        bearer=bearer.strip() if scheme.lower() == "bearer" else None,
        query=query_token,
        cookie=_cookie(b"; ".join(value for name, value in headers if name == b"cookie").decode("latin-1")),
    )


def new_secret() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """The hash of a secret that is stored instead of it. Secrets are random, so a fast hash is enough."""
    return hashlib.sha256(secret[:_LONGEST_SECRET].encode("utf-8", "replace")).hexdigest()


def _cookie(header: str) -> str | None:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return None if morsel is None else morsel.value
