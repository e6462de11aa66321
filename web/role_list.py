"""The pages' list of roles: ``shared/roles.ts``, generated from the table in ``f1timings.access.roles``.

``python web/role_list.py`` writes the file; ``--check`` reports whether it is out of date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from f1timings.access.roles import Role

LIST = Path(__file__).resolve().parent / "shared" / "roles.ts"


def role_list() -> str:
    """The file as it should be now."""
    return (
        "/** All roles, from least to most, generated from the server: `make types`. */\n"
        f"export const ROLES = {json.dumps(list(Role))} as const;\n\n"
        "export type Role = (typeof ROLES)[number];\n"
    )


def main() -> int:
    """Write or check; 1 if the check fails."""
    wanted = role_list()
    if "--check" not in sys.argv:
        LIST.write_text(wanted, "utf-8")
        return 0
    if LIST.is_file() and LIST.read_text("utf-8") == wanted:
        print("list of roles: up to date")
        return 0
    print("web/shared/roles.ts is out of date: make types", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
