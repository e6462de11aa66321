"""The table of who may call what: every route of the API has a line here, or the server does not start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from f1timings.access.accounts import Reading
from f1timings.access.actors import Actor, Role


class Audience(Enum):
    """Who may call a route."""

    ANYONE = "anyone"
    READER = "anyone while reading is open, else a viewer"
    VIEWER = "a viewer"
    MARSHAL = "a marshal"
    ADMIN = "an admin"
    OWNER = "the owner of the data folder"


#: Operation id → who may call it. Whoever may less is refused: 401 without a name, 403 with too low a role.
POLICY: Final[Mapping[str, Audience]] = {
    # Whether the process lives is asked by machines that have no account.
    "get_health": Audience.ANYONE,
    "get_readiness": Audience.ANYONE,
    # What was timed.
    "list_rigs": Audience.READER,
    "get_order": Audience.READER,
    "list_sessions": Audience.READER,
    "get_session": Audience.READER,
    "get_classification": Audience.READER,
    "list_incidents": Audience.READER,
    "list_stints": Audience.READER,
    "list_pit_visits": Audience.READER,
    "list_laps": Audience.READER,
    "get_lap": Audience.READER,
    "list_lap_revisions": Audience.READER,
    "get_leaderboard": Audience.READER,
    "list_boards": Audience.READER,
    "make_lap": Audience.MARSHAL,
    "mark_lap": Audience.MARSHAL,
    "mark_laps": Audience.MARSHAL,
    # The older program's routes.
    "older_list_users": Audience.READER,
    "older_save_user": Audience.MARSHAL,
    "older_remove_user": Audience.MARSHAL,
    "older_list_drivers": Audience.READER,
    "older_save_lap": Audience.MARSHAL,
    "older_remove_lap": Audience.MARSHAL,
    "older_get_track": Audience.READER,
    "older_set_track": Audience.MARSHAL,
    "older_export": Audience.MARSHAL,
    # Meetings, and what people did.
    "get_open_meeting": Audience.READER,
    "list_meetings": Audience.READER,
    "get_meeting": Audience.READER,
    "list_circuits": Audience.READER,
    "make_meeting": Audience.MARSHAL,
    "edit_meeting": Audience.MARSHAL,
    "open_meeting": Audience.MARSHAL,
    "clear_board": Audience.MARSHAL,
    "list_acts": Audience.MARSHAL,
    "undo_act": Audience.MARSHAL,
    # Rigs, who sits there, and who waits.
    "edit_rig": Audience.MARSHAL,
    "list_assignments": Audience.READER,
    "assign_rig": Audience.MARSHAL,
    "swap_rigs": Audience.MARSHAL,
    "set_default_driver": Audience.MARSHAL,
    # With a PIN or a code, which is asked for instead.
    "take_rig": Audience.ANYONE,
    "leave_rig": Audience.ANYONE,
    "get_rig_qr": Audience.READER,
    "get_driver_qr": Audience.MARSHAL,
    "list_queue": Audience.READER,
    "join_queue": Audience.MARSHAL,
    "call_next": Audience.MARSHAL,
    "edit_queue": Audience.MARSHAL,
    "leave_queue": Audience.MARSHAL,
    # People, and their names in the games.
    "list_drivers": Audience.READER,
    "get_driver": Audience.READER,
    "make_driver": Audience.MARSHAL,
    "edit_driver": Audience.MARSHAL,
    "delete_driver": Audience.MARSHAL,
    "merge_driver": Audience.MARSHAL,
    "erase_driver": Audience.ADMIN,
    "get_driver_data": Audience.ADMIN,
    # With the token of a driver's own code, which is asked for instead.
    "get_own_page": Audience.ANYONE,
    "list_game_names": Audience.MARSHAL,
    "map_game_name": Audience.MARSHAL,
    # Screens that are connected.
    "list_screens": Audience.MARSHAL,
    "reload_screen": Audience.MARSHAL,
    # Who may do what.
    "set_up": Audience.ANYONE,
    "log_in": Audience.ANYONE,
    "log_out": Audience.ANYONE,
    "get_me": Audience.ANYONE,
    "change_my_password": Audience.VIEWER,
    "list_logins": Audience.VIEWER,
    "end_login": Audience.VIEWER,
    "list_accounts": Audience.ADMIN,
    "create_account": Audience.ADMIN,
    "update_account": Audience.ADMIN,
    "delete_account": Audience.ADMIN,
    "list_tokens": Audience.ADMIN,
    "create_token": Audience.ADMIN,
    "revoke_token": Audience.ADMIN,
    "get_access": Audience.VIEWER,
    "update_access": Audience.ADMIN,
    "list_access_log": Audience.ADMIN,
    # Commands on this machine; no part of the public API.
    "post_records": Audience.OWNER,
    "list_tokens_for_owner": Audience.OWNER,
    "create_token_for_owner": Audience.OWNER,
    "revoke_token_for_owner": Audience.OWNER,
}

#: Who may follow /ws.
SOCKET: Final = Audience.READER

_NEEDED: Final[Mapping[Audience, Role]] = {
    Audience.READER: Role.VIEWER,
    Audience.VIEWER: Role.VIEWER,
    Audience.MARSHAL: Role.MARSHAL,
    Audience.ADMIN: Role.ADMIN,
}


def is_allowed(who: Audience, actor: Actor, reading: Reading) -> bool:
    """Whether somebody may call what is for such people."""
    if who is Audience.ANYONE or (who is Audience.READER and reading == "open"):
        return True
    if who is Audience.OWNER:
        return actor.kind == "owner"
    return actor.may(_NEEDED[who])


def key_of(route: object) -> str:
    """By what a route stands in the table: its operation id, or its function's name where it has none."""
    return str(getattr(route, "operation_id", None) or getattr(route, "name", ""))


def refuse_gaps(routes: Iterable[BaseRoute], policy: Mapping[str, Audience] = POLICY) -> None:
    """Check that every route of the API has a line.

    Raises:
        LookupError: some have none.
    """
    found = [route for route in iter_route_contexts(list(routes)) if _is_of_api(route)]
    without = sorted({key_of(route) for route in found} - policy.keys())
    if without:
        raise LookupError(f"web/access/checks/policy.py does not say who may call {', '.join(without)}")


def _is_of_api(route: RouteContext) -> bool:
    return (route.path or "").startswith("/api") and route.methods is not None
