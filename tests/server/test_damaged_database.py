"""A damaged database: what the server says, and how the evening comes back, with real processes."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from f1timings.clock import ServerClock
from f1timings.commands.derived_records import derive_records
from f1timings.commands.storing import store_records
from f1timings.config import load_settings
from f1timings.errors import StoreDamaged
from f1timings.intake.captures.folder import iter_datagrams, list_capture_paths
from f1timings.meeting.people import Driver
from f1timings.recovery.opening import open_store, start_fresh
from f1timings.simulator import TIMING_KINDS, scenario_for
from f1timings.simulator.sender import send
from f1timings.store import DATABASE_FILE, Condition, Page, Stamped
from f1timings.store.data_folder import captures_folder
from tests.command_line import output_of
from tests.server.running import RunningServer

PAGE = 4096
FACTS = (
    "id",
    "lap_time_ms",
    "sector1_ms",
    "sector2_ms",
    "sector3_ms",
    "is_valid",
    "state",
    "driver",
    "circuit",
)
DRIVERS = {"Ann", "Bo", "Cleo"}
# Their records come back from the captures; who sat at a rig does not.
DRIVEN_TABLES = {"sessions", "laps", "stints", "incidents"}

#: What anonymous visitors read.
LISTS = (
    "/api/v1/laps?sort=-lap_time_ms",
    "/api/v1/sessions",
    "/api/v1/leaderboard",
    "/api/v1/drivers",
    "/api/users",
)

Damage = Callable[[bytearray, random.Random], None]


def overwrite_the_header(content: bytearray, chance: random.Random) -> None:
    content[:100] = chance.randbytes(100)


def overwrite_the_first_page(content: bytearray, chance: random.Random) -> None:
    content[:PAGE] = chance.randbytes(PAGE)


def overwrite_a_page_of_laps(content: bytearray, chance: random.Random) -> None:
    """Overwrite a page of what was driven: who sat at the rigs is not in it."""
    page = chance.choice(pages_of_laps(content))
    content[page * PAGE : (page + 1) * PAGE] = chance.randbytes(PAGE)


def clear_a_page_of_laps(content: bytearray, chance: random.Random) -> None:
    page = chance.choice(pages_of_laps(content))
    content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)


def pages_of_laps(content: bytearray) -> list[int]:
    """The first pages of the tables of what was driven, and of their indexes, from 0."""
    whole = bytearray(content)
    whole[18:20] = b"\x01\x01"  # a database in memory has no write-ahead log
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(bytes(whole))
        rows = connection.execute("SELECT tbl_name, rootpage FROM sqlite_schema WHERE rootpage > 0")
        return [page - 1 for table, page in rows if table in DRIVEN_TABLES]


def cut_the_last_page(content: bytearray, chance: random.Random) -> None:
    del content[-chance.randrange(1, PAGE) :]


def clear_a_page(content: bytearray, chance: random.Random) -> None:
    page = chance.randrange(1, len(content) // PAGE)
    content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)


def overwrite_a_page(content: bytearray, chance: random.Random) -> None:
    page = chance.randrange(1, len(content) // PAGE)
    content[page * PAGE : (page + 1) * PAGE] = chance.randbytes(PAGE)


def cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(1, len(content)) :]


def cut_to_nothing(content: bytearray, chance: random.Random) -> None:  # noqa: ARG001
    content.clear()


#: Every damage with random seeds, and whether it leaves the drivers and their seats whole. It depends on the
#: page if it is None.
DAMAGES: tuple[tuple[Damage, int, bool | None], ...] = (
    *((overwrite_the_header, seed, True) for seed in range(3)),
    *((overwrite_the_first_page, seed, False) for seed in range(3)),
    *((overwrite_a_page_of_laps, seed, True) for seed in range(3)),
    *((clear_a_page_of_laps, seed, True) for seed in range(3)),
    *((clear_a_page, seed, None) for seed in range(3)),
    *((overwrite_a_page, seed, None) for seed in range(3)),
    (cut_the_last_page, 0, True),
    *((cut, seed, None) for seed in range(3)),
    (cut_to_nothing, 0, False),
)


class Evening(RunningServer):
    """A server whose laps were driven by people who sat at its rigs, and which was then stopped."""

    def facts(self) -> set[tuple[Any, ...]]:
        """What is known about each completed lap."""
        laps = self.everything("/api/v1/laps", state="completed")
        return {tuple(lap[name] for name in FACTS) for lap in laps}

    def rebuild(self) -> None:
        """Bring the laps back from the captures."""
        output_of("rebuild", "--data-dir", self.data_dir)

    def database_check(self, token: str) -> str:
        """What the staff reads about the database in the readiness."""
        return str(self.ask("GET", "/api/health/ready", token=token).json["checks"]["database"])

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.data_dir / DATABASE_FILE

    def kept(self) -> Path:
        """The damaged file under its new name."""
        (kept,) = (path for path in self.data_dir.iterdir() if ".damaged-" in path.name)
        return kept

    def damage(self, how: Damage, seed: int) -> bytes:
        """Damage the database file and return its content afterwards."""
        content = bytearray(self.database.read_bytes())
        how(content, random.Random(seed))
        self.database.write_bytes(content)
        return bytes(content)


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[tuple[Any, ...]]]:
    """The data folder of an evening, and what was known about each lap.

    Each damage reads its captures, so they have the packets that concern laps only.
    """
    folder = tmp_path_factory.mktemp("evening") / "data"
    with Evening(folder) as server:
        token = server.token("admin")
        for name in sorted(DRIVERS):
            answer = server.ask("POST", "/api/v1/drivers", {"name": name}, token)
            assert 201 == answer.status
        drivers = {driver["name"]: driver["id"] for driver in server.everything("/api/v1/drivers")}
        scenario = scenario_for(
            "hot_lap_evening", 2025, 5, laps=1, rigs=2, cars=1, rate_hz=20, kinds=TIMING_KINDS
        )
        send([scenario], "127.0.0.1", server.udp_port, speed=50.0)
        for rig, name in zip(server.everything("/api/v1/rigs"), sorted(DRIVERS), strict=False):
            path = f"/api/v1/rigs/{rig['rig']}/assign"
            assert 200 == server.ask("POST", path, {"driver_id": drivers[name]}, token).status
        scenario = scenario_for(
            "hot_lap_evening", 2025, 6, laps=2, rigs=2, cars=2, rate_hz=20, kinds=TIMING_KINDS
        )
        send([scenario], "127.0.0.1", server.udp_port, speed=50.0)
        server.settled("/api/v1/laps", state="completed")
        facts = server.facts()
    assert {name for *_, name, _ in facts} - {None} == {"Ann", "Bo"}
    return folder, facts


@pytest.fixture(scope="module")
def captured(driven: tuple[Path, set[tuple[Any, ...]]]) -> list[Stamped]:
    """What a rebuild stores from the captures of the evening."""
    return derive_records(iter_datagrams(list_capture_paths(captures_folder(driven[0]))))


@pytest.fixture
def evening(driven: tuple[Path, set[tuple[Any, ...]]], tmp_path: Path) -> Iterator[Evening]:
    """The same evening in a folder of its own; the server is not started."""
    shutil.copytree(driven[0], tmp_path / "data")
    server = Evening(tmp_path / "data")
    yield server
    server.kill()


@pytest.mark.parametrize(
    ("how", "salvaged"),
    [
        (clear_a_page_of_laps, "Taken over from it: 3 drivers, 2 seats, 1 meeting"),
        (overwrite_the_first_page, "Nothing could be read in it."),
    ],
)
def test_the_evening_comes_back_by_the_commands_in_the_message(
    evening: Evening, driven: tuple[Path, set[tuple[Any, ...]]], how: Damage, salvaged: str
) -> None:
    damaged = evening.damage(how, seed=7)

    code, text = evening.refused_start()
    assert 2 == code
    assert "Traceback" not in text
    assert f"The database {evening.database} is damaged: " in text
    assert re.search(r"The captures are whole: \d+ files?, [\d.]+ [kM]B, .* all read to the end\.", text)
    assert f"    f1timings serve --fresh-database --data-dir {evening.data_dir}\n" in text
    assert f"    f1timings rebuild --data-dir {evening.data_dir}\n" in text
    assert damaged == evening.database.read_bytes()

    evening.start("--fresh-database")
    assert damaged == evening.kept().read_bytes()
    assert f"It is kept as {evening.kept()}" in evening.log
    evening.rebuild()
    assert salvaged in evening.log
    has_drivers = how is clear_a_page_of_laps
    assert (driven[1] if has_drivers else without_drivers(driven[1])) == evening.facts()
    circuits = {lap[-1] for lap in driven[1] if lap[FACTS.index("is_valid")]}
    assert circuits
    for circuit in circuits:
        assert evening.get("/api/v1/leaderboard", circuit=circuit)["items"]


def test_the_flag_does_nothing_to_a_whole_database(
    evening: Evening, driven: tuple[Path, set[tuple[Any, ...]]]
) -> None:
    evening.start("--fresh-database")
    assert "--fresh-database changed nothing" in evening.log
    assert driven[1] == evening.facts()


def test_damage_under_a_running_server_is_reported_and_no_lap_is_lost(
    evening: Evening, driven: tuple[Path, set[tuple[Any, ...]]]
) -> None:
    evening.start()
    admin = evening.token("admin")
    captures = sum(path.stat().st_size for path in (evening.data_dir / "captures").iterdir())
    with evening.database.open("r+b") as file:
        file.seek(PAGE)
        file.write(bytes(evening.database.stat().st_size - PAGE))
    scenario = scenario_for("hot_lap_evening", 2025, 9, laps=2, rigs=2, cars=1, rate_hz=20)
    sent = send([scenario], "127.0.0.1", evening.udp_port, speed=50.0)
    damaged = "damaged: its contents contradict each other"
    evening.until(lambda: evening.database_check(admin).startswith(damaged))
    assert 503 == evening.ask("GET", "/api/health/ready").status
    database = evening.database_check(admin)
    assert "The captures are there: " in database
    assert f"f1timings serve --fresh-database --data-dir {evening.data_dir}" in database
    evening.until(lambda: database[database.index("The captures are there") :] in evening.log)

    refusal = evening.ask("GET", "/api/v1/laps?sort=-lap_time_ms", token=admin)
    assert (503, "/docs#problem-unavailable") == (refusal.status, refusal.json["type"])
    assert "The database is damaged: its contents contradict each other" in refusal.json["detail"]
    assert_anonymous_visitors_read_no_details(evening)
    evening.stop()
    assert 1 == evening.log.count("serve --fresh-database")
    assert "Traceback" not in evening.log
    assert captures < sum(path.stat().st_size for path in (evening.data_dir / "captures").iterdir())

    evening.start("--fresh-database")
    evening.rebuild()
    laps = evening.facts()
    assert without_drivers(driven[1]) <= without_drivers(laps)
    new = sum(lap["state"] == "completed" for session in sent.truth["sessions"] for lap in session["laps"])
    assert new == len(laps) - len(driven[1])


def assert_anonymous_visitors_read_no_details(evening: Evening) -> None:
    """Check every list and page that anybody may open."""
    answers = [evening.ask("GET", path) for path in ("/api/health/ready", *LISTS)]
    for answer in answers:
        text = str(answer.json)
        assert not re.search(r"contradict|reports|malformed|--|captures are|\.db", text)
        assert str(evening.data_dir) not in text
    assert answers[0].json["checks"]["database"].startswith("damaged: the console of the server")
    details = [answer.json["detail"] for answer in answers[1:] if answer.status == 503]
    assert details
    assert {"The database is damaged. Telemetry is still recorded."} == {
        detail[: detail.index(" The console")] for detail in details
    }


@pytest.mark.parametrize(
    ("how", "seed", "has_drivers"), DAMAGES, ids=[f"{how.__name__} {seed}" for how, seed, _ in DAMAGES]
)
def test_damage_anywhere_is_found_and_the_same_laps_come_back(
    evening: Evening,
    driven: tuple[Path, set[tuple[Any, ...]]],
    captured: list[Stamped],
    *,
    how: Damage,
    seed: int,
    has_drivers: bool | None,
) -> None:
    settings = load_settings(data_dir=evening.data_dir)
    damaged = evening.damage(how, seed)
    with pytest.raises(StoreDamaged, match="The captures are whole"):
        open_store(settings, clock=ServerClock())
    assert damaged == evening.database.read_bytes()

    report = start_fresh(settings, ServerClock())
    assert damaged == evening.kept().read_bytes()
    store_records(captured, settings)
    with open_store(settings, clock=ServerClock()) as store:
        laps = store.reads.list_laps(Page(limit=1000), [Condition("state", "eq", "completed")]).items
        drivers = {driver.name for driver in store.reads.list_records(Driver)}
    times = {lap_id: time_ms for lap_id, time_ms, *_ in driven[1]}
    assert times == {stored.lap.id: stored.lap.lap_time_ms for stored in laps}
    if has_drivers is None:
        has_drivers = "3 drivers, 2 seats" in report
    ids = {lap_id: driver for lap_id, *_, driver, _ in driven[1]}
    if has_drivers:
        assert DRIVERS == drivers
        assert ids == {stored.lap.id: stored.driver for stored in laps}
    else:
        assert drivers <= DRIVERS
        assert all(stored.driver in (None, ids[stored.lap.id]) for stored in laps)


def without_drivers(laps: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """The laps as they come back if nobody knows any more who drove them."""
    return {(*lap[:-2], None, lap[-1]) for lap in laps}
