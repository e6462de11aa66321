"""One run of Schemathesis against one server, as one role; and what that server has timed before."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from f1timings.simulator import TIMING_KINDS, scenario_for
from f1timings.simulator.sender import send
from tests.server.running import RunningServer

HERE: Final = Path(__file__).parent
#: Empty is somebody who does not say who they are, at a server without any account.
ROLES: Final = ("", "viewer", "marshal", "admin")
_SEED: Final = 4


class Asked(NamedTuple):
    """How much a run asks.

    Attributes:
        phases: of Schemathesis: examples, coverage (each border of each field), fuzzing, stateful.
        examples: made-up requests for each operation.
        is_sampled: one filter of each kind stands for all filters of the lists.
    """

    phases: Sequence[str]
    examples: int
    is_sampled: bool


SAMPLE: Final = Asked(("examples", "fuzzing"), 3, True)
SAMPLE_OF_BORDERS: Final = Asked(("examples", "coverage"), 1, True)
WHOLE: Final = Asked(("examples", "coverage", "fuzzing", "stateful"), 300, False)


class Outcome(NamedTuple):
    """What a run said; ``report`` shows each failure with the request that brings it back."""

    is_clean: bool
    report: str


def furnish(folder: Path) -> None:
    """Make a data folder of an evening: two rigs, their laps, a race, three drivers, a typed lap, a queue."""
    evening = scenario_for("hot_lap_evening", 2025, 3, laps=2, cars=2, rigs=2, rate_hz=20, kinds=TIMING_KINDS)
    race = scenario_for("race", 2025, 3, laps=2, cars=4, rate_hz=20, kinds=TIMING_KINDS)
    with RunningServer(folder) as server:
        send([evening, race], "127.0.0.1", server.udp_port, speed=60.0)
        server.settled("/api/v1/laps")
        token = server.token("marshal")
        rigs = [one["rig"] for one in server.everything("/api/v1/rigs")]
        for number, name in enumerate(("Ann", "Bob", "🏎️ Zoë")):
            made = server.ask("POST", "/api/v1/drivers", {"name": name, "pin": f"471{number}"}, token).json
            server.ask("POST", f"/api/v1/rigs/{rigs[number % 2]}/assign", {"driver_id": made["id"]}, token)
            server.ask("POST", "/api/v1/queue", {"driver_id": made["id"]}, token)
        typed = server.ask("POST", "/api/v1/laps", {"driver": "Ann", "time": "1:23.456"}, token)
        assert typed.status == 201, typed
        server.ask("POST", "/api/v1/meetings", {"name": "Last week", "open": False}, token)


def attempt(furnished: Path, folder: Path, role: str, asked: Asked, seed: int = _SEED) -> Outcome:
    """Let Schemathesis ask a server of its own, which begins as a furnished folder is.

    Args:
        furnished: made by :func:`furnish`; stays as it is.
        folder: of the new server.
        role: one of :data:`ROLES`.
    """
    shutil.copytree(furnished, folder)
    with RunningServer(folder) as server:
        address = f"127.0.0.1:{server.port}"
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
        command += ["run", f"http://{address}/openapi.json", "--phases", ",".join(asked.phases)]
        command += ["--max-examples", str(asked.examples), "--seed", str(seed), "--no-color"]
        command += ["--generation-deterministic"] if asked.is_sampled else []
        told = {
            "FUZZ_ADDRESS": address,
            "FUZZ_DATA_DIR": str(folder),
            "FUZZ_ROLE": role,
            "FUZZ_SEED": str(seed),
            "FUZZ_SAMPLED": "1" if asked.is_sampled else "0",
            "SCHEMATHESIS_HOOKS": "tests.api_fuzz.hooks",
            "PYTHONPATH": str(HERE.parents[1]),
        }
        # Where it runs it leaves what it remembers.
        done = subprocess.run(
            command, env=os.environ | told, cwd=folder.parent, capture_output=True, text=True, check=False
        )
        server.until(lambda: server.get("/api/health/ready")["status"] == "ready")
    return Outcome(done.returncode == 0, done.stdout + done.stderr)
