"""Accounts, logins, tokens and the security log, stored alike in both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from f1timings.access.accounts import Account, Login, Token
from f1timings.access.roles import Role
from f1timings.errors import ActConflict, NotFound, StoreError
from f1timings.store import AccessLogEntry, AccessRecords, AccessStore, Page, Store
from f1timings.store.access import change_access_records
from tests.store.conftest import OpenStore
from tests.store.events import one_event_of_each_kind

NOON = datetime(2026, 11, 22, 12, 0, 0, 123_456, tzinfo=UTC)
ACCOUNT = Account(
    id="a1",
    name="Änne 🏁",
    role=Role.ADMIN,
    password_hash="$argon2id$",
    is_disabled=False,
    version=1,
    created_at=NOON,
    changed_at=NOON,
)
LOGIN = Login(
    id="l1",
    secret_hash="hash of a cookie",
    account_id="a1",
    created_at=NOON,
    last_seen_at=NOON,
    address="10.0.0.1",
    agent="a browser",
)
TOKEN = Token(
    id="t1",
    name="bot",
    role=Role.MARSHAL,
    kind="token",
    secret_hash="hash of a token",
    created_at=NOON,
    created_by="Änne 🏁",
    account_id="a1",
    expires_at=NOON + timedelta(days=1),
)


@pytest.fixture
def published(store: Store) -> list[AccessRecords]:
    """The records as published after each change, in order; the first change adds the three records above."""
    published: list[AccessRecords] = []

    def change(access: AccessStore) -> None:
        for record in (ACCOUNT, LOGIN, TOKEN):
            access.add(record)

    change_access_records(store.transact, change, published.append)
    return published


def test_records_are_read_back_as_they_were_stored(published: list[AccessRecords]) -> None:
    stored = AccessRecords(
        accounts={"a1": ACCOUNT}, logins={"l1": LOGIN}, tokens={"t1": TOKEN}, reading="open"
    )
    assert [stored] == published


def test_records_survive_a_restart(
    published: list[AccessRecords], store: Store, open_store: OpenStore
) -> None:
    store.close()
    reopened: list[AccessRecords] = []
    change_access_records(open_store().transact, lambda _: None, reopened.append)
    assert published == reopened


def test_an_account_is_updated_and_removed_together_with_its_logins_and_tokens(
    published: list[AccessRecords], store: Store
) -> None:
    display = replace(TOKEN, id="t2", secret_hash="of a display", kind="display", role=Role.VIEWER)
    of_a_command = replace(TOKEN, id="t3", secret_hash="of a command", account_id=None)
    change_access_records(store.transact, lambda access: access.add(display), published.append)
    change_access_records(store.transact, lambda access: access.add(of_a_command), published.append)
    later = replace(ACCOUNT, name="Marta", version=2, is_disabled=True)
    change_access_records(store.transact, lambda access: access.update(later), published.append)
    assert {"a1": later} == published[-1].accounts
    change_access_records(store.transact, lambda access: access.remove(later), published.append)
    newest = published[-1]
    left = {"t2": display, "t3": of_a_command}
    assert ({}, {}, left) == (newest.accounts, newest.logins, newest.tokens)


def test_the_oldest_entries_of_the_security_log_are_dropped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("f1timings.store.access.MAX_LOG_ENTRIES", 3)

    def change(access: AccessStore) -> None:
        access.log(*(log_entry(what) for what in ("a", "b", "c")))
        access.shorten_log()
        access.log(log_entry("d"), log_entry("e"))
        access.shorten_log()

    change_access_records(store.transact, change, lambda _: None)
    assert ["e", "d", "c"] == [entry.who for entry in store.reads.list_access_log().items]


def test_a_name_is_taken_in_upper_and_lower_case(published: list[AccessRecords], store: Store) -> None:
    def change(access: AccessStore) -> None:
        access.refuse_taken_name("ÄNNE 🏁", owner_id="a1")
        access.refuse_taken_name("ÄNNE 🏁")

    with pytest.raises(ActConflict) as refused:
        change_access_records(store.transact, change, published.append)
    assert ACCOUNT == refused.value.current


def test_needing_a_missing_record_raises_not_found(store: Store) -> None:
    with pytest.raises(NotFound, match="There is no token 't9'"):
        change_access_records(store.transact, lambda access: access.need(Token, "t9"), lambda _: None)


def test_a_change_that_fails_stores_and_publishes_nothing(
    published: list[AccessRecords], store: Store
) -> None:
    def change(access: AccessStore) -> None:
        access.set_reading("closed")
        access.log(log_entry("x"))
        access.add(ACCOUNT)

    with pytest.raises(StoreError):
        change_access_records(store.transact, change, published.append)
    assert 1 == len(published)
    assert () == store.reads.list_access_log().items
    change_access_records(store.transact, lambda access: access.set_reading("closed"), published.append)
    assert "closed" == published[-1].reading


def test_ending_the_logins_of_an_account_can_spare_one_login(
    published: list[AccessRecords], store: Store
) -> None:
    def change(access: AccessStore) -> None:
        access.add(replace(LOGIN, id="l2", secret_hash="another"))
        access.store_last_seen({"l2": NOON + timedelta(hours=1)})
        access.end_logins("a1", except_login="l2")

    change_access_records(store.transact, change, published.append)
    (login,) = published[-1].logins.values()
    assert ("l2", NOON + timedelta(hours=1)) == (login.id, login.last_seen_at)


def test_the_security_log_is_read_newest_first_among_other_writes(store: Store) -> None:
    for number in range(3):
        entry = log_entry(f"actor {number}", times=number + 1)
        change_access_records(store.transact, log(entry), lambda _: None)
        store.submit(one_event_of_each_kind())
        store.flush()
    first = store.reads.list_access_log(Page(limit=2))
    second = store.reads.list_access_log(Page(limit=2, cursor=first.next))
    entries = first.items + second.items
    assert ["actor 2", "actor 1", "actor 0"] == [entry.who for entry in entries]
    assert (NOON, 3) == (entries[0].at, entries[0].times)
    assert 3 == len({entry.seq for entry in entries})


def log_entry(actor: str, times: int = 1) -> AccessLogEntry:
    return AccessLogEntry(at=NOON, who=actor, ip="10.0.0.1", what="login", outcome="done", times=times)


def log(entry: AccessLogEntry) -> Callable[[AccessStore], None]:
    return lambda access: access.log(entry)
