"""The table of who may call what: every route of the API has a line here, or the server does not start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from f1timings.meeting.accounts import Reading
from f1timings.meeting.actors import Actor, Role


class Who(Enum):
    """Who may call a route."""

    ANYONE = "anyone"
    READER = "anyone while reading is open, else a viewer"
    VIEWER = "a viewer"
    MARSHAL = "a marshal"
    ADMIN = "an admin"
    OWNER = "the owner of the data folder"


#: Operation id → who may call it. Whoever may less is refused: 401 without a name, 403 with too low a role.
POLICY: Final[Mapping[str, Who]] = {
    # Whether the process lives is asked by machines that have no account.
    "get_health": Who.ANYONE,
    "get_readiness": Who.ANYONE,
    # What was timed.
    "list_rigs": Who.READER,
    "get_order": Who.READER,
    "list_sessions": Who.READER,
    "get_session": Who.READER,
    "get_classification": Who.READER,
    "list_incidents": Who.READER,
    "list_stints": Who.READER,
    "list_pit_visits": Who.READER,
    "list_laps": Who.READER,
    "get_lap": Who.READER,
    "list_lap_revisions": Who.READER,
    "get_leaderboard": Who.READER,
    "list_boards": Who.READER,
    "make_lap": Who.MARSHAL,
    "mark_lap": Who.MARSHAL,
    "mark_laps": Who.MARSHAL,
    # The older program's routes.
    "older_list_users": Who.READER,
    "older_save_user": Who.MARSHAL,
    "older_remove_user": Who.MARSHAL,
    "older_list_drivers": Who.READER,
    "older_save_lap": Who.MARSHAL,
    "older_remove_lap": Who.MARSHAL,
    "older_get_track": Who.READER,
    "older_set_track": Who.MARSHAL,
    "older_export": Who.MARSHAL,
    # Meetings, and what people did.
    "get_open_meeting": Who.READER,
    "list_meetings": Who.READER,
    "get_meeting": Who.READER,
    "list_circuits": Who.READER,
    "make_meeting": Who.MARSHAL,
    "edit_meeting": Who.MARSHAL,
    "open_meeting": Who.MARSHAL,
    "clear_board": Who.MARSHAL,
    "list_acts": Who.MARSHAL,
    "undo_act": Who.MARSHAL,
    # Rigs, who sits there, and who waits.
    "edit_rig": Who.MARSHAL,
    "list_assignments": Who.READER,
    "assign_rig": Who.MARSHAL,
    "swap_rigs": Who.MARSHAL,
    "set_default_driver": Who.MARSHAL,
    # With a PIN or a code, which is asked for instead.
    "take_rig": Who.ANYONE,
    "leave_rig": Who.ANYONE,
    "get_rig_qr": Who.READER,
    "get_driver_qr": Who.MARSHAL,
    "list_queue": Who.READER,
    "join_queue": Who.MARSHAL,
    "call_next": Who.MARSHAL,
    "edit_queue": Who.MARSHAL,
    "leave_queue": Who.MARSHAL,
    # People, and their names in the games.
    "list_drivers": Who.READER,
    "get_driver": Who.READER,
    "make_driver": Who.MARSHAL,
    "edit_driver": Who.MARSHAL,
    "delete_driver": Who.MARSHAL,
    "merge_driver": Who.MARSHAL,
    "erase_driver": Who.ADMIN,
    "get_driver_data": Who.ADMIN,
    # With the token of a driver's own code, which is asked for instead.
    "get_own_page": Who.ANYONE,
    "list_game_names": Who.MARSHAL,
    "map_game_name": Who.MARSHAL,
    # Screens that are connected.
    "list_screens": Who.MARSHAL,
    "reload_screen": Who.MARSHAL,
    # Who may do what.
    "set_up": Who.ANYONE,
    "log_in": Who.ANYONE,
    "log_out": Who.ANYONE,
    "get_me": Who.ANYONE,
    "change_my_password": Who.VIEWER,
    "list_logins": Who.VIEWER,
    "end_login": Who.VIEWER,
    "list_accounts": Who.ADMIN,
    "create_account": Who.ADMIN,
    "update_account": Who.ADMIN,
    "delete_account": Who.ADMIN,
    "list_tokens": Who.ADMIN,
    "create_token": Who.ADMIN,
    "revoke_token": Who.ADMIN,
    "get_access": Who.VIEWER,
    "update_access": Who.ADMIN,
    "list_access_log": Who.ADMIN,
    # Commands on this machine; no part of the public API.
    "post_records": Who.OWNER,
    "list_tokens_for_owner": Who.OWNER,
    "create_token_for_owner": Who.OWNER,
    "revoke_token_for_owner": Who.OWNER,
}

#: Who may follow /ws.
SOCKET: Final = Who.READER

_NEEDED: Final[Mapping[Who, Role]] = {
    Who.READER: Role.VIEWER,
    Who.VIEWER: Role.VIEWER,
    Who.MARSHAL: Role.MARSHAL,
    Who.ADMIN: Role.ADMIN,
}


def is_allowed(who: Who, actor: Actor, reading: Reading) -> bool:
    """Whether somebody may call what is for such people."""
    if who is Who.ANYONE or (who is Who.READER and reading == "open"):
        return True
    if who is Who.OWNER:
        return actor.kind == "owner"
    return actor.may(_NEEDED[who])


def key_of(route: object) -> str:
    """By what a route stands in the table: its operation id, or its function's name where it has none."""
    return str(getattr(route, "operation_id", None) or getattr(route, "name", ""))


def refuse_gaps(routes: Iterable[BaseRoute], policy: Mapping[str, Who] = POLICY) -> None:
    """Check that every route of the API has a line.

    Raises:
        LookupError: some have none.
    """
    found = [route for route in iter_route_contexts(list(routes)) if _is_of_api(route)]
    without = sorted({key_of(route) for route in found} - policy.keys())
    if without:
        raise LookupError(f"web/access/policy.py does not say who may call {', '.join(without)}")


def _is_of_api(route: RouteContext) -> bool:
    return (route.path or "").startswith("/api") and route.methods is not None
