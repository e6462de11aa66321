"""Start the server as the older program was started: ``python main.py``, or ``uvicorn main:app``.

With ``uvicorn main:app``, uvicorn's own address and port are used.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "src"))

if TYPE_CHECKING:
    from fastapi import FastAPI

    app: FastAPI


def __getattr__(name: str) -> Any:
    """Create ``app`` on first access: a server needs it, the script does not."""
    if name != "app":
        raise AttributeError(name)
    from f1timings.app import create_app
    from f1timings.config import load_settings

    globals()["app"] = application = create_app(load_settings())
    return application


def _build_pages() -> None:
    """Build the pages at the first start and after an update. The server also runs without them."""
    script = Path(__file__).resolve().parent / "web" / "build.py"
    if subprocess.run([sys.executable, str(script)]).returncode:
        print("The pages could not be built; the server starts without them.", file=sys.stderr)


if __name__ == "__main__":
    from f1timings.commands.main import main

    _build_pages()
    main(["serve", *sys.argv[1:]])
