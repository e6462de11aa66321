"""The pages' English sentences of refused acts, generated from ``f1timings.refusals``.

``python web/refusal_list.py`` writes them to ``shared/language/refusals/``; ``--check`` reports whether they
are out of date.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from f1timings.refusals import SENTENCES

LIST = Path(__file__).resolve().parent / "shared" / "language" / "refusals" / "words.en.ts"
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def refusal_list() -> str:
    """The file as it should be now."""
    lines = [f"  {json.dumps(f'refusal.{code}')}: {_quoted(text)},\n" for code, text in SENTENCES.items()]
    return (
        "/** Why an act is refused, in English, generated from the server: `make types`. */\n"
        f"export const en = {{\n{''.join(lines)}}} as const;\n"
    )


def _quoted(text: str) -> str:
    return json.dumps(_APOSTROPHE.sub("’", text), ensure_ascii=False)


def main() -> int:
    """Write or check; 1 if the check fails."""
    wanted = refusal_list()
    if "--check" not in sys.argv:
        LIST.write_text(wanted, "utf-8")
        return 0
    if LIST.is_file() and LIST.read_text("utf-8") == wanted:
        print("list of refusals: up to date")
        return 0
    print("web/shared/language/refusals/words.en.ts is out of date: make types", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
