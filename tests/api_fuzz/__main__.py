"""Everything that Schemathesis can think of, as each role; ``python -m tests.api_fuzz --examples 300``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.api_fuzz.attempt import ROLES, WHOLE, attempt, furnish


def main() -> None:
    """The long form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=WHOLE.examples, help="made-up requests an operation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--role", choices=ROLES, action="append", help="empty for nobody; all if not given")
    chosen = parser.parse_args()
    asked = WHOLE._replace(examples=chosen.examples)
    failed = []
    with tempfile.TemporaryDirectory(prefix="f1timings-fuzz-") as made:
        furnish(Path(made) / "furnished")
        for role in chosen.role or ROLES:
            outcome = attempt(
                Path(made) / "furnished", Path(made) / (role or "nobody"), role, asked, chosen.seed
            )
            print(f"as {role or 'nobody'}:\n{outcome.report}", flush=True)
            failed += [] if outcome.is_clean else [role or "nobody"]
    if failed:
        sys.exit(f"failed as {', '.join(failed)}")


if __name__ == "__main__":
    main()
