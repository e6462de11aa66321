"""The order in which captures are thinned and deleted: a rule on files, and a rule on packets."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from f1timings.intake.captures.folder import CaptureFile
from f1timings.intake.datagrams import Datagram
from f1timings.intake.recorder.retention import (
    DEFAULT_BUDGET,
    LAST_STAGE,
    REDUCED_KINDS,
    REMOVED_KINDS,
    CaptureBudget,
    Thinning,
    next_to_shrink,
)
from f1timings.packets import FORMATS, LAYOUTS, PACKET_KINDS
from tests.intake.recorder.recording import noise, packet

GIB = 1024**3
TIMING = {
    "session",
    "lap_data",
    "participants",
    "event",
    "session_history",
    "final_classification",
    "lobby_info",
    "time_trial",
}


def file(number: int, stage: int) -> CaptureFile:
    return CaptureFile(
        stamp="20260801T160000Z",
        number=number,
        stage=stage,
        is_packed=True,
        path=Path(f"{number}.{stage}"),
    )


def test_files_are_thinned_oldest_first_stage_by_stage_and_then_deleted() -> None:
    files = dict.fromkeys((1, 2, 3), 0)
    order: list[tuple[int, int]] = []
    while files:
        remaining = [file(number, stage) for number, stage in files.items()]
        random.Random(len(order)).shuffle(remaining)
        chosen = next_to_shrink(remaining)
        order.append((chosen.number, chosen.stage))
        files[chosen.number] += 1
        if files[chosen.number] > LAST_STAGE:
            del files[chosen.number]
    assert [(number, stage) for stage in (0, 1, 2) for number in (1, 2, 3)] == order


def test_a_new_file_is_thinned_before_an_old_one_loses_its_laps() -> None:
    assert file(9, 1) == next_to_shrink([file(1, 2), file(2, 2), file(9, 1)])


@pytest.mark.parametrize(
    ("used", "free", "excess"),
    [
        (20 * GIB, 100 * GIB, 0),
        (21 * GIB, 100 * GIB, GIB),
        (GIB, 2 * GIB, GIB // 4),
        (GIB, 2 * GIB + GIB // 4, 0),
        (21 * GIB, GIB, GIB + GIB // 4),
    ],
)
def test_the_default_budget_is_20_gib_and_leaves_2_gib_free(used: int, free: int, excess: int) -> None:
    assert excess == DEFAULT_BUDGET.excess_bytes(used, free)


def test_a_budget_can_reserve_no_free_space() -> None:
    assert 0 == CaptureBudget(max_bytes=10, keep_free_bytes=0).excess_bytes(10, 0)


def test_every_packet_kind_has_a_rule() -> None:
    assert set(PACKET_KINDS) == REMOVED_KINDS | REDUCED_KINDS | TIMING
    assert len(PACKET_KINDS) == len(REMOVED_KINDS) + len(REDUCED_KINDS) + len(TIMING)


@pytest.mark.parametrize("packet_format", FORMATS)
def test_the_first_stage_removes_packets_of_high_rate_in_every_format(packet_format: int) -> None:
    kinds = {layout.kind for layout in LAYOUTS.values() if layout.packet_format == packet_format}
    thinning = Thinning(1)
    remaining = {kind for kind in kinds if thinning.is_kept(packet(kind, packet_format=packet_format))}
    assert kinds - REMOVED_KINDS == remaining


@pytest.mark.parametrize("stage", [1, 2])
def test_datagrams_that_are_no_packets_are_removed_by_the_first_stage(stage: int) -> None:
    (stray,) = noise(1)
    assert not Thinning(stage).is_kept(stray)
    assert not Thinning(stage).is_kept(stray._replace(data=b""))


@pytest.mark.parametrize("kind", sorted(TIMING))
def test_timing_packets_stay_at_every_stage(kind: str) -> None:
    thinning = Thinning(2)
    assert all(thinning.is_kept(packet(kind, n)) for n in range(200))


def thinned(stage: int, datagrams: list[Datagram]) -> list[Datagram]:
    thinning = Thinning(stage)
    return [datagram for datagram in datagrams if thinning.is_kept(datagram)]


def test_the_second_stage_leaves_the_first_and_every_sixtieth_car_status_of_each_source() -> None:
    first = [packet("car_status", n, "192.168.1.20") for n in range(121)]
    second = [packet("car_status", n, "192.168.1.21") for n in range(60)]
    both = first[:1] + second + first[1:]
    assert both == thinned(1, both)
    assert [first[0], second[0], first[60], first[120]] == thinned(2, both)
