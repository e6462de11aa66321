"""One run of Schemathesis against one server with one role, and the data of that server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from f1timings.access.roles import Role
from f1timings.simulator import TIMING_KINDS, scenario_for
from f1timings.simulator.sender import send
from tests.server.running import RunningServer

HERE: Final = Path(__file__).parent
#: An empty role is an anonymous client, at a server without any account.
ROLES: Final = ("", *Role)
_SEED: Final = 4


class Amount(NamedTuple):
    """How many requests a run sends.

    Attributes:
        phases: of Schemathesis: examples, coverage (the limits of each field), fuzzing, stateful.
        examples: generated requests per operation.
        is_sampled: of the filters of lists, only one of each kind is tried.
    """

    phases: Sequence[str]
    examples: int
    is_sampled: bool


SAMPLE: Final = Amount(("examples", "fuzzing"), 1, True)
SAMPLE_OF_LIMITS: Final = Amount(("examples", "coverage"), 1, True)
WHOLE: Final = Amount(("examples", "coverage", "fuzzing", "stateful"), 300, False)


class Outcome(NamedTuple):
    """The outcome of a run; ``report`` has each failure with the request that reproduces it."""

    is_clean: bool
    report: str


def prepare_data(folder: Path) -> None:
    """Create the data folder of an evening: two rigs, laps, a race, three drivers, a typed lap, a queue."""
    evening = scenario_for("hot_lap_evening", 2025, 3, laps=2, cars=2, rigs=2, rate_hz=20, kinds=TIMING_KINDS)
    race = scenario_for("race", 2025, 3, laps=2, cars=4, rate_hz=20, kinds=TIMING_KINDS)
    with RunningServer(folder) as server:
        send([evening, race], "127.0.0.1", server.udp_port, speed=60.0)
        server.settled("/api/v1/laps")
        token = server.token("marshal")
        rigs = [rig["rig"] for rig in server.everything("/api/v1/rigs")]
        for number, name in enumerate(("Ann", "Bob", "🏎️ Zoë")):
            driver = server.ask("POST", "/api/v1/drivers", {"name": name, "pin": f"471{number}"}, token).json
            server.ask("POST", f"/api/v1/rigs/{rigs[number % 2]}/assign", {"driver_id": driver["id"]}, token)
            server.ask("POST", "/api/v1/queue", {"driver_id": driver["id"]}, token)
        typed = server.ask("POST", "/api/v1/laps", {"driver": "Ann", "time": "1:23.456"}, token)
        assert typed.status == 201, typed
        server.ask("POST", "/api/v1/meetings", {"name": "Last week", "open": False}, token)


def run_schemathesis(
    prepared: Path, folder: Path, role: str, amount: Amount, *, seed: int = _SEED
) -> Outcome:
    """Run Schemathesis against a new server with a copy of the prepared data.

    Args:
        prepared: the folder from :func:`prepare_data`; not changed.
        folder: the data folder of the new server.
        role: one of :data:`ROLES`.
    """
    shutil.copytree(prepared, folder)
    with RunningServer(folder) as server:
        address = f"127.0.0.1:{server.port}"
        server.get("/openapi.json")  # is made for the first request; Schemathesis waits 10 s at most for it
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
        command += ["run", f"http://{address}/openapi.json", "--phases", ",".join(amount.phases)]
        command += ["--max-examples", str(amount.examples), "--seed", str(seed), "--no-color"]
        command += ["--generation-deterministic"] if amount.is_sampled else []
        environment = {
            "FUZZ_ADDRESS": address,
            "FUZZ_DATA_DIR": str(folder),
            "FUZZ_ROLE": role,
            "FUZZ_SEED": str(seed),
            "FUZZ_SAMPLED": "1" if amount.is_sampled else "0",
            "SCHEMATHESIS_HOOKS": "tests.api_fuzz.hooks",
            "PYTHONPATH": str(HERE.parents[1]),
        }
        # Schemathesis writes its cache into the working directory.
        done = subprocess.run(
            command,
            env=os.environ | environment,
            cwd=folder.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        server.until(lambda: server.get("/api/health/ready")["status"] == "ready")
    return Outcome(done.returncode == 0, done.stdout + done.stderr)
