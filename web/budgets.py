"""Checks how much JavaScript each built page loads against its budget, in compressed kB.

The size includes everything that a page imports, at once or later, because a TV stick loads it over the
venue's network. ``/display`` is counted once for each scene: what it imports at once, and that scene. What
a page runs ahead of its own script, its ``ahead.ts``, has a budget of its own: it must not wait for much.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

STATIC = Path(__file__).resolve().parents[1] / "src" / "f1timings" / "web" / "static"
KB = 1000
BUDGETS_KB = {
    "display": 90,
    "car": 90,
    "overlay": 90,
    "me": 62,
    "compare": 90,
    "compare-ahead": 12,
    "laps": 60,
    "home": 60,
    "login": 60,
    "setup": 60,
    "missing": 60,
    "admin": 200,
    "users": 200,
}


def main() -> int:
    """Print the size of each page; 1 if a page is over its budget or has no budget."""
    manifest: Mapping[str, Any] = json.loads((STATIC / "manifest.json").read_text("utf-8"))
    over = False
    for entry in sorted(key for key, chunk in manifest.items() if chunk.get("isEntry")):
        page = page_of(entry)
        budget = BUDGETS_KB.get(page, 0) * KB
        for name, files in screens(manifest, entry):
            size = sum(compressed_size(file) for file in files)
            over = over or size > budget
            verdict = "over the budget" if size > budget else "of"
            print(f"{name:24} {size / KB:6.1f} kB {verdict} {budget / KB:.0f} kB")
    return int(over)


def page_of(entry: str) -> str:
    """The page of ``compare/index.html``: ``compare``; ``compare-ahead`` of ``compare/ahead.ts``."""
    folder, _, name = entry.partition("/")
    return f"{folder}-ahead" if name == "ahead.ts" else folder


def screens(manifest: Mapping[str, Any], entry: str) -> Iterator[tuple[str, set[str]]]:
    """What a screen with a page loads, with a name for it; for a page with scenes, once for each scene."""
    page = page_of(entry)
    scenes = {key for key in manifest[entry].get("dynamicImports", ()) if key.startswith(f"{page}/scenes/")}
    if not scenes:
        yield page, set(scripts(manifest, entry))
    for scene in sorted(scenes):
        folder = scene.split("/")[2]
        # A scene may import what the entry has, which is counted already.
        of_scene = scripts(manifest, scene, {entry})
        yield f"{page}/{folder}", {*scripts(manifest, entry, set(scenes)), *of_scene}


def scripts(manifest: Mapping[str, Any], key: str, seen: set[str] | None = None) -> Iterator[str]:
    """The script files of an entry and of everything that it imports, at once or later, except ``seen``."""
    seen = set() if seen is None else seen
    if key in seen:
        return
    seen.add(key)
    chunk = manifest[key]
    if chunk["file"].endswith(".js"):
        yield chunk["file"]
    for other in (*chunk.get("imports", ()), *chunk.get("dynamicImports", ())):
        yield from scripts(manifest, other, seen)


def compressed_size(file: str) -> int:
    """The size of a file in bytes, as the server sends it."""
    return len(gzip.compress((STATIC / file).read_bytes()))


if __name__ == "__main__":
    sys.exit(main())
