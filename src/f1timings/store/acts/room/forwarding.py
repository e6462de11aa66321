"""Acts on the programs to which telemetry is sent on.

None can be undone: they need an admin, and undoing does not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from f1timings.errors import ActConflict, ActInvalid
from f1timings.meeting.room.forwarding import MOST_TARGETS, ForwardTarget, clean_host
from f1timings.store.acts.assignments import rig_name
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.sentences import typed
from f1timings.store.ids import new_id
from f1timings.store.reads.joined_rigs import read_remaining


def add_target(desk: Desk, **facts: Any) -> ForwardTarget:
    """Send telemetry on to one more program.

    Args:
        facts: the fields of a :class:`ForwardTarget` except its id.

    Raises:
        ActInvalid: the host is none, or another target has the same place.
        ActConflict: there are too many targets.
    """
    targets = desk.list_records(ForwardTarget)
    if len(targets) >= MOST_TARGETS:
        raise ActConflict("forward-targets-full", most=MOST_TARGETS)
    target = _checked(desk, ForwardTarget(id=new_id(), **facts))
    whose = "all rigs" if target.rig is None else rig_name(desk, target.rig)
    summary = f"Telemetry of {whose} is sent on to {_place(target)}."
    desk.describe("forward_target_added", target.id, summary, can_undo=False)
    return desk.store_record(target)


def change_target(desk: Desk, target_id: str, version: int, **facts: Any) -> ForwardTarget:
    """Change a target; its counters begin again.

    Args:
        version: the version that the client has seen.
        facts: the fields of a :class:`ForwardTarget` that change.

    Raises:
        NotFound: there is no such target.
        ActConflict: it has changed since that version.
        ActInvalid: as for :func:`add_target`.
    """
    target = desk.need_record(ForwardTarget, target_id)
    changed = _checked(desk, replace(target, **facts))
    if changed == target:
        return target
    desk.need_version(ForwardTarget, target_id, version)
    desk.describe("forward_target_changed", target_id, _what_changed(target, changed), can_undo=False)
    return desk.store_record(changed)


def remove_target(desk: Desk, target_id: str) -> None:
    """Send nothing more to a target.

    Raises:
        NotFound: there is no such target.
    """
    target = desk.need_record(ForwardTarget, target_id)
    desk.delete_record(target)
    summary = f"Telemetry is no longer sent on to {_place(target)}."
    desk.describe("forward_target_removed", target_id, summary, can_undo=False)


def _checked(desk: Desk, target: ForwardTarget) -> ForwardTarget:
    rig = None if target.rig is None else read_remaining(desk.connection, target.rig)
    checked = replace(target, host=clean_host(target.host), rig=rig)
    others = [other for other in desk.list_records(ForwardTarget) if other.id != target.id]
    if any(checked.repeats(other) for other in others):
        raise ActInvalid("forward-target-exists", "host")
    return checked


def _what_changed(target: ForwardTarget, changed: ForwardTarget) -> str:
    if changed == replace(target, is_on=changed.is_on):
        return f"Sending on to {_place(changed)} was switched {'on' if changed.is_on else 'off'}."
    return f"Sending on to {_place(changed)} was changed."


def _place(target: ForwardTarget) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return typed(f"{host}:{target.port}")
