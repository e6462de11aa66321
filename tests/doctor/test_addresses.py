"""The addresses at which other devices reach this machine."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address

import pytest

from f1timings.doctor import addresses
from f1timings.doctor.addresses import reachable_addresses
from f1timings.doctor.game_menu import Listening


def test_a_server_that_listens_at_one_address_is_reached_there() -> None:
    assert ("127.0.0.1",) == reachable_addresses("127.0.0.1")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_a_server_that_listens_everywhere_is_reached_at_its_addresses_in_networks(host: str) -> None:
    found = reachable_addresses(host)
    assert [] == [address for address in found if IPv4Address(address).is_loopback]
    for address in found:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))  # fails for an address that this machine does not have


def test_an_address_without_a_dhcp_server_comes_last_and_none_comes_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "_source_addresses", lambda: ["169.254.3.4", "192.168.1.10"])
    monkeypatch.setattr(addresses, "_addresses_of_cards", lambda: ["127.0.0.1", "192.168.1.10", "10.0.0.2"])
    assert ("192.168.1.10", "10.0.0.2", "169.254.3.4") == reachable_addresses()


def test_the_console_text_is_the_menu_of_the_game_with_address_and_port() -> None:
    assert (
        "In the game: Settings > Telemetry Settings: UDP Telemetry On, "
        "UDP IP Address 192.168.1.10 or 10.0.0.2, UDP Port 20778"
        == Listening(("192.168.1.10", "10.0.0.2"), 20778).console_text()
    )
    assert "it is in no network" in Listening((), 20777).console_text()
