"""The long run of Schemathesis with each role; ``python -m tests.api_fuzz --examples 300``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.api_fuzz.run import ROLES, WHOLE, prepare_data, run_schemathesis


def main() -> None:
    """Run with each chosen role; exit with an error if any run fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--examples", type=int, default=WHOLE.examples, help="generated requests per operation"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--role", choices=ROLES, action="append", help="empty for an anonymous client; all if not given"
    )
    arguments = parser.parse_args()
    amount = WHOLE._replace(examples=arguments.examples)
    failed = []
    with tempfile.TemporaryDirectory(prefix="f1timings-fuzz-") as temporary:
        prepare_data(Path(temporary) / "prepared")
        for role in arguments.role or ROLES:
            outcome = run_schemathesis(
                Path(temporary) / "prepared",
                Path(temporary) / (role or "anonymous"),
                role,
                amount,
                seed=arguments.seed,
            )
            print(f"as {role or 'anonymous'}:\n{outcome.report}", flush=True)
            failed += [] if outcome.is_clean else [role or "anonymous"]
    if failed:
        sys.exit(f"failed as {', '.join(failed)}")


if __name__ == "__main__":
    main()
