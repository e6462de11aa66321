"""Read the datagrams of a capture file that Wireshark, tcpdump or this program wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from f1timings.errors import CaptureError
from f1timings.intake.captures.ip_packets import parse_datagram
from f1timings.intake.captures.link_layers import SkippedError
from f1timings.intake.captures.pcap import PCAP_MAGICS, read_pcap
from f1timings.intake.captures.pcapng_reader import SECTION_HEADER, read_pcapng
from f1timings.intake.captures.stream import CaptureStream, open_stream
from f1timings.intake.datagrams import CaptureEntry, Datagram
from f1timings.packets import FORMATS

_UNPACK: Final = "unpack it and use the .pcap or .pcapng file inside"
_RECORD: Final = "record again with Wireshark, tcpdump or `f1timings serve`, which write pcapng or pcap"
#: Other files: their first bytes, a description, and what to do.
_OTHER_FILES: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"PK\x03\x04", "a zip archive", _UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zX", "packed with xz", _UNPACK),
    (b"SQLi", "a SQLite database", "use the capture, not the database"),
    (b"snoo", "a snoop capture of Solaris", "open it in Wireshark and save it as pcapng"),
    (b"\x89MCA", "an MCAP file", _RECORD),
    (b"\x00\x00\x00\x00", "zeros, as left by a power cut", "nothing was recorded in it; delete it"),
    *(
        (packet_format.to_bytes(2, "little"), f"bare packets of the {packet_format} game", _RECORD)
        for packet_format in FORMATS
    ),
    (b"{", "JSON text", _RECORD),
    (b"[", "JSON text", _RECORD),
)


class CaptureReader(Iterator[Datagram]):
    """The datagrams of one capture, in the order of the file.

    Use it in a ``with`` block. It also closes itself at the end of the file and at an error.

    Attributes:
        is_torn: the file was cut in the middle of an entry; all entries before it are returned. Final once
            the iteration has ended.
        skipped: entries without a whole UDP datagram, by reason: ``not_udp``, ``fragment``,
            ``unknown_link_type``, ``truncated``, ``damaged``.
    """

    def __init__(self, stream: CaptureStream) -> None:
        self.is_torn = False
        self.skipped: Counter[str] = Counter()
        self._stream = stream
        self._datagrams = self._read(self._entries())

    def __next__(self) -> Datagram:
        return next(self._datagrams)

    def close(self) -> None:
        """Close the file. Closing it again does nothing."""
        self._datagrams.close()
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _entries(self) -> Iterator[CaptureEntry]:
        if self._stream.magic == SECTION_HEADER:
            return read_pcapng(self._stream, self.skipped)
        if self._stream.magic in PCAP_MAGICS:
            return read_pcap(self._stream)
        raise _not_a_capture(self._stream)

    def _read(self, entries: Iterator[CaptureEntry]) -> Generator[Datagram, None, None]:
        try:
            for entry in entries:
                try:
                    datagram = parse_datagram(entry)
                except SkippedError as skipped:
                    self.skipped[skipped.reason] += 1
                else:
                    yield datagram
        except EOFError:
            self.is_torn = True
        finally:
            self._stream.close()


def open_capture(path: str | PathLike[str]) -> CaptureReader:
    """Open a pcap or pcapng file, plain or packed with gzip or Zstandard.

    Raises:
        CaptureError: at once, if the file cannot be opened or is not a capture; later, during the iteration,
            if it is damaged.
    """
    stream = open_stream(Path(path))
    try:
        return CaptureReader(stream)
    except CaptureError:
        stream.close()
        raise


def _not_a_capture(stream: CaptureStream) -> CaptureError:
    name = stream.name
    if not stream.magic:
        return CaptureError(f"{name} is empty, or was cut before anything could be read.")
    for first_bytes, description, remedy in _OTHER_FILES:
        if stream.magic.startswith(first_bytes):
            return CaptureError(f"{name} is not a capture; it looks like {description}: {remedy}.")
    return CaptureError(
        f"{name} is neither pcap nor pcapng (it begins with {stream.magic.hex(' ')}): {_RECORD}."
    )
