"""Reading capture files of any kind that Wireshark, tcpdump and this program write, as datagrams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from f1timings.errors import CaptureError
from f1timings.intake.captures.internet import datagram_in
from f1timings.intake.captures.link_layers import SkippedError
from f1timings.intake.captures.pcap import PCAP_MAGICS, read_pcap
from f1timings.intake.captures.pcapng_reader import SECTION_HEADER, read_pcapng
from f1timings.intake.captures.stream import CaptureStream, opened
from f1timings.intake.datagrams import Captured, Datagram
from f1timings.packets import FORMATS

_UNPACK: Final = "unpack it and give the .pcap or .pcapng inside"
_RECORD: Final = "record again with Wireshark, tcpdump or `f1timings serve`, which write pcapng or pcap"
#: How other files begin, what to call them, and what to do.
_LOOKS_LIKE: Final[tuple[tuple[bytes, str, str], ...]] = (
    (b"PK\x03\x04", "a zip archive", _UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"BZh", "packed with bzip2", _UNPACK),
    (b"\xfd7zX", "packed with xz", _UNPACK),
    (b"SQLi", "a SQLite database", "give the capture, not the database it was made from"),
    (b"snoo", "a snoop capture of Solaris", "open it in Wireshark and save it as pcapng"),
    (b"\x89MCA", "an MCAP file", _RECORD),
    (b"\x00\x00\x00\x00", "zeros, as a power cut leaves them", "nothing was recorded in it; delete it"),
    *(
        (packet_format.to_bytes(2, "little"), f"bare packets of the {packet_format} game", _RECORD)
        for packet_format in FORMATS
    ),
    (b"{", "JSON text", _RECORD),
    (b"[", "JSON text", _RECORD),
)


class CaptureReader(Iterator[Datagram]):
    """The datagrams of one capture, in the order of the file; best used in a ``with``.

    It closes itself at the end of the file and at an error.

    Attributes:
        torn: the file was cut in the middle of an entry; all before it was given. Final at the end.
        skipped: entries that hold no whole UDP datagram, by reason: ``not_udp``, ``fragment``,
            ``unknown_link_type``, ``truncated``, ``damaged``.
    """

    def __init__(self, stream: CaptureStream) -> None:
        self.torn = False
        self.skipped: Counter[str] = Counter()
        self._stream = stream
        self._datagrams = self._read(self._entries())

    def __next__(self) -> Datagram:
        return next(self._datagrams)

    def close(self) -> None:
        """Read no further; doing it twice does no harm."""
        self._datagrams.close()
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _entries(self) -> Iterator[Captured]:
        if self._stream.magic == SECTION_HEADER:
            return read_pcapng(self._stream, self.skipped)
        if self._stream.magic in PCAP_MAGICS:
            return read_pcap(self._stream)
        raise _not_a_capture(self._stream)

    def _read(self, entries: Iterator[Captured]) -> Generator[Datagram, None, None]:
        try:
            for captured in entries:
                try:
                    datagram = datagram_in(captured)
                except SkippedError as skipped:
                    self.skipped[skipped.reason] += 1
                else:
                    yield datagram
        except EOFError:
            self.torn = True
        finally:
            self._stream.close()


def open_capture(path: str | PathLike[str]) -> CaptureReader:
    """Open a pcap or pcapng file, plain or packed with gzip or Zstandard.

    Raises:
        CaptureError: at once where the file cannot be opened or is no capture; later, while iterating, where
            it turns out to be damaged.
    """
    stream = opened(Path(path))
    try:
        return CaptureReader(stream)
    except CaptureError:
        stream.close()
        raise


def _not_a_capture(stream: CaptureStream) -> CaptureError:
    name = stream.name
    if not stream.magic:
        return CaptureError(f"{name} is empty, or was cut before anything could be read.")
    for beginning, looks_like, what_to_do in _LOOKS_LIKE:
        if stream.magic.startswith(beginning):
            return CaptureError(f"{name} is no capture; it looks like {looks_like}: {what_to_do}.")
    return CaptureError(
        f"{name} is neither pcap nor pcapng (it begins with {stream.magic.hex(' ')}): {_RECORD}."
    )
