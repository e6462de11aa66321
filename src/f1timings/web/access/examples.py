"""An example of each JSON body of access."""

from __future__ import annotations

from typing import Any

ME: dict[str, Any] = {
    "name": "Race control",
    "role": "admin",
    "kind": "account",
    "needs_setup": False,
    "reading": "open",
}
SETUP: dict[str, Any] = {
    "code": "7KQ4F-M2WDX",
    "name": "Race control",
    "password": "lights out and away",
}
CREDENTIALS: dict[str, Any] = {"name": "Race control", "password": "lights out and away"}
NEW_PASSWORD: dict[str, Any] = {"current": "lights out and away", "new": "box box box now"}
ACCOUNT: dict[str, Any] = {
    "id": "5f0c9a1be27d",
    "name": "Race control",
    "role": "admin",
    "is_disabled": False,
    "version": 1,
    "created_at": "2026-11-22T15:30:00.000000Z",
    "changed_at": "2026-11-22T15:30:00.000000Z",
}
NEW_ACCOUNT: dict[str, Any] = {
    "name": "Marshal 2",
    "role": "marshal",
    "password": "gravel trap at turn nine",
}
ACCOUNT_EDIT: dict[str, Any] = {"version": 1, "role": "marshal"}
LOGIN: dict[str, Any] = {
    "id": "9b41d6c07e52",
    "account": "Race control",
    "address": "192.168.1.40",
    "agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "is_this_one": True,
    "created_at": "2026-11-22T15:31:12.000000Z",
    "last_seen_at": "2026-11-22T16:12:00.123456Z",
    "ends_at": "2026-11-23T00:12:00.123456Z",
}
TOKEN: dict[str, Any] = {
    "id": "c3d8e1f06a94",
    "name": "TV in the hall",
    "role": "viewer",
    "kind": "display",
    "created_at": "2026-11-22T15:40:00.000000Z",
    "created_by": "Race control",
    "expires_at": None,
}
NEW_TOKEN: dict[str, Any] = {"name": "TV in the hall", "role": "viewer", "kind": "display"}
MADE_TOKEN: dict[str, Any] = TOKEN | {"token": "f1t_Zk3uV0b9h1Yx7n2QpWcT5sLdR8mJfAeG4iKoB6vHyXE"}
ACCESS: dict[str, Any] = {"reading": "open"}
ACCESS_EDIT: dict[str, Any] = {"reading": "closed"}
LOG_LINE: dict[str, Any] = {
    "seq": 412,
    "at": "2026-11-22T16:02:11.500000Z",
    "who": "Race control",
    "ip": "192.168.1.40",
    "what": "login",
    "outcome": "done",
    "detail": "",
    "times": 1,
}


def whole_list(row: dict[str, Any]) -> dict[str, Any]:
    """A list with only this row and no further page."""
    return {"items": [row], "next": None}
