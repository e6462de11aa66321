"""Accounts, logins, tokens and their log, kept alike by every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from f1timings.access.accounts import Account, Login, Token
from f1timings.access.actors import Role
from f1timings.errors import ActConflict, NotFound, StoreError
from f1timings.store import AccessLogEntry, AccessRecords, AccessStore, Page, Store
from f1timings.store.access import change_registered
from tests.store.conftest import OpenStore
from tests.store.events import one_of_each

NOON = datetime(2026, 11, 22, 12, 0, 0, 123_456, tzinfo=UTC)
ACCOUNT = Account("a1", "Änne 🏁", Role.ADMIN, "$argon2id$", False, 1, NOON, NOON)
LOGIN = Login("l1", "hash of a cookie", "a1", NOON, NOON, "10.0.0.1", "a browser")
TOKEN = Token(
    "t1", "bot", Role.MARSHAL, "token", "hash of a token", NOON, "Änne 🏁", NOON + timedelta(days=1)
)


@pytest.fixture
def known(store: Store) -> list[AccessRecords]:
    """What is told after each change, the first three records already there."""
    told: list[AccessRecords] = []

    def work(registry: AccessStore) -> None:
        for record in (ACCOUNT, LOGIN, TOKEN):
            registry.add(record)

    change_registered(store.transact, work, told.append)
    return told


def test_what_is_kept_is_what_was_given(known: list[AccessRecords]) -> None:
    assert [AccessRecords({"a1": ACCOUNT}, {"l1": LOGIN}, {"t1": TOKEN}, "open")] == known


def test_what_is_kept_outlives_the_program(
    known: list[AccessRecords], store: Store, open_store: OpenStore
) -> None:
    store.close()
    again: list[AccessRecords] = []
    change_registered(open_store().transact, lambda _: None, again.append)
    assert known == again


def test_an_account_is_changed_and_goes_with_its_logins(known: list[AccessRecords], store: Store) -> None:
    later = replace(ACCOUNT, name="Marta", version=2, is_disabled=True)
    change_registered(store.transact, lambda registry: registry.change(later), known.append)
    assert {"a1": later} == known[-1].accounts
    change_registered(store.transact, lambda registry: registry.remove(later), known.append)
    assert ({}, {}, {"t1": TOKEN}) == (known[-1].accounts, known[-1].logins, known[-1].tokens)


def test_a_name_is_taken_whatever_its_case(known: list[AccessRecords], store: Store) -> None:
    def work(registry: AccessStore) -> None:
        registry.refuse_taken("ÄNNE 🏁", by="a1")
        registry.refuse_taken("ÄNNE 🏁")

    with pytest.raises(ActConflict) as refused:
        change_registered(store.transact, work, known.append)
    assert ACCOUNT == refused.value.current


def test_what_is_not_there_cannot_be_had(store: Store) -> None:
    with pytest.raises(NotFound, match="There is no token 't9'"):
        change_registered(store.transact, lambda registry: registry.need(Token, "t9"), lambda _: None)


def test_a_change_that_fails_changes_and_tells_nothing(known: list[AccessRecords], store: Store) -> None:
    def work(registry: AccessStore) -> None:
        registry.set_reading("closed")
        registry.note(AccessLogEntry(NOON, "x", "", "x", "done"))
        registry.add(ACCOUNT)

    with pytest.raises(StoreError):
        change_registered(store.transact, work, known.append)
    assert 1 == len(known)
    assert () == store.reads.list_access_log().items
    change_registered(store.transact, lambda registry: registry.set_reading("closed"), known.append)
    assert "closed" == known[-1].reading


def test_all_logins_of_an_account_end_but_one(known: list[AccessRecords], store: Store) -> None:
    def work(registry: AccessStore) -> None:
        registry.add(replace(LOGIN, id="l2", secret_hash="another"))
        registry.saw({"l2": NOON + timedelta(hours=1)})
        registry.end_logins("a1", but="l2")

    change_registered(store.transact, work, known.append)
    (login,) = known[-1].logins.values()
    assert ("l2", NOON + timedelta(hours=1)) == (login.id, login.last_seen_at)


def test_the_log_is_read_newest_first_among_everything_else_that_is_written(store: Store) -> None:
    for number in range(3):
        noted = AccessLogEntry(NOON, f"who {number}", "10.0.0.1", "login", "done", times=number + 1)
        change_registered(store.transact, partial(_note, noted), lambda _: None)
        store.submit(one_of_each())
        store.flush()
    first = store.reads.list_access_log(Page(limit=2))
    second = store.reads.list_access_log(Page(limit=2, cursor=first.next))
    lines = first.items + second.items
    assert ["who 2", "who 1", "who 0"] == [line.who for line in lines]
    assert (NOON, 3) == (lines[0].at, lines[0].times)
    assert len({line.seq for line in lines}) == 3


def _note(noted: AccessLogEntry, registry: AccessStore) -> None:
    registry.note(noted)
