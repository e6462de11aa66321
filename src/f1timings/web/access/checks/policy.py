"""The policy: the table of who may call each operation. The server does not start if one is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from f1timings.access.accounts import Reading
from f1timings.access.actors import Actor
from f1timings.access.roles import Role


class Audience(Enum):
    """Who may call an operation for which a role is not what counts."""

    ANYONE = "anyone"
    READER = "anyone while reading is open, else every role"
    OWNER = "the owner of the data folder"


#: Who may call an operation: an audience, or a role and every role that includes it.
Caller = Audience | Role

#: Operation id → who may call it. Others are refused: anonymous callers with 401, known ones with 403.
POLICY: Final[Mapping[str, Caller]] = {
    # Health probes have no account; without one they get no details.
    "get_health": Audience.ANYONE,
    "get_readiness": Audience.ANYONE,
    # Figures only, for a program that has a token of its own; also while reading is open.
    "get_metrics": Role.VIEWER,
    "get_losses": Role.MARSHAL,
    # Timing.
    "get_listening": Audience.READER,
    "run_checks": Role.MARSHAL,
    "run_checks_for_owner": Audience.OWNER,
    "list_rigs": Audience.READER,
    "get_order": Audience.READER,
    "list_sessions": Audience.READER,
    "get_session": Audience.READER,
    "get_classification": Audience.READER,
    "get_chart": Audience.READER,
    "list_incidents": Audience.READER,
    "list_stints": Audience.READER,
    "list_pit_visits": Audience.READER,
    "list_laps": Audience.READER,
    "get_lap": Audience.READER,
    "list_lap_revisions": Audience.READER,
    "get_trace": Audience.READER,
    "get_comparison": Audience.READER,
    "list_imported_laps": Audience.READER,
    "get_imported_lap": Audience.READER,
    "get_imported_file": Audience.READER,
    "import_lap": Role.MARSHAL,
    "delete_imported_lap": Role.MARSHAL,
    "get_leaderboard": Audience.READER,
    "list_boards": Audience.READER,
    "make_lap": Role.MARSHAL,
    "mark_lap": Role.MARSHAL,
    "mark_laps": Role.MARSHAL,
    # The older program's routes.
    "older_list_users": Audience.READER,
    "older_save_user": Role.MARSHAL,
    "older_remove_user": Role.MARSHAL,
    "older_list_drivers": Audience.READER,
    "older_save_lap": Role.MARSHAL,
    "older_remove_lap": Role.MARSHAL,
    "older_get_track": Audience.READER,
    "older_set_track": Role.MARSHAL,
    "older_export": Role.MARSHAL,
    # Meetings, and the acts of people.
    "get_open_meeting": Audience.READER,
    "list_meetings": Audience.READER,
    "get_meeting": Audience.READER,
    "list_circuits": Audience.READER,
    "get_outline": Audience.READER,
    "make_meeting": Role.MARSHAL,
    "edit_meeting": Role.MARSHAL,
    "open_meeting": Role.MARSHAL,
    "clear_board": Role.MARSHAL,
    "list_acts": Role.MARSHAL,
    "undo_act": Role.MARSHAL,
    # Rigs, assignments and the queue.
    "edit_rig": Role.MARSHAL,
    "join_rig": Role.MARSHAL,
    # Undoing them needs a marshal too.
    "get_rig_lock": Role.MARSHAL,
    "set_rig_lock": Role.MARSHAL,
    "admit_address": Role.MARSHAL,
    "remove_address": Role.MARSHAL,
    "list_assignments": Audience.READER,
    "assign_rig": Role.MARSHAL,
    "swap_rigs": Role.MARSHAL,
    "set_default_driver": Role.MARSHAL,
    # The body has the driver's PIN or code instead.
    "take_rig": Audience.ANYONE,
    "leave_rig": Audience.ANYONE,
    "get_rig_qr": Audience.READER,
    "get_driver_qr": Role.MARSHAL,
    "list_queue": Audience.READER,
    "join_queue": Role.MARSHAL,
    "call_next": Role.MARSHAL,
    "edit_queue": Role.MARSHAL,
    "leave_queue": Role.MARSHAL,
    # Drivers, and their names in the games.
    "list_drivers": Audience.READER,
    "get_driver": Audience.READER,
    "list_laps_of_driver": Audience.READER,
    "make_driver": Role.MARSHAL,
    "edit_driver": Role.MARSHAL,
    "delete_driver": Role.MARSHAL,
    "merge_driver": Role.MARSHAL,
    "erase_driver": Role.ADMIN,
    "get_driver_data": Role.ADMIN,
    # The request has the token of the driver's QR code, or the driver's PIN, instead.
    "get_own_page": Audience.ANYONE,
    "sign_in_as_driver": Audience.ANYONE,
    "list_game_names": Role.MARSHAL,
    "map_game_name": Role.MARSHAL,
    # Backups; a file has everything, also the hashes of passwords.
    "list_backups": Role.MARSHAL,
    "get_backup_state": Role.MARSHAL,
    "make_backup": Role.MARSHAL,
    "download_backup": Role.ADMIN,
    "make_backup_for_owner": Audience.OWNER,
    # Screens.
    "list_screens": Role.MARSHAL,
    "list_screen_cards": Role.MARSHAL,
    "direct_screens": Role.MARSHAL,
    "reload_screen": Role.MARSHAL,
    # Sending on to other programs: anything on the network could get datagrams.
    "list_forward_targets": Role.ADMIN,
    "add_forward_target": Role.ADMIN,
    "edit_forward_target": Role.ADMIN,
    "remove_forward_target": Role.ADMIN,
    "list_slides": Audience.READER,
    "make_slide": Role.MARSHAL,
    "edit_slide": Role.MARSHAL,
    "delete_slide": Role.MARSHAL,
    "upload_picture": Role.MARSHAL,
    "get_slide_picture": Audience.READER,
    # Access.
    "set_up": Audience.ANYONE,
    "log_in": Audience.ANYONE,
    "log_out": Audience.ANYONE,
    "get_me": Audience.ANYONE,
    "change_my_password": Role.VIEWER,
    "list_logins": Role.VIEWER,
    "end_login": Role.VIEWER,
    "list_accounts": Role.ADMIN,
    "create_account": Role.ADMIN,
    "update_account": Role.ADMIN,
    "delete_account": Role.ADMIN,
    "list_tokens": Role.ADMIN,
    "create_token": Role.ADMIN,
    "revoke_token": Role.ADMIN,
    "get_access": Role.VIEWER,
    "update_access": Role.ADMIN,
    "list_access_log": Role.ADMIN,
    # Commands on this machine; no part of the public API.
    "post_records": Audience.OWNER,
    "list_tokens_for_owner": Audience.OWNER,
    "create_token_for_owner": Audience.OWNER,
    "revoke_token_for_owner": Audience.OWNER,
}

#: Who may connect to /ws.
SOCKET: Final = Audience.READER


def is_allowed(caller: Caller, actor: Actor, reading: Reading) -> bool:
    """Whether an actor may call an operation."""
    if isinstance(caller, Role):
        return actor.has_role(caller)
    if caller is Audience.OWNER:
        return actor.kind == "owner"
    return caller is Audience.ANYONE or reading == "open" or actor.role is not None


def roles_including(role: Role) -> list[Role]:
    """A role and every role that includes it, from least to most."""
    return [other for other in Role if other.includes(role)]


def policy_key(route: object) -> str:
    """The key of a route in the policy: its operation id, or its function's name if it has none."""
    return str(getattr(route, "operation_id", None) or getattr(route, "name", ""))


def refuse_gaps(routes: Iterable[BaseRoute], policy: Mapping[str, Caller] = POLICY) -> None:
    """Check that the policy names every route of the API.

    Raises:
        LookupError: some are missing.
    """
    contexts = [context for context in iter_route_contexts(list(routes)) if _is_of_api(context)]
    missing = sorted({policy_key(context) for context in contexts} - policy.keys())
    if missing:
        raise LookupError(f"add to POLICY in web/access/checks/policy.py: {', '.join(missing)}")


def _is_of_api(route: RouteContext) -> bool:
    return (route.path or "").startswith("/api") and route.methods is not None
