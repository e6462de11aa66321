"""A trace as a Parquet file; it takes pyarrow, which is installed on request only (`f1timings[parquet]`)."""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from f1timings.traces.channels import CHANNELS, TraceChannel
from f1timings.traces.trace import Trace
from f1timings.web.http.problems import ProblemError
from f1timings.web.laps.bodies import LapBody

_NOT_INSTALLED: Final = (
    "Parquet takes pyarrow, which this server does not have. Install it in the server's environment, as the "
    "extra f1timings[parquet] or with pip install pyarrow, and start the server again; or use format=csv."
)


def parquet_bytes(trace: Trace, lap: LapBody) -> bytes:
    """Return a trace as a Parquet file: all channels as columns, with null in gaps.

    Each column has its `unit` and `meaning` as metadata. The metadata of the file are `lap`, the facts of the
    lap as JSON in the form of its own route, and `packet_format`.

    Raises:
        ProblemError: pyarrow is not installed.
    """
    arrow, parquet = _modules()
    fields = [_field(arrow, channel) for channel in CHANNELS]
    facts = {"lap": lap.model_dump_json(), "packet_format": str(trace.packet_format)}
    columns = [_column(arrow, trace, channel) for channel in CHANNELS]
    table = arrow.Table.from_arrays(columns, schema=arrow.schema(fields, metadata=facts))
    out = arrow.BufferOutputStream()
    parquet.write_table(table, out, compression="zstd")
    written: bytes = out.getvalue().to_pybytes()
    return written


def _modules() -> tuple[ModuleType, ModuleType]:
    """The parts of pyarrow, loaded with the first file, because they take some 50 MB of memory.

    Raises:
        ProblemError: they are not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ProblemError("not-acceptable", _NOT_INSTALLED) from None
    return pyarrow, parquet


def _is_whole(channel: TraceChannel) -> bool:
    return channel.step >= 1


def _field(arrow: ModuleType, channel: TraceChannel) -> Any:
    kind = arrow.int32() if _is_whole(channel) else arrow.float64()
    return arrow.field(channel.name, kind, metadata={"unit": channel.unit, "meaning": channel.meaning})


def _column(arrow: ModuleType, trace: Trace, channel: TraceChannel) -> Any:
    if channel.name not in trace.numbers:
        return arrow.nulls(len(trace), _field(arrow, channel).type)
    is_whole = _is_whole(channel)
    values = trace.numbers[channel.name] * round(channel.step) if is_whole else trace.values(channel.name)
    return arrow.array(values, type=_field(arrow, channel).type, mask=trace.gaps.get(channel.name))
