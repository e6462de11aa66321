"""Attempts at passwords and set-up codes: each is throttled, and each failure is written to the log."""

from __future__ import annotations

from typing import Final

from fastapi import Request

from f1timings.access.accounts import Account, name_key
from f1timings.web.access.control import AccessControl
from f1timings.web.access.request_identity import ip_of
from f1timings.web.http.problems import ProblemError

# The throttle's key for set-up codes. It begins with a space, so it is no name of an account.
_SETUP_KEY: Final = " setup"


def check_setup_code(access: AccessControl, request: Request, code: str) -> None:
    """Check a set-up code.

    Raises:
        ProblemError: the code is wrong or has expired, or there were too many attempts.
    """
    ip = ip_of(request)
    _refuse_guessing(access, ip, _SETUP_KEY, what="setup")
    if access.setup_code.matches(code):
        access.throttle.count_success(_SETUP_KEY, ip)
        return
    access.changes.add_refusal(who="", ip=ip, what="setup", outcome="failed")
    if access.setup_code.has_expired:
        access.setup_code.show()
        raise ProblemError(
            "unauthorised", "This code has expired. Enter the new code on the server's console."
        )
    raise ProblemError("unauthorised", "Wrong code. Enter the code that the server's console shows.")


async def check_password(access: AccessControl, request: Request, *, name: str, password: str) -> Account:
    """The account of that name, if the password is right. An unknown name costs the same work.

    Raises:
        ProblemError: the name or the password is wrong, or there were too many attempts.
    """
    ip, key = ip_of(request), name_key(name.strip())
    _refuse_guessing(access, ip, key, what="login")
    account = access.directory.get_account_named(key)
    is_right = await access.passwords.verify(account.password_hash if account else None, password)
    if account is None or not is_right or account.is_disabled:
        # An unknown name may be a password typed into the wrong field: it is not logged.
        known_name = account.name if account else ""
        detail = "" if account else "unknown name"
        access.changes.add_refusal(who=known_name, ip=ip, what="login", outcome="failed", detail=detail)
        raise ProblemError("unauthorised", "Wrong name or password.")
    access.throttle.count_success(key, ip)
    return account


def _refuse_guessing(access: AccessControl, ip: str, key: str, *, what: str) -> None:
    wait_s = access.throttle.count_attempt(key, ip)
    if wait_s is None:
        return
    account = access.directory.get_account_named(key)
    access.changes.add_refusal(who=account.name if account else "", ip=ip, what=what, outcome="throttled")
    seconds = max(1, round(wait_s))
    raise ProblemError(
        "too-many-attempts",
        f"Too many wrong attempts. Try again in {seconds} s. Existing logins are not affected.",
        headers={"Retry-After": str(seconds)},
    )
