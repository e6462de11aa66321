"""A new year needs its own file and one changed line: shown with a copy of the package that has one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import f1timings
from f1timings.packets import LATEST_FORMAT

NEW_FORMAT = LATEST_FORMAT + 1
ROOT = Path(__file__).parents[2]

# The new year has one field more in a record of every car, one wider field, and one packet more.
YEAR_FILE = f"""
from f1timings.packets import f{LATEST_FORMAT}
from f1timings.packets.years import after, fields, retype

YEAR = f{LATEST_FORMAT}.YEAR.then(
    {NEW_FORMAT},
    packets={{"new_packet": 99}},
    shapes={{
        "car_lap": after("sector", "mini_sector:u8"),
        "participant": retype("race_number:u16"),
        "new_packet": fields("value:u32"),
    }},
)
"""

PROGRAM = f"""
from f1timings.packets import FORMATS, LATEST_FORMAT, Header, LAYOUTS, build, decode, encode
from tests.truth.comparing import short, timed

assert {NEW_FORMAT} == LATEST_FORMAT == FORMATS[-1]
for layout in LAYOUTS.values():
    packet = build(layout.packet_format, layout.kind, Header(layout.packet_format))
    assert packet == decode(encode(packet))
for kind in ("race", "time_trial"):
    outcome = timed(short(kind, {NEW_FORMAT}, seed=1))
    assert outcome.driven and outcome.driven == outcome.found
    assert outcome.results[0] == outcome.results[1]
print("timed")
"""


@pytest.fixture(scope="module")
def package_with_a_new_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package: one file added, one line changed."""
    folder = tmp_path_factory.mktemp("package")
    copy = folder / "f1timings"
    ignored = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(Path(f1timings.__file__).parent, copy, ignore=ignored)
    (copy / "packets" / f"f{NEW_FORMAT}.py").write_text(YEAR_FILE)
    table = copy / "packets" / "formats.py"
    line = f"from f1timings.packets.f{LATEST_FORMAT} import YEAR"
    changed = table.read_text().replace(line, line.replace(str(LATEST_FORMAT), str(NEW_FORMAT)))
    assert changed != table.read_text()
    table.write_text(changed)
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


def test_laps_of_a_new_year_are_the_laps_driven(package_with_a_new_year: Path) -> None:
    result = run(package_with_a_new_year, "-c", PROGRAM)
    assert "timed\n" == result.stdout, result.stderr


def test_the_simulator_sends_a_new_year(package_with_a_new_year: Path) -> None:
    command = ("-m", "f1timings", "simulate", "--rigs", "1", "--seconds", "1", "--to", "127.0.0.1:9")
    result = run(package_with_a_new_year, *command, "--format", str(NEW_FORMAT))
    assert 0 == result.returncode, result.stderr
    assert "datagrams of 1 rigs sent" in result.stdout
    assert 0 != run(package_with_a_new_year, *command, "--format", str(NEW_FORMAT + 1)).returncode
