"""Random and damaged datagrams for every function that reads them: only ``DecodeError`` may be raised.

Run ``python -m scripts.fuzz_packets --seconds 60``; a failure prints the seed and the datagram in hex.
"""

from __future__ import annotations

import argparse
import random
import struct
import time
from collections import Counter
from collections.abc import Callable

import pytest
from tests.packets.samples import noise, zeros

from f1timings.errors import DecodeError
from f1timings.packets import (
    CAR_SLOTS,
    FIRST_FORMAT,
    LATEST_FORMAT,
    LAYOUTS,
    Columns,
    Layout,
    Scalars,
    car,
    decode,
    encode,
    event_details,
    identify,
    read_header,
)

_LAYOUTS = tuple(LAYOUTS.values())
_CODES = tuple(sorted({code for layout in _LAYOUTS for code in layout.details} | {"SSTA", "LGOT"}))
_MAX_SLOTS = max(CAR_SLOTS.values())
_NASTY = (
    b"\xff\xff\xff\xff",
    b"\x01\x00\xa0\x7f",
    b"\x00\x00\x80\x7f",
    b"\x00\x00\x00\x80",
    b"\x00\x00\xc0\x7f",
)


_COLUMNS = {layout: Columns(layout, layout.cars.record.single_values) for layout in _LAYOUTS if layout.cars}
_SCALARS = {layout: Scalars(layout, layout.body.single_values) for layout in _LAYOUTS}


def shaped(chance: random.Random) -> bytes:
    """A datagram of the right size: random bytes or zeros after the header; events have a code."""
    layout = chance.choice(_LAYOUTS)
    data = bytearray(noise(layout, chance.getrandbits(32)) if chance.random() < 0.7 else zeros(layout))
    if layout.kind == "event":
        data[layout.header_size : layout.header_size + 4] = chance.choice(_CODES).encode()
    return bytes(data)


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.getrandbits(8)


def _overwrite(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at : at + 4] = chance.choice(_NASTY)[: len(data) - at]


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _extend(data: bytearray, chance: random.Random) -> None:
    data += chance.randbytes(chance.randint(1, 64))


def _relabel(data: bytearray, chance: random.Random) -> None:
    struct.pack_into("<H", data, 0, chance.randint(FIRST_FORMAT - 2, LATEST_FORMAT + 2))


def _replace_all(data: bytearray, chance: random.Random) -> None:
    data[:] = chance.randbytes(chance.randint(0, 1500))


_CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _overwrite,
    _cut,
    _extend,
    _relabel,
    _replace_all,
)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The datagram after zero to three random changes."""
    changed = bytearray(data)
    for _ in range(chance.randint(0, 3)):
        if len(changed) >= 4:
            chance.choice(_CHANGES)(changed, chance)
    return bytes(changed)


def examine(data: bytes, slot: int) -> str:
    """Read a datagram in every possible way; return the kind of packet or the reason of the error.

    Raises:
        AssertionError: two ways of reading disagree, or bytes were lost.
    """
    try:
        layout = identify(data)
    except DecodeError as error:
        _check_decode_fails(data, error)
        return error.reason
    packet = decode(data)
    assert packet.layout is layout
    assert data == encode(packet)
    assert repr(packet.header) == repr(read_header(data, layout))
    _examine_parts(data, layout, slot)
    if layout.kind == "event":
        event_details(packet)
    return layout.kind


def _check_decode_fails(data: bytes, expected: DecodeError) -> None:
    with pytest.raises(DecodeError) as raised:
        decode(data)
    assert expected.reason == raised.value.reason


def _examine_parts(data: bytes, layout: Layout, slot: int) -> None:
    body = decode(data).body
    scalars = _SCALARS[layout]
    assert repr(tuple(getattr(body, name) for name in scalars.names)) == repr(scalars.read(data))
    if layout in _COLUMNS and slot < layout.car_slots:
        record = car(data, layout, slot)
        columns = _COLUMNS[layout]
        assert repr(body.cars[slot]) == repr(record)
        assert repr(tuple(getattr(record, name) for name in columns.names)) == repr(columns.rows(data)[slot])


def run(seconds: float, seed: int) -> Counter[str]:
    """Examine datagrams for some seconds.

    Returns:
        The number of datagrams by kind of packet or reason of the error.

    Raises:
        AssertionError: with the seed and the datagram, for anything but a packet or ``DecodeError``.
    """
    chance, outcomes = random.Random(seed), Counter[str]()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data, slot = damaged(shaped(chance), chance), chance.randrange(_MAX_SLOTS)
        try:
            outcomes[examine(data, slot)] += 1
        except Exception as error:
            raise AssertionError(f"seed {seed}, slot {slot}, datagram {data.hex()}") from error
    return outcomes


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    outcomes = run(chosen.seconds, chosen.seed)
    for outcome, count in outcomes.most_common():
        print(f"{outcome:22}{count:10}")
    print(f"{outcomes.total()} datagrams in {chosen.seconds:g} s with seed {chosen.seed}: no failure")


if __name__ == "__main__":
    main()
