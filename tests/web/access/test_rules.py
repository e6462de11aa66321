"""The rules of access: roles, the throttle, passwords, names, hosts, and how long a login lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from f1timings.access.accounts import (
    Account,
    Login,
    login_ends_at,
    name_key,
    refuse_without_admin,
    validate_name,
)
from f1timings.access.actors import ANONYMOUS, Actor
from f1timings.access.passwords import validate_password
from f1timings.access.roles import Role
from f1timings.access.throttle import Throttle, network_of
from f1timings.errors import ActConflict, ActInvalid
from f1timings.web.access.checks.hosts import AllowedHosts
from f1timings.web.access.checks.origins import is_same_origin

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def account(name: str, role: Role, is_disabled: bool = False) -> Account:
    return Account(
        id=name,
        name=name,
        role=role,
        password_hash="hash",
        is_disabled=is_disabled,
        version=1,
        created_at=NOON,
        changed_at=NOON,
    )


# Roles -------------------------------------------------------------------------------------------------


def test_each_role_includes_the_ones_before_it() -> None:
    included = {
        role: [needed for needed in Role if Actor(name="x", role=role, kind="token").has_role(needed)]
        for role in Role
    }
    assert {
        Role.VIEWER: [Role.VIEWER],
        Role.MARSHAL: [Role.VIEWER, Role.MARSHAL],
        Role.ADMIN: [Role.VIEWER, Role.MARSHAL, Role.ADMIN],
    } == included
    assert [] == [needed for needed in Role if ANONYMOUS.has_role(needed)]


# The throttle ------------------------------------------------------------------------------------------


def test_the_sixth_wrong_attempt_must_wait_and_the_wait_doubles_up_to_15_minutes() -> None:
    throttle = Throttle(Clock())
    waits = [throttle.count_attempt("max", "10.0.0.1") for _ in range(20)]
    assert [None] * 5 == waits[:5]
    refused = [wait for wait in waits[5:] if wait is not None]
    assert 15 == len(refused)
    assert refused == sorted(refused)
    assert (30.0, 60.0, 120.0, 900.0) == (*refused[:3], refused[-1])


def test_after_the_wait_another_attempt_is_allowed() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(6):
        throttle.count_attempt("max", "10.0.0.1")
    clock.now = 30.0
    assert throttle.count_attempt("max", "10.0.0.1") is None
    clock.now += 1000.0
    assert [None] * 5 == [throttle.count_attempt("max", "10.0.0.1") for _ in range(5)]


def test_guessing_from_one_address_does_not_delay_another() -> None:
    throttle = Throttle(Clock())
    for _ in range(50):
        throttle.count_attempt("max", "10.0.0.1")
    assert throttle.count_attempt("max", "10.0.0.2") is None


def test_an_address_has_twenty_attempts_for_all_names_together() -> None:
    throttle = Throttle(Clock())
    waits = [throttle.count_attempt(f"name {number}", "10.0.0.1") for number in range(21)]
    assert [None] * 20 == waits[:20]
    assert waits[20] is not None


def test_a_success_clears_its_name_but_not_the_other_attempts_of_its_address() -> None:
    throttle = Throttle(Clock())
    for number in range(19):
        throttle.count_attempt(f"name {number}", "10.0.0.1")
    throttle.count_attempt("max", "10.0.0.1")
    throttle.count_success("max", "10.0.0.1")
    assert throttle.count_attempt("lewis", "10.0.0.1") is None
    assert throttle.count_attempt("lewis", "10.0.0.1") is not None


def test_parallel_attempts_count_when_they_begin() -> None:
    throttle = Throttle(Clock())
    begun = [throttle.count_attempt("max", "10.0.0.1") for _ in range(100)]
    assert 5 == begun.count(None)


def test_the_number_of_remembered_attempts_is_bounded() -> None:
    throttle = Throttle(Clock(), max_keys=100)
    for number in range(1000):
        throttle.count_attempt("max", f"10.0.{number // 256}.{number % 256}")
    assert 100 == len(throttle)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_the_network_of_an_address_is_the_part_that_one_person_cannot_easily_change(
    address: str, network: str
) -> None:
    assert network == network_of(address)


# Passwords and names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password", ["", "seven77", "x" * 129, "password", "PassWord1", "admin123", "f1timings", "Race Control"]
)
def test_a_short_long_or_common_password_is_refused(password: str) -> None:
    with pytest.raises(ActInvalid):
        validate_password(password, "race control")


@pytest.mark.parametrize("password", ["eight888", "ääääöööö", "correct horse battery staple", "x" * 128])
def test_any_other_password_is_accepted(password: str) -> None:
    assert password == validate_password(password, "Max")


def test_a_password_is_the_same_in_every_unicode_form() -> None:
    assert validate_password("u\u0308ber alles schnell", "Max") == validate_password(
        "über alles schnell", "Max"
    )


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 65, "a\u202eb", "\x00"])
def test_an_empty_long_or_invisible_name_is_refused(name: str) -> None:
    with pytest.raises(ActInvalid):
        validate_name(name)


def test_names_are_compared_without_case_and_width() -> None:
    assert name_key("Straße") == name_key("STRASSE")
    assert name_key("ｍａｘ") == name_key("Max")


def test_a_change_that_leaves_no_active_admin_is_refused() -> None:
    with pytest.raises(ActConflict):
        refuse_without_admin([account("a", Role.MARSHAL), account("b", Role.ADMIN, is_disabled=True)])
    refuse_without_admin([account("a", Role.ADMIN)])


def test_a_login_ends_after_eight_hours_without_use_and_after_a_day_at_the_latest() -> None:
    login = Login(
        id="1",
        secret_hash="hash",
        account_id="a",
        created_at=NOON,
        last_seen_at=NOON,
        address="10.0.0.1",
        agent="",
    )
    assert NOON + timedelta(hours=8) == login_ends_at(login, NOON)
    assert NOON + timedelta(hours=13) == login_ends_at(login, NOON + timedelta(hours=5))
    assert NOON + timedelta(hours=24) == login_ends_at(login, NOON + timedelta(hours=23))


# Hosts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost:8080", True),
        ("127.0.0.1:8080", True),
        ("192.168.1.5", True),
        ("[::1]:8080", True),
        ("[fe80::1]", True),
        ("f1box", True),
        ("f1box.local:8080", True),
        ("timing.example.org", True),
        ("TIMING.example.org.:8080", True),
        ("tv.club.example", True),
        ("club.example", False),
        ("example.org", False),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("evil.example#.local", False),
        ("local", True),
        ("", False),
        (":8080", False),
        ("a b", False),
        ("x" * 64, False),
        ("evil.example/.local", False),
    ],
)
def test_host_names_of_this_server_are_allowed_and_others_are_not(host: str, expected: bool) -> None:
    assert expected == AllowedHosts(["timing.example.org", "*.club.example", ""]).allows(host)


def test_an_origin_is_the_same_if_it_names_the_host() -> None:
    assert is_same_origin("http://192.168.1.5:8080", "192.168.1.5:8080")
    others = ("null", "http://192.168.1.5", "file://192.168.1.5:8080", "http://evil.example", "", "http://[")
    assert [] == [origin for origin in others if is_same_origin(origin, "192.168.1.5:8080")]
