"""Datagrams wait in their order, and an address that floods the server leaves room for all others."""

from __future__ import annotations

from f1timings.intake.backlog import Backlog
from f1timings.intake.receiving import Burst

_SIZE = 1_000 - 512  # with what Python adds, each takes 1,000 bytes
MOST = 1_000_000


def burst(address: str, count: int) -> Burst:
    return Burst(1.0, [(bytes(_SIZE), (address, 5)) for _ in range(count)], None)


def waiting(backlog: Backlog) -> dict[str, int]:
    """How many of each address wait; they are removed."""
    found: dict[str, int] = {}
    for _, _, source in backlog.take(len(backlog)):
        found[source[0]] = found.get(source[0], 0) + 1
    return found


def test_datagrams_are_taken_in_the_order_of_their_arrival() -> None:
    backlog = Backlog(MOST)
    backlog.add(Burst(1.0, [(bytes([number]), ("a", 5)) for number in range(5)], None))
    assert [data[0] for _, data, _ in (*backlog.take(2), *backlog.take(9))] == [0, 1, 2, 3, 4]


def test_one_address_fills_half_and_what_others_send_is_kept() -> None:
    backlog = Backlog(MOST)
    for _ in range(100):
        backlog.add(burst("guest", 128))
        backlog.add(burst("rig", 2))
    assert not backlog.is_full
    assert backlog.dropped.keys() == {"guest"}
    found = waiting(backlog)
    assert found["rig"] == 200
    assert found["guest"] <= 500
    assert found["guest"] + backlog.dropped["guest"] == 12_800


def test_many_addresses_that_flood_leave_room_too() -> None:
    backlog = Backlog(MOST)
    for _ in range(100):
        for number in range(9):
            backlog.add(burst(f"guest {number}", 128))
    for _ in range(16):
        backlog.add(burst("rig", 1))
    assert "rig" not in backlog.dropped
    assert waiting(backlog)["rig"] == 16


def test_the_room_of_an_address_is_free_again_after_its_datagrams_were_handled() -> None:
    backlog = Backlog(MOST)
    for _ in range(10):
        backlog.add(burst("guest", 430))
        assert waiting(backlog) == {"guest": 430}
    backlog.add(burst("guest", 430))
    backlog.take(350)
    backlog.add(burst("guest", 350))
    assert backlog.dropped == {}
    assert waiting(backlog) == {"guest": 430}


def test_the_addresses_with_a_count_are_limited() -> None:
    backlog = Backlog(64)
    for number in range(1_000):
        backlog.add(burst(f"10.0.{number // 250}.{number % 250}", 2))
    assert (len(backlog), len(backlog.dropped)) == (1_000, 257)
