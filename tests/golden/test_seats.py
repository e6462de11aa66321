"""Drivers take turns at a rig while the network is cut: no lap gets a driver who did not drive it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from f1timings.commands.derived_records import derive_records
from f1timings.intake.captures.reader import open_capture
from f1timings.intake.datagrams import Datagram
from f1timings.packets import Header, build, encode
from f1timings.pipeline import Pipeline
from f1timings.store import Store, sqlite_url
from tests.golden.test_cases import CASES
from tests.migrated import copy_migrated
from tests.store.evening import assignment, driver, store_events, store_records
from tests.store.events import ARRIVED

RIG, UID = "127.0.0.21", 20_737


def case(folder: Path) -> list[Datagram]:
    """Lap 4 and a history of the laps before it; the session began with the evening."""
    file = folder / "s1.pcap"
    file.write_bytes(gzip.decompress((CASES / "s1_wrong_person.pcap.gz").read_bytes()))
    with open_capture(file) as capture:
        datagrams = list(capture)
    first_at = datagrams[0].received_at
    return [
        datagram._replace(received_at=ARRIVED + 15.5 + datagram.received_at - first_at)
        for datagram in datagrams
    ]


def lap_data(
    session_s: float, lap: int, clock_ms: int, last_ms: int = 0, *, delay_s: float = 0.0
) -> Datagram:
    """One lap data packet of the same session, so many seconds after its begin."""
    frame = round(session_s * 60)
    header = Header(
        2025,
        game_year=25,
        session_uid=UID,
        session_time=session_s,
        frame_identifier=frame,
        overall_frame_identifier=frame,
    )
    row = {"current_lap_num": lap, "result_status": 2, "driver_status": 4, "lap_distance": 10.0}
    row |= {"current_lap_time_ms": clock_ms, "last_lap_time_ms": last_ms}
    data = encode(build(2025, "lap_data", header, cars={0: row}))
    return Datagram(ARRIVED + session_s + delay_s, RIG, 20_800, 20_777, data)


def first_lap() -> list[Datagram]:
    """Lap 1, seen from its begin up to the line, at ten packets a second."""
    return [lap_data(step / 10, 1, step * 100) for step in range(1, 56)]


@contextmanager
def opened_store(folder: Path) -> Iterator[Store]:
    folder.mkdir(exist_ok=True)
    copy_migrated(folder)
    store = Store.open(sqlite_url(folder), clock=lambda: ARRIVED)
    try:
        yield store
    finally:
        store.close()


def seat(store: Store, name: str, since_s: float, until_s: float | None = None) -> None:
    """A driver sits at the rig, from so many seconds after the begin of the session on."""
    end = None if until_s is None else until_s / 60
    store_records(store, driver(name), assignment(name.lower(), RIG, since_s / 60, end))


def time_live(store: Store, datagrams: Iterable[Datagram]) -> None:
    pipeline = Pipeline(store.submit)
    for received_at, address, port, listen_port, data in datagrams:
        pipeline.tick(received_at)
        pipeline.feed(data, address, port, listen_port, received_at)
    store.flush()


def drivers(store: Store) -> dict[int, str | None]:
    """The driver of each completed lap."""
    laps = store.reads.list_laps().items
    completed = [stored for stored in laps if stored.lap.lap_time_ms is not None]
    return {
        stored.lap.lap_number: stored.driver for stored in sorted(completed, key=lambda s: s.lap.lap_number)
    }


def test_laps_before_the_first_packet_have_no_driver_if_the_driver_has_changed(tmp_path: Path) -> None:
    with opened_store(tmp_path) as store:
        seat(store, "Anna", -600, -60)
        seat(store, "Bodo", -60)
        time_live(store, case(tmp_path))
        assert {1: None, 2: None, 3: None, 4: "Bodo"} == drivers(store)


def test_laps_before_the_first_packet_belong_to_the_driver_at_the_rig_until_the_last_of_them_began(
    tmp_path: Path,
) -> None:
    with opened_store(tmp_path) as store:
        seat(store, "Anna", -600, 9)
        seat(store, "Bodo", 9)
        time_live(store, case(tmp_path))
        assert {1: "Anna", 2: "Anna", 3: None, 4: "Bodo"} == drivers(store)


def test_laps_before_the_first_packet_belong_to_the_only_driver_of_the_rig(tmp_path: Path) -> None:
    with opened_store(tmp_path) as store:
        seat(store, "Anna", -600)
        time_live(store, case(tmp_path))
        assert dict.fromkeys((1, 2, 3, 4), "Anna") == drivers(store)


def test_laps_in_a_gap_belong_to_the_driver_at_the_rig_when_they_began(tmp_path: Path) -> None:
    with opened_store(tmp_path) as store:
        seat(store, "Anna", -600, 14)
        seat(store, "Bodo", 14)
        time_live(store, [*first_lap(), *case(tmp_path)])
        assert {1: "Anna", 2: "Anna", 3: "Anna", 4: "Bodo"} == drivers(store)


def test_a_lap_that_began_after_the_change_belongs_to_the_next_driver(tmp_path: Path) -> None:
    with opened_store(tmp_path) as store:
        seat(store, "Anna", -600, 8)
        seat(store, "Bodo", 8)
        time_live(store, [*first_lap(), *case(tmp_path)])
        assert {1: "Anna", 2: "Anna", 3: "Bodo", 4: "Bodo"} == drivers(store)


@pytest.mark.parametrize(
    ("changed_s", "expected"),
    [
        (20, [None, None, None, "Bodo"]),
        (67, ["Anna", "Anna", None, "Bodo"]),
        (71, ["Anna", "Anna", "Anna", "Bodo"]),
    ],
)
def test_a_lap_across_a_pause_has_no_driver_if_either_may_have_begun_it(
    tmp_path: Path, changed_s: float, expected: list[str | None]
) -> None:
    """The game rests for a minute while the network is cut: laps 2 and 3 began before or after the pause.

    So did lap 1, if the game began the session again meanwhile, which no packet shows.
    """
    later = [datagram._replace(received_at=datagram.received_at + 60) for datagram in case(tmp_path)]
    with opened_store(tmp_path) as store:
        seat(store, "Anna", -600, changed_s)
        seat(store, "Bodo", changed_s)
        time_live(store, [*first_lap(), *later])
        assert expected == list(drivers(store).values())


def test_a_corrected_seat_gives_the_laps_to_the_driver_who_drove_them(tmp_path: Path) -> None:
    with opened_store(tmp_path) as store:
        seat(store, "Anna", -600, -60)
        seat(store, "Bodo", -60)
        time_live(store, case(tmp_path))
        seat(store, "Anna", -600, 15.3)
        seat(store, "Bodo", 15.3)
        assert {1: "Anna", 2: "Anna", 3: "Anna", 4: "Bodo"} == drivers(store)


@pytest.mark.parametrize("has_first_lap", [False, True])
def test_captures_timed_again_give_the_same_drivers(tmp_path: Path, has_first_lap: bool) -> None:
    datagrams = [*(first_lap() if has_first_lap else ()), *case(tmp_path)]
    found: list[dict[int, str | None]] = []
    for name in ("live", "rebuilt"):
        with opened_store(tmp_path / name) as store:
            seat(store, "Anna", -600, 8)
            seat(store, "Bodo", 8)
            if name == "live":
                time_live(store, datagrams)
            else:
                store_events(store, *derive_records(datagrams))
            found.append(drivers(store))
    assert found[0] == found[1]
