"""``python -m scripts.notebook``: run the notebook of the documentation on a simulated evening.

What it shows is stored in ``docs/notebooks/laps.ipynb``. Four people drive on a server of their own for a
minute; its data are deleted at the end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from f1timings.errors import F1TimingsError
from f1timings.simulator import TIMING_KINDS, Scenario
from f1timings.simulator.sender import send
from scripts import demo
from scripts.screenshot_rooms import a_server

ROOT: Final = Path(__file__).parent.parent
NOTEBOOK: Final = ROOT / "docs" / "notebooks" / "laps.ipynb"
#: Has matplotlib and pandas; ``make notebook`` and ``make tools`` create it.
PYTHON: Final = ROOT / ".venv-notebook" / "bin" / "python"

#: At the speed of the game a lap takes 65 s.
_SPEED: Final = 20.0
_SHORTEST_CIRCUIT: Final = 17
_LONGEST_WAIT_S: Final = 60.0


def main() -> int:
    """Run the notebook."""
    os.environ |= {"F1TIMINGS_HOST": "127.0.0.1", "F1TIMINGS_ANNOUNCE": "false"}
    with a_server() as (marshal, port, udp_port):
        drive_evening(marshal, udp_port, evening(rigs=4, laps=7, sessions=2), speed=_SPEED)
        run_cells(NOTEBOOK, f"http://127.0.0.1:{port}")
    print(f"{NOTEBOOK.relative_to(ROOT)} has {NOTEBOOK.stat().st_size} bytes")
    return 0


def evening(*, rigs: int, laps: int, sessions: int = 1) -> Scenario:
    """Time trials with everything that the notebook reads.

    Args:
        laps: of each session and rig.
        sessions: of each rig.
    """
    return Scenario(
        "hot_lap_evening",
        2025,
        rigs=rigs,
        laps=laps,
        sessions=sessions,
        cars=1,
        seed=3,
        rate_hz=20,
        track_id=_SHORTEST_CIRCUIT,
        kinds=TIMING_KINDS | {"motion", "car_telemetry"},
    )


def drive_evening(marshal: demo.Marshal, udp_port: int, scenario: Scenario, *, speed: float) -> None:
    """Let the rigs drive, then name their drivers: the first one of a rig gets all laps of the evening.

    Raises:
        F1TimingsError: the server did not store all laps.
    """
    marshal.do("POST", "/meetings", {"name": "Thursday night", "circuit": "Austria"})
    report = send([scenario], "127.0.0.1", udp_port, speed=speed)
    driven = [lap for session in report.truth["sessions"] for lap in session["laps"]]
    _wait_for_laps(marshal, sum(lap["state"] == "completed" for lap in driven))
    rigs: Sequence[str] = sorted(rig["rig"] for rig in marshal.do("GET", "/rigs")["items"])
    for rig, (name, team, colour) in zip(rigs, demo.DRIVERS, strict=False):
        driver = marshal.do("POST", "/drivers", {"name": name, "team": team, "colour": colour})
        marshal.do("PUT", f"/rigs/{rig}/default-driver", {"driver_id": driver["id"]})


def _wait_for_laps(marshal: demo.Marshal, expected: int) -> None:
    deadline = time.monotonic() + _LONGEST_WAIT_S
    while len(marshal.do("GET", "/laps?state=completed&has_trace=true&limit=1000")["items"]) < expected:
        if time.monotonic() > deadline:
            raise F1TimingsError(f"The server did not store all {expected} laps.")
        time.sleep(0.2)


def run_cells(notebook: Path, server: str) -> None:
    """Run the code of a notebook in its own environment; its outputs are written into the file.

    Raises:
        F1TimingsError: there is no such environment.
        subprocess.CalledProcessError: the code failed; the file stays as it was.
    """
    if not PYTHON.exists():
        raise F1TimingsError("There is no environment for the notebook: run 'make notebook'.")
    environment = os.environ | {"NO_PROXY": "*", "no_proxy": "*"}
    program = ROOT / "scripts" / "notebook_cells.py"
    subprocess.run([PYTHON, "-W", "error", program, notebook, server], env=environment, check=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (F1TimingsError, subprocess.CalledProcessError) as error:
        sys.exit(f"notebook: {error}")
