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
from dataclasses import replace

from typer.testing import CliRunner

from f1timings.commands.main import command_line
from f1timings.packets import FORMATS, LATEST_FORMAT, LAYOUTS, Header, build, decode, encode
from tests.truth.comparing import short, timed

assert {NEW_FORMAT} == LATEST_FORMAT == FORMATS[-1]
for layout in LAYOUTS.values():
    packet = build(layout.packet_format, layout.kind, Header(layout.packet_format))
    assert packet == decode(encode(packet))

for kind in ("race", "time_trial"):
    outcome = timed(replace(short(kind, {NEW_FORMAT}, seed=1), laps=2))
    assert outcome.driven and outcome.driven == outcome.found
    assert outcome.results[0] == outcome.results[1]

app = command_line()
simulate = ["simulate", "--rigs", "1", "--seconds", "1", "--to", "127.0.0.1:9", "--format"]
assert "datagrams of 1 rigs" in CliRunner().invoke(app, [*simulate, "{NEW_FORMAT}"]).output
assert 2 == CliRunner().invoke(app, [*simulate, "{NEW_FORMAT + 1}"]).exit_code
print("done")
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


def test_a_new_year_is_decoded_simulated_and_timed(package_with_a_new_year: Path) -> None:
    environment = os.environ | {"PYTHONPATH": f"{package_with_a_new_year}{os.pathsep}{ROOT}"}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=package_with_a_new_year,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1100,
    )
    assert "done\n" == result.stdout, result.stderr
