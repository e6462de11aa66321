"""Hooks that Schemathesis loads: they identify the client and put ids of existing records into requests.

Half of the valid requests are aimed: at existing records, with their current version, and with the right
password, PIN or code. The other half, and all invalid requests, are sent as they were generated.
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

from f1timings.traces import lap_files
from tests.api_fuzz.client import LISTS, FuzzClient

_SAMPLED: Final = os.environ.get("FUZZ_SAMPLED") == "1"
_ROLE: Final = os.environ["FUZZ_ROLE"]
_client: Final = FuzzClient(os.environ["FUZZ_ADDRESS"], Path(os.environ["FUZZ_DATA_DIR"]), _ROLE)
_chance: Final = random.Random(os.environ["FUZZ_SEED"])

#: Guessing is throttled by address. Here each guess closes its connection, and each new connection comes
#: from another address.
_GUESSING: Final = ("log_in", "set_up", "change_my_password", "take_rig", "leave_rig", "sign_in_as_driver")
#: Called with the cookie of a login as well as with a token.
_OF_LOGINS: Final = ("log_out", "list_logins", "end_login", "change_my_password", "get_me")
_ENDS_LOGINS: Final = (*_OF_LOGINS, "log_in", "update_account", "delete_account")
#: Fields of bodies that refer to a record, with the path parameter that refers to the same kind.
_NAMED: Final = {
    "driver_id": "driver_id",
    "into": "driver_id",
    "rig": "rig",
    "from_lap": "lap_id",
    "copy_of": "meeting_id",
}
#: The filters of a sample: each kind of field, and each comparison.
_FILTERS: Final = ("lap_time_ms", "is_valid", "official_at", "state", "name", "at", "driver_id")

_open_connection: Final = HTTPConnection._new_conn
_addresses: Final = itertools.cycle(f"127.{a}.{b}.7" for a in range(1, 100) for b in range(1, 200))


def _from_another_address(connection: HTTPConnection) -> Any:
    connection.source_address = (next(_addresses), 0)
    return _open_connection(connection)


HTTPConnection._new_conn = _from_another_address  # type: ignore[method-assign, assignment]


# Bodies that are files, as they are; pictures have a serializer already.
schemathesis.serializer.alias(lap_files.MEDIA_TYPE, "application/octet-stream")


@schemathesis.hook
def before_load_schema(_context: Any, raw_schema: dict[str, Any]) -> None:
    """Remove most filters of lists from a sample: all are built in one place (``web/http/queries.py``)."""
    if not _SAMPLED:
        return
    for methods in raw_schema["paths"].values():
        parameters = methods.get("get", {}).get("parameters", [])
        if len(parameters) > 12:
            sampled = {"limit", "cursor", "sort", *(f + s for f in _FILTERS for s in ("", "_ne", "_lt"))}
            methods["get"]["parameters"] = [
                parameter
                for parameter in parameters
                if parameter["in"] != "query" or parameter["name"] in sampled
            ]


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Identify the client, and aim half of the valid requests."""
    key = case.operation.definition.raw["operationId"]
    is_valid = case.meta is None or case.meta.generation.mode.is_positive
    case.headers = case.headers if isinstance(case.headers, Mapping) else {}
    if is_valid and _chance.random() < 0.5:
        _aim(key, case)
    if _client.token is not None:
        case.headers["Authorization"] = f"Bearer {_client.token}"
        if key in _OF_LOGINS and _chance.random() < 0.5:
            _with_cookie(case)
        if key == "revoke_token" and _client.needs_token(case.path_parameters.get("token_id", "")):
            _revoke_itself(case)
    if key in _GUESSING:
        case.headers["Connection"] = "close"


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Note a changed password, and a login that may have ended."""
    key = case.operation.definition.raw["operationId"]
    if key in _ENDS_LOGINS and response.request.method != "GET" and response.status_code < 300:
        if key == "change_my_password":
            _client.set_password(case.body["new"])
        _client.forget_login()


def _with_cookie(case: Any) -> None:
    del case.headers["Authorization"]
    case.headers["Cookie"] = _client.cookie()
    case.headers["Origin"] = f"http://{os.environ['FUZZ_ADDRESS']}"


def _revoke_itself(case: Any) -> None:
    token = _client.create_token()
    case.path_parameters["token_id"] = token["id"]
    case.headers["Authorization"] = f"Bearer {token['token']}"


def _aim(key: str, case: Any) -> None:
    record = _aim_path(case)
    if record is not None and "version" in (case.query or {}):
        case.query["version"] = record["version"]
    if key == "get_own_page":
        case.query = {"driver_token": _driver().get("token") or "none"}
    if isinstance(case.body, dict):
        _aim_body(case.body, record)
        if key in _WITH_SECRET:
            case.body.update(_WITH_SECRET[key]())


def _aim_path(case: Any) -> dict[str, Any] | None:
    """Put the id of an existing record into the path; return the record, None if there is none."""
    chosen = None
    for name in case.path_parameters or {}:
        if name in LISTS and (records := _client.list_records(name)):
            chosen = _chance.choice(records)
            case.path_parameters[name] = chosen[LISTS[name][1]]
    return chosen


def _aim_body(body: dict[str, Any], record: dict[str, Any] | None) -> None:
    for field, name in _NAMED.items():
        if isinstance(body.get(field), str) and (records := _client.list_records(name)):
            body[field] = _chance.choice(records)[LISTS[name][1]]
    for field in ("version", "revision"):
        if field in body and record is not None:
            body[field] = record.get(field, 0)
    if "laps" in body and (laps := _client.list_records("lap_id")):
        sample = _chance.sample(laps, min(len(laps), 2))
        body["laps"] = [{"id": lap["id"], "revision": lap["revision"]} for lap in sample]
    if "rigs" in body and len(rigs := _client.list_records("rig")) > 1:
        body["rigs"] = [rig["rig"] for rig in rigs[:2]]
    if "confirm" in body:
        body["confirm"] = body.get("circuit", (record or {}).get("name", ""))


def _driver() -> dict[str, Any]:
    drivers = [driver for driver in _client.list_records("driver_id") if driver.get("token")]
    return _chance.choice(drivers) if drivers else {}


def _pin_or_token() -> dict[str, Any]:
    driver = _driver()
    pin = {"pin": driver.get("pin"), "token": None}
    return pin if pin["pin"] is not None else {"pin": None, "token": driver.get("token")}


def _pin() -> dict[str, Any]:
    pin = _driver().get("pin")
    return {} if pin is None else {"pin": pin}


def _right_login() -> dict[str, Any]:
    if not _ROLE:
        return {}
    name, password = _client.credentials()
    return {"name": name, "password": password}


_WITH_SECRET: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "log_in": _right_login,
    "change_my_password": lambda: {"current": _client.credentials()[1]} if _ROLE else {},
    "set_up": lambda: {"code": _client.setup_code()},
    "take_rig": _pin_or_token,
    "leave_rig": _pin_or_token,
    "sign_in_as_driver": _pin,
}
