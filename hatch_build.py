"""A build hook: build the pages before the wheel and the sdist are packed."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface[Any]):
    """Builds the pages, except for an editable installation: there ``make install`` builds them."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the pages unless they exist; an sdist already contains them."""
        if version != "editable":
            runpy.run_path(str(Path(self.root, "web", "build.py")))["build"]()
