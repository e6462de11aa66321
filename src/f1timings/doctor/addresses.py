"""The addresses of this machine in its networks, to which other devices can send."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address
from typing import Final

# A route to each of these goes through the network card to which the range belongs; nothing is sent. The
# first one belongs to nobody, so it shows the card of the default route.
_PROBES: Final = ("192.0.2.1", "192.168.255.254", "10.255.255.254", "172.31.255.254", "169.254.255.254")
#: Hosts with which a server listens at all addresses of its machine.
EVERYWHERE: Final = ("0.0.0.0", "::", "")


def reachable_addresses(host: str = "0.0.0.0") -> tuple[str, ...]:
    """The addresses at which other devices reach a server, the most likely first.

    Args:
        host: the address at which the server listens; a single address of this machine is the answer itself.

    Returns:
        IPv4 addresses if the server listens at all addresses, because games accept no others; empty if this
        machine is in no network.
    """
    if host not in EVERYWHERE:
        return (host,)
    found = dict.fromkeys([*_source_addresses(), *_addresses_of_cards()])
    usable = [address for address in found if not _is_of_this_machine_only(address)]
    # A machine without a DHCP server gives itself an address; it is of use if there is no other one.
    return tuple(sorted(usable, key=lambda address: ip_address(address).is_link_local))


def public_addresses(host: str) -> tuple[str, ...]:
    """As :func:`reachable_addresses`, without names and without addresses that mean this machine only."""
    return tuple(address for address in reachable_addresses(host) if _is_public(address))


def _is_public(address: str) -> bool:
    try:
        return not ip_address(address).is_loopback
    except ValueError:  # a name
        return False


def _source_addresses() -> Iterator[str]:
    """The addresses from which this machine would send to each kind of network."""
    for probe in _PROBES:
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.connect((probe, 9))
                yield str(sender.getsockname()[0])
        except OSError:
            continue


if sys.platform == "linux":
    import fcntl

    _SIOCGIFADDR: Final = 0x8915
    # Bridges to containers and virtual machines, which no rig can reach.
    _VIRTUAL: Final = ("docker", "br-", "veth", "virbr", "lxc", "cni", "podman")

    def _addresses_of_cards() -> Iterator[str]:
        """The first IPv4 address of each network card."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            for _, name in socket.if_nameindex():
                if name.startswith(_VIRTUAL):
                    continue
                request = name.encode()[:15].ljust(40, b"\0")
                try:
                    answer = fcntl.ioctl(asking, _SIOCGIFADDR, request)
                except OSError:  # the card is off, or has no IPv4 address
                    continue
                yield socket.inet_ntoa(answer[20:24])

else:

    def _addresses_of_cards() -> Iterator[str]:
        """The addresses of the machine's name; on Windows these are those of all network cards."""
        # Not on Linux, where a name that is only in the DNS may take seconds.
        try:
            yield from socket.gethostbyname_ex(socket.gethostname())[2]
        except (OSError, UnicodeError):
            return


def _is_of_this_machine_only(address: str) -> bool:
    parsed = IPv4Address(address)
    return parsed.is_loopback or parsed.is_unspecified
