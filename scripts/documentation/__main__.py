"""``python -m scripts.documentation``: update the generated parts, or check them with ``--check``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from scripts.documentation.parts import ROOT, outdated_documents, updated_document


def main(arguments: Sequence[str]) -> int:
    """Update the documents, or list the outdated ones; the exit code is 1 if the check finds any."""
    outdated = outdated_documents()
    names = [path.relative_to(ROOT).as_posix() for path in outdated]
    if "--check" in arguments:
        print(f"outdated, run 'make docs': {', '.join(names)}" if names else "documents: up to date")
        return bool(names)
    for path in outdated:
        path.write_text(updated_document(path), "utf-8")
    print(f"written: {', '.join(names) or 'nothing'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
