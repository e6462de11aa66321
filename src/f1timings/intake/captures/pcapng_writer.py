"""Write datagrams to a pcapng file that is only appended to, and that Wireshark can open."""

from __future__ import annotations

import ipaddress
import struct
from typing import Final, NamedTuple, Protocol

_SECTION_HEADER: Final = 0x0A0D0D0A
_INTERFACE_DESCRIPTION: Final = 1
_ENHANCED_PACKET: Final = 6
_BYTE_ORDER_MAGIC: Final = 0x1A2B3C4D
_LENGTH_UNKNOWN: Final = -1
_LINK_TYPE_RAW: Final = 101  # an IPv4 or IPv6 packet without an Ethernet header
_NO_SNAP_LENGTH: Final = 0
_OPTION_APPLICATION: Final = 4
_OPTION_RESOLUTION: Final = 9  # value 9: times in units of 10^-9 s
_OPTIONS_END: Final = bytes(4)
_PACKET_BLOCK: Final = 32  # size of a packet block without its packet

_UDP_PROTOCOL: Final = 17
_UDP_HEADER: Final = 8
_NO_CHECKSUM: Final = bytes(2)
_DONT_FRAGMENT: Final = 0x4000
_HOPS: Final = 64
_LARGEST_PACKET: Final = 0xFFFF
#: Destination address of every packet. A socket that listens on all interfaces does not report the real one.
_LOCAL_IPV4: Final = bytes([127, 0, 0, 1])
_LOCAL_IPV6: Final = bytes(15) + b"\x01"

_NANOSECONDS: Final = 1_000_000_000
_LOW_WORD: Final = 0xFFFF_FFFF
#: A real evening has some hundreds of senders × sizes; the limit is for a flood from forged ports.
_MAX_ENVELOPES: Final = 4096

_WORD: Final = struct.Struct("<I")
_WORDS: Final = struct.Struct("<II")
_PACKET_HEAD: Final = struct.Struct("<III")  # type, length, interface
_OPTION: Final = struct.Struct("<HH")
_IPV4: Final = struct.Struct(">BBHHHBBH4s4s")
_IPV6: Final = struct.Struct(">IHBB16s16s")
_UDP_WITHOUT_CHECKSUM: Final = struct.Struct(">HHH")


class _Envelope(NamedTuple):
    """The parts of a packet block that depend only on the source and the size of the datagram.

    A NamedTuple: unpacked for every recorded datagram.

    Attributes:
        head: before the time.
        middle: between the time and the data; for IPv6 without the checksum, which is its last part.
        foot: after the data.
        size: of the whole block, in bytes.
        checksum_base: the sum of the headers in the checksum; None if there is no checksum (IPv4).
    """

    head: bytes
    middle: bytes
    foot: bytes
    size: int
    checksum_base: int | None


class Appendable(Protocol):
    """The method of a file that the writer uses."""

    def write(self, octets: bytes, /) -> object: ...


class PcapngWriter:
    """Appends one section of datagrams to a file, with generated IP and UDP headers around the data.

    Each ``write`` is one call of the file's ``write`` with whole blocks, so that a block is torn only if the
    machine stops. A second writer on the same file begins a new section, which readers accept if the
    previous section ends with a whole block.

    Attributes:
        bytes_written: so far, including the headers and the blocks that the caller writes.
    """

    def __init__(self, file: Appendable) -> None:
        self._append = file.write
        self._envelopes: dict[tuple[str, int, int, int], _Envelope] = {}
        self._stamped_at, self._stamp = 0.0, _stamp(0.0)  # of the last datagram; a burst has one time
        head = _section_header() + _interface_description()
        self._append(head)
        self.bytes_written = len(head)

    def write(self, received_at: float, address: str, port: int, listen_port: int, data: bytes) -> int:
        """Append one datagram and return the number of bytes written.

        Raises:
            ValueError / struct.error: as for :meth:`block`.
        """
        block = b"".join(self.block(received_at, address, port, listen_port, data))
        self._append(block)
        return len(block)

    def block(
        self, received_at: float, address: str, port: int, listen_port: int, data: bytes
    ) -> tuple[bytes, ...]:
        """The parts of one datagram's block, for a caller who writes many blocks together.

        Times are in nanoseconds, so that a float of our days is read back as the same float.

        Raises:
            ValueError: the address is invalid, or the data is longer than UDP allows.
            struct.error: the time is before 1970 or after 2554.
        """
        key = (address, port, listen_port, len(data))
        head, middle, foot, size, checksum_base = self._envelopes.get(key) or self._new_envelope(key)
        if received_at != self._stamped_at:
            self._stamp, self._stamped_at = _stamp(received_at), received_at
        if checksum_base is not None:
            middle += _checksum(checksum_base, data)
        self.bytes_written += size
        return head, self._stamp, middle, data, foot

    def _new_envelope(self, key: tuple[str, int, int, int]) -> _Envelope:
        if len(self._envelopes) >= _MAX_ENVELOPES:
            self._envelopes.clear()
        envelope = self._envelopes[key] = _envelope(key)
        return envelope


def _stamp(received_at: float) -> bytes:
    """The time of a packet block."""
    seconds = int(received_at)
    # Split off the fraction first: rounding the whole product would change some times to the next float.
    time_ns = seconds * _NANOSECONDS + round((received_at - seconds) * _NANOSECONDS)
    return _WORDS.pack(time_ns >> 32, time_ns & _LOW_WORD)


def _envelope(key: tuple[str, int, int, int]) -> _Envelope:
    address, port, listen_port, length = key
    source = ipaddress.ip_address(address)
    udp_length = _UDP_HEADER + length
    if udp_length + (_IPV4.size if source.version == 4 else 0) > _LARGEST_PACKET:
        raise ValueError(f"{length} bytes are more than a UDP datagram can contain")
    udp = _UDP_WITHOUT_CHECKSUM.pack(port, listen_port, udp_length)
    if source.version == 4:
        ip, checksum, checksum_base = _ipv4_header(source.packed, udp_length), _NO_CHECKSUM, None
    else:
        ip, checksum, checksum_base = _ipv6_header(source.packed, udp_length), b"", _sum(source.packed, udp)
    packet_length = len(ip) + udp_length
    padding = bytes(-packet_length % 4)
    total = _PACKET_BLOCK + packet_length + len(padding)
    return _Envelope(
        head=_PACKET_HEAD.pack(_ENHANCED_PACKET, total, 0),
        middle=_WORDS.pack(packet_length, packet_length) + ip + udp + checksum,
        foot=padding + _WORD.pack(total),
        size=total,
        checksum_base=checksum_base,
    )


def _ipv4_header(source: bytes, udp_length: int) -> bytes:
    total = _IPV4.size + udp_length
    parts = (0x45, 0, total, 0, _DONT_FRAGMENT, _HOPS, _UDP_PROTOCOL)
    blank = _IPV4.pack(*parts, 0, source, _LOCAL_IPV4)
    checksum = 0xFFFF - int.from_bytes(blank, "big") % 0xFFFF
    return _IPV4.pack(*parts, checksum, source, _LOCAL_IPV4)


def _ipv6_header(source: bytes, udp_length: int) -> bytes:
    return _IPV6.pack(6 << 28, udp_length, _UDP_PROTOCOL, _HOPS, source, _LOCAL_IPV6)


def _sum(source: bytes, udp: bytes) -> int:
    """The pseudo header and the UDP header as one number; the checksum uses its remainder modulo 0xFFFF."""
    pseudo = source + _LOCAL_IPV6 + udp[4:] + _UDP_PROTOCOL.to_bytes(2, "big")
    return int.from_bytes(pseudo + udp, "big")


def _checksum(base: int, data: bytes) -> bytes:
    """The internet checksum: a sum of 16-bit words with end-around carry is a remainder modulo 0xFFFF."""
    number = int.from_bytes(data, "big")
    if len(data) % 2:
        number <<= 8
    return (0xFFFF - (base + number) % 0xFFFF).to_bytes(2, "big")


def _section_header() -> bytes:
    options = _option(_OPTION_APPLICATION, b"F1Timings") + _OPTIONS_END
    body = struct.pack("<IHHq", _BYTE_ORDER_MAGIC, 1, 0, _LENGTH_UNKNOWN) + options
    return _block(_SECTION_HEADER, body)


def _interface_description() -> bytes:
    options = _option(_OPTION_RESOLUTION, b"\x09") + _OPTIONS_END
    return _block(_INTERFACE_DESCRIPTION, struct.pack("<HHI", _LINK_TYPE_RAW, 0, _NO_SNAP_LENGTH) + options)


def _block(kind: int, body: bytes) -> bytes:
    total = len(body) + 12
    return _WORDS.pack(kind, total) + body + _WORD.pack(total)


def _option(code: int, value: bytes) -> bytes:
    return _OPTION.pack(code, len(value)) + value + bytes(-len(value) % 4)
