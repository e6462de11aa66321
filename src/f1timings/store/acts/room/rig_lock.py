"""Acts on the lock of the rigs: lock and unlock them, admit an address, remove one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.meeting.room.rig_lock import (
    MOST_ADDRESSES,
    THE_LOCK,
    RigLock,
    clean_address,
    sorted_addresses,
)
from f1timings.store.acts.desk import Desk
from f1timings.store.acts.sentences import typed


def set_lock(desk: Desk, *, version: int, is_locked: bool, addresses: Sequence[str]) -> RigLock:
    """Lock the rigs or unlock them.

    Args:
        version: the version that the client has seen, 0 before the first change.
        addresses: those that may send; none to unlock.

    Raises:
        ActInvalid: an address is none, there is none to lock or one to unlock, or there are too many.
        ActConflict: the lock has changed since that version.
    """
    lock = _lock(desk)
    changed = _checked(replace(lock, is_locked=is_locked, addresses=tuple(addresses)))
    if changed == lock:
        return lock
    if lock.seq != version:
        raise ActConflict("changed-since", lock)
    if is_locked:
        summary = f"The rigs were locked; admitted addresses: {len(changed.addresses)}."
        desk.describe("rigs_locked", THE_LOCK, summary)
    else:
        desk.describe("rigs_unlocked", THE_LOCK, "The rigs were unlocked; every address may send.")
    return desk.store_record(changed)


def admit_address(desk: Desk, address: str) -> RigLock:
    """Let one more address send.

    Raises:
        ActInvalid: it is no address, or there are too many.
        ActConflict: the rigs are not locked, so that every address may send.
    """
    lock = _locked(desk)
    changed = _checked(replace(lock, addresses=(*lock.addresses, address)))
    if changed == lock:
        return lock
    summary = f"The address {typed(clean_address(address))} may send telemetry."
    desk.describe("rig_address_admitted", THE_LOCK, summary)
    return desk.store_record(changed)


def remove_address(desk: Desk, address: str) -> RigLock:
    """Let an address send no more.

    Raises:
        NotFound: it is not in the list.
        ActConflict: the rigs are not locked.
        ActInvalid: it is no address, or the last one.
    """
    lock, cleaned = _locked(desk), clean_address(address)
    if cleaned not in lock.addresses:
        raise NotFound("no-such-record", detail=f"The address {cleaned} is not admitted.")
    rest = tuple(other for other in lock.addresses if other != cleaned)
    if not rest:
        raise ActInvalid("rig-lock-last")
    desk.describe(
        "rig_address_removed", THE_LOCK, f"The address {typed(cleaned)} may no longer send telemetry."
    )
    return desk.store_record(replace(lock, addresses=rest))


def _lock(desk: Desk) -> RigLock:
    return desk.get_record(RigLock, THE_LOCK) or RigLock()


def _locked(desk: Desk) -> RigLock:
    lock = _lock(desk)
    if not lock.is_locked:
        raise ActConflict("rig-lock-open", lock)
    return lock


def _checked(lock: RigLock) -> RigLock:
    """The lock with its addresses cleaned, sorted and counted."""
    addresses = sorted_addresses(map(clean_address, lock.addresses))
    if lock.is_locked and not addresses:
        raise ActInvalid("rig-lock-empty", "addresses")
    if addresses and not lock.is_locked:
        raise ActInvalid("rig-lock-open", "addresses")
    if len(addresses) > MOST_ADDRESSES:
        raise ActInvalid("rig-lock-full", "addresses", most=MOST_ADDRESSES)
    return replace(lock, addresses=addresses)
