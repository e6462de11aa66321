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
    for _, datagrams in backlog.take(len(backlog)):
        for _, source in datagrams:
            found[source[0]] = found.get(source[0], 0) + 1
    return found


def test_datagrams_are_taken_in_the_order_of_their_arrival() -> None:
    backlog = Backlog(MOST)
    for at in (1.0, 2.0):
        backlog.add(Burst(at, [(bytes([number]), ("a", 5)) for number in range(5)], None))
    taken = [(at, data[0]) for most in (2, 4, 9) for at, part in backlog.take(most) for data, _ in part]
    assert taken == [(at, number) for at in (1.0, 2.0) for number in range(5)]
    assert (len(backlog), backlog.take(1)) == (0, [])


def test_the_room_of_an_address_does_not_depend_on_the_bursts_in_which_it_sends() -> None:
    """Addresses are not counted before something may be dropped; what waits then counts too."""
    single, together = Backlog(MOST), Backlog(MOST)
    sent = [address for _ in range(60) for address in ("rig", *["guest"] * 20)]
    for size, backlog in ((1, single), (35, together)):
        for at in range(0, len(sent), size):
            backlog.add(Burst(1.0, [(bytes(_SIZE), (address, 5)) for address in sent[at : at + size]], None))
            if at == 70:
                backlog.take(7)
    assert single.dropped == together.dropped
    assert single.dropped.keys() == {"guest"}
    assert waiting(single) == waiting(together)


def test_while_little_waits_the_addresses_are_not_looked_at() -> None:
    backlog, unread = Backlog(MOST), object()
    for _ in range(1_000):
        backlog.add(Burst(1.0, [(bytes(_SIZE), unread)] * 15, None))
        assert backlog.take(15) == [(1.0, [(bytes(_SIZE), unread)] * 15)]


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


def test_an_address_with_nothing_waiting_has_no_count() -> None:
    """A sender may invent a new address for each datagram, and keep the queue from ever getting short."""
    backlog = Backlog(MOST)
    for number in range(2_000):
        backlog.add(burst(f"10.0.{number // 250}.{number % 250}", 1))
        backlog.take(len(backlog) - 100)
        assert len(backlog._bytes_of) <= len(backlog) <= 100
    assert backlog._bytes_of, "more waits than without counting"


def test_the_addresses_with_a_count_of_what_was_dropped_are_limited() -> None:
    backlog = Backlog(64)
    for number in range(1_000):
        backlog.add(burst(f"10.0.{number // 250}.{number % 250}", 2))
    assert (len(backlog), len(backlog.dropped)) == (1_000, 257)
