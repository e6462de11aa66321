"""The pages' types of the API: ``shared/openapi.d.ts``, generated from the application's OpenAPI document.

``python web/api_types.py`` writes the file; ``--check`` reports whether it is out of date.
It needs no server.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

WEB = Path(__file__).resolve().parent
TYPES = WEB / "shared" / "openapi.d.ts"


def api_types() -> str:
    """The types as they should be now."""
    sys.path[:0] = [str(WEB.parent), str(WEB)]
    import build
    from scripts.documentation.api import openapi

    build.install()
    with tempfile.TemporaryDirectory() as folder:
        document, types = Path(folder, "openapi.json"), Path(folder, "openapi.d.ts")
        document.write_text(json.dumps(openapi()), "utf-8")
        build.node(
            "node_modules/openapi-typescript/bin/cli.js", str(document), "--output", str(types), quiet=True
        )
        return types.read_text("utf-8")


def main() -> int:
    """Write or check; 1 if the check fails."""
    wanted = api_types()
    if "--check" not in sys.argv:
        TYPES.write_text(wanted, "utf-8")
        return 0
    if TYPES.is_file() and TYPES.read_text("utf-8") == wanted:
        print("types of the API: up to date")
        return 0
    print("web/shared/openapi.d.ts is out of date: make types", file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as failure:
        sys.exit(failure.returncode)
