"""What Schemathesis is told of our API: who asks, and how to name what is there. Loaded by Schemathesis.

Half of the right requests are aimed: at things that there are, in the version that they have, with the right
password, PIN or code. The other half, and all wrong ones, are sent as they were made up.
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import schemathesis
from urllib3.connection import HTTPConnection

from tests.api_fuzz.standing import LISTS, Standing

_SAMPLED: Final = os.environ.get("FUZZ_SAMPLED") == "1"
_ROLE: Final = os.environ["FUZZ_ROLE"]
_standing: Final = Standing(os.environ["FUZZ_ADDRESS"], Path(os.environ["FUZZ_DATA_DIR"]), _ROLE)
_chance: Final = random.Random(os.environ["FUZZ_SEED"])

#: Who guesses often has to wait, by address: here each guess closes its connection, and each new connection
#: is from another address.
_GUESSING: Final = ("log_in", "set_up", "change_my_password", "take_rig", "leave_rig")
#: Asked with a login's cookie as well as with a token.
_OF_LOGINS: Final = ("log_out", "list_logins", "end_login", "change_my_password", "get_me")
_ENDS_LOGINS: Final = (*_OF_LOGINS, "log_in", "update_account", "delete_account")
#: Fields of bodies that name something, by the path parameter that names the same.
_NAMED: Final = {
    "driver_id": "driver_id",
    "into": "driver_id",
    "rig": "rig",
    "from_lap": "lap_id",
    "copy_of": "meeting_id",
}
#: In a sample these filters stand for all: each kind of field, and each comparison.
_FILTERS: Final = ("lap_time_ms", "is_valid", "official_at", "state", "name", "at", "driver_id")

_open_connection: Final = HTTPConnection._new_conn
_addresses: Final = itertools.cycle(f"127.{a}.{b}.7" for a in range(1, 100) for b in range(1, 200))


def _from_another_address(connection: HTTPConnection) -> Any:
    connection.source_address = (next(_addresses), 0)
    return _open_connection(connection)


HTTPConnection._new_conn = _from_another_address  # type: ignore[method-assign, assignment]


@schemathesis.hook
def before_load_schema(_context: Any, raw_schema: dict[str, Any]) -> None:
    """Take most filters of lists out of a sample: one table makes them (``web/http/queries.py``)."""
    if not _SAMPLED:
        return
    for methods in raw_schema["paths"].values():
        parameters = methods.get("get", {}).get("parameters", [])
        if len(parameters) > 12:
            kept = {"limit", "cursor", "sort", *(f + s for f in _FILTERS for s in ("", "_ne", "_lt"))}
            methods["get"]["parameters"] = [
                one for one in parameters if one["in"] != "query" or one["name"] in kept
            ]


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Say who asks, and aim."""
    key = case.operation.definition.raw["operationId"]
    is_right = case.meta is None or case.meta.generation.mode.is_positive
    case.headers = case.headers if isinstance(case.headers, Mapping) else {}
    if is_right and _chance.random() < 0.5:
        _aim(key, case)
    if _standing.token is not None:
        case.headers["Authorization"] = f"Bearer {_standing.token}"
        if key in _OF_LOGINS and _chance.random() < 0.5:
            _with_cookie(case)
        if key == "revoke_token" and _standing.is_needed(case.path_parameters.get("token_id", "")):
            _revoke_itself(case)
    if key in _GUESSING:
        case.headers["Connection"] = "close"


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Notice what was lost."""
    key = case.operation.definition.raw["operationId"]
    if key in _ENDS_LOGINS and response.request.method != "GET" and response.status_code < 300:
        if key == "change_my_password":
            _standing.password_is(case.body["new"])
        _standing.may_have_lost_login()


def _with_cookie(case: Any) -> None:
    del case.headers["Authorization"]
    case.headers["Cookie"] = _standing.cookie()
    case.headers["Origin"] = f"http://{os.environ['FUZZ_ADDRESS']}"


def _revoke_itself(case: Any) -> None:
    token = _standing.throwaway()
    case.path_parameters["token_id"] = token["id"]
    case.headers["Authorization"] = f"Bearer {token['token']}"


def _aim(key: str, case: Any) -> None:
    thing = _aim_path(case)
    if thing is not None and "version" in (case.query or {}):
        case.query["version"] = thing["version"]
    if key == "get_own_page":
        case.query = {"driver_token": _driver().get("token") or "none"}
    if isinstance(case.body, dict):
        _aim_body(case.body, thing)
        if key in _WITH_SECRET:
            case.body.update(_WITH_SECRET[key]())


def _aim_path(case: Any) -> dict[str, Any] | None:
    """Let the path name something that there is; that, None if there is no such thing."""
    chosen = None
    for name in case.path_parameters or {}:
        if name in LISTS and (things := _standing.things(name)):
            chosen = _chance.choice(things)
            case.path_parameters[name] = chosen[LISTS[name][1]]
    return chosen


def _aim_body(body: dict[str, Any], thing: dict[str, Any] | None) -> None:
    for field, name in _NAMED.items():
        if isinstance(body.get(field), str) and (things := _standing.things(name)):
            body[field] = _chance.choice(things)[LISTS[name][1]]
    for seen in ("version", "revision"):
        if seen in body and thing is not None:
            body[seen] = thing.get(seen, 0)
    if "laps" in body and (laps := _standing.things("lap_id")):
        some = _chance.sample(laps, min(len(laps), 2))
        body["laps"] = [{"id": one["id"], "revision": one["revision"]} for one in some]
    if "rigs" in body and len(rigs := _standing.things("rig")) > 1:
        body["rigs"] = [one["rig"] for one in rigs[:2]]
    if "confirm" in body:
        body["confirm"] = body.get("circuit", (thing or {}).get("name", ""))


def _driver() -> dict[str, Any]:
    drivers = [one for one in _standing.things("driver_id") if one.get("token")]
    return _chance.choice(drivers) if drivers else {}


def _pin_or_token() -> dict[str, Any]:
    driver = _driver()
    pin = {"pin": driver.get("pin"), "token": None}
    return pin if pin["pin"] is not None else {"pin": None, "token": driver.get("token")}


def _right_login() -> dict[str, Any]:
    if not _ROLE:
        return {}
    name, password = _standing.credentials()
    return {"name": name, "password": password}


_WITH_SECRET: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "log_in": _right_login,
    "change_my_password": lambda: {"current": _standing.credentials()[1]} if _ROLE else {},
    "set_up": lambda: {"code": _standing.setup_code()},
    "take_rig": _pin_or_token,
    "leave_rig": _pin_or_token,
}
