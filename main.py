"""The older program's way to start: ``python main.py``, or ``uvicorn main:app`` at uvicorn's own address."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

if TYPE_CHECKING:
    from fastapi import FastAPI

    app: FastAPI


def __getattr__(name: str) -> Any:
    """Make the application only when a server asks for it, not when it is a script."""
    if name != "app":
        raise AttributeError(name)
    from f1timings.app import create_app
    from f1timings.config import load_settings

    globals()["app"] = application = create_app(load_settings())
    return application


if __name__ == "__main__":
    from f1timings.cli import main

    main(["serve", *sys.argv[1:]])
