"""The hook that builds the pages before the wheel and the sdist are packed."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface[Any]):
    """Leaves an editable installation alone: there ``make install`` builds, whenever the sources change."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the pages unless they are there; a wheel made from an sdist finds them built."""
        if version != "editable":
            runpy.run_path(str(Path(self.root, "web", "build.py")))["build"]()
