"""Locking the rigs: which addresses are stored, what is refused, and that each act can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from f1timings.errors import ActConflict, ActInvalid, NotFound
from f1timings.meeting.people import Act
from f1timings.meeting.room.rig_lock import MOST_ADDRESSES, THE_LOCK, RigLock
from f1timings.store import Desk, Store
from f1timings.store.acts.room.rig_lock import admit_address, remove_address, set_lock
from f1timings.store.acts.undo import undo_act
from tests.store.conftest import OpenStore

T = TypeVar("T")
RIGS = ["192.168.1.21", "192.168.1.22"]
GUEST = "192.168.1.77"


@pytest.fixture
def store(open_store: OpenStore) -> Iterator[Store]:
    with open_store() as opened:
        yield opened


def act(store: Store, action: Callable[[Desk], T]) -> T:
    return store.act("Mara", action)


def read(store: Store) -> RigLock:
    return store.reads.get_record(RigLock, THE_LOCK) or RigLock()


def lock(store: Store, *addresses: str, version: int | None = None) -> RigLock:
    seen = read(store).seq if version is None else version
    return act(store, lambda desk: set_lock(desk, version=seen, is_locked=True, addresses=addresses))


def unlock(store: Store) -> RigLock:
    seen = read(store).seq
    return act(store, lambda desk: set_lock(desk, version=seen, is_locked=False, addresses=[]))


def undo_newest(store: Store) -> None:
    newest = store.reads.list_records(Act)[-1]
    act(store, lambda desk: undo_act(desk, newest.id))


def test_the_addresses_are_stored_in_their_usual_form_each_once(store: Store) -> None:
    lock(store, "192.168.1.100", " 192.168.1.21 ", "FD00::0:21", "::ffff:192.168.1.21")
    assert read(store).admitted == ("192.168.1.21", "192.168.1.100", "fd00::21")
    assert unlock(store).addresses == ()
    assert read(store).admitted is None


def test_every_act_on_the_lock_can_be_undone(store: Store) -> None:
    lock(store, *RIGS)
    act(store, lambda desk: admit_address(desk, GUEST))
    assert read(store).addresses == (*RIGS, GUEST)
    undo_newest(store)
    assert read(store).addresses == tuple(RIGS)
    act(store, lambda desk: remove_address(desk, RIGS[0]))
    assert read(store).addresses == (RIGS[1],)
    undo_newest(store)
    unlock(store)
    undo_newest(store)
    assert read(store).admitted == tuple(RIGS)


def test_undoing_the_first_lock_unlocks_the_rigs(store: Store) -> None:
    lock(store, *RIGS)
    undo_newest(store)
    assert read(store).admitted is None


def test_the_log_says_what_was_done(store: Store) -> None:
    lock(store, *RIGS)
    act(store, lambda desk: admit_address(desk, GUEST))
    act(store, lambda desk: remove_address(desk, RIGS[0]))
    unlock(store)
    assert [done.summary for done in store.reads.list_records(Act)] == [
        "The rigs were locked; admitted addresses: 2.",
        f"The address {GUEST} may send telemetry.",
        f"The address {RIGS[0]} may no longer send telemetry.",
        "The rigs were unlocked; every address may send.",
    ]


def test_what_changes_nothing_is_no_act(store: Store) -> None:
    lock(store, *RIGS)
    lock(store, *RIGS, version=0)
    act(store, lambda desk: admit_address(desk, RIGS[0]))
    assert len(store.reads.list_records(Act)) == 1


def test_an_older_version_is_refused(store: Store) -> None:
    lock(store, *RIGS)
    with pytest.raises(ActConflict, match="changed") as refused:
        lock(store, GUEST, version=0)
    assert isinstance(refused.value.current, RigLock)


@pytest.mark.parametrize(
    ("addresses", "code"),
    [
        ([], "rig-lock-empty"),
        (["the third rig"], "rig-lock-address"),
        (["192.168.1"], "rig-lock-address"),
        ([f"10.0.{number // 250}.{number % 250}" for number in range(MOST_ADDRESSES + 1)], "rig-lock-full"),
    ],
)
def test_what_cannot_be_a_list_of_addresses_is_refused(store: Store, addresses: list[str], code: str) -> None:
    with pytest.raises(ActInvalid) as refused:
        lock(store, *addresses)
    assert refused.value.code == code


def test_the_last_address_stays_and_an_unknown_one_cannot_be_removed(store: Store) -> None:
    lock(store, RIGS[0])
    with pytest.raises(ActInvalid, match="last address"):
        act(store, lambda desk: remove_address(desk, RIGS[0]))
    with pytest.raises(NotFound):
        act(store, lambda desk: remove_address(desk, GUEST))


def test_while_the_rigs_are_not_locked_there_is_no_list(store: Store) -> None:
    with pytest.raises(ActConflict, match="not locked"):
        act(store, lambda desk: admit_address(desk, GUEST))
    with pytest.raises(ActInvalid, match="not locked"):
        act(store, lambda desk: set_lock(desk, version=0, is_locked=False, addresses=RIGS))
