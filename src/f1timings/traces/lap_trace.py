"""The trace of one lap on its way to the store: as it was received, and encoded when it is needed."""

from __future__ import annotations

from collections.abc import Mapping

from f1timings.traces import blobs
from f1timings.traces.readings import read_samples


class LapTrace:
    """A trace that is encoded once, away from the event loop.

    Args:
        packet_format: of the samples.
        samples: by kind of packet, one after the other.
        uid / car: the session and the own car; samples of others are left out.

    Attributes:
        size: bytes that it may take in memory.
    """

    __slots__ = ("_blob", "_samples", "_source", "size")

    def __init__(self, packet_format: int, samples: Mapping[str, bytes], *, uid: int, car: int) -> None:
        self._source = packet_format, uid, car
        self._samples: Mapping[str, bytes] | None = samples
        self._blob = b""
        self.size = sum(map(len, samples.values()))

    @classmethod
    def of_blob(cls, blob: bytes) -> LapTrace:
        """A trace that is encoded already."""
        trace = cls(0, {}, uid=0, car=0)
        trace._samples, trace._blob, trace.size = None, blob, len(blob)
        return trace

    def __repr__(self) -> str:
        return f"<LapTrace of {self.size} bytes>"

    def blob(self) -> bytes:
        """The encoded trace, see :mod:`f1timings.traces.blobs`; the samples are forgotten."""
        if self._samples is not None:
            packet_format, uid, car = self._source
            self._blob = blobs.encode(read_samples(packet_format, self._samples, uid=uid, car=car))
            self._samples = None
        return self._blob
