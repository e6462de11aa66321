"""The bytes of an entry in the spool: JSON with the type of the event, compressed."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from functools import cache
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from f1timings.store.stored import Stamped, StoredEvent
from f1timings.timing.session_clock import Between

_TYPES: Final[dict[str, type]] = {type_.__name__: type_ for type_ in get_args(StoredEvent)}


def encode_entry(entry: Stamped) -> bytes:
    """The bytes of an entry, without its trace: the spool has little space, and the laps matter more."""
    text = json.dumps(
        {
            "type": type(entry.event).__name__,
            "event": asdict(entry.event),
            "received_at": entry.received_at,
            "began_at": entry.began_at,
            "began_between": entry.began_between,
        },
        separators=(",", ":"),
    )
    return zlib.compress(text.encode(), 1)


def decode_entry(data: bytes) -> Stamped:
    """The entry of these bytes.

    Raises:
        ValueError: no version of the program up to this one wrote them.
    """
    try:
        stored = json.loads(zlib.decompress(data))
        between = stored["began_between"]
        return Stamped(
            stored["received_at"],
            _adapter(stored["type"]).validate_python(stored["event"]),
            stored["began_at"],
            None if between is None else Between(*between),
        )
    except (zlib.error, ValidationError, KeyError, TypeError) as error:
        raise ValueError(f"no entry of the spool: {error}") from error


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_TYPES[name])
