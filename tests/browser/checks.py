"""What every page must pass in a real browser: no complaint, no finding of axe, nothing too wide."""

from __future__ import annotations

import re
import time
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page

from tests.web.world import World

ROOT = Path(__file__).resolve().parents[2]
NAME, PASSWORD = "Race control", "gravel trap at turn nine"
# A style or script that the policy refused is told to the console, so that `complaints` holds it.
WATCH_POLICY = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@cache
def _axe() -> str:
    return (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def serious_findings(page: Page) -> list[str]:
    """What axe finds serious or critical, with the elements."""
    # Evaluated, not added as a script: the policy would refuse that, as it should.
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {', '.join(node['target'][0] for node in one['nodes'])}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def width_of(page: Page) -> int:
    """How wide the page's content is; more than the window makes it scroll sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def code_on(console: list[str]) -> str:
    """The setup code that the console showed last."""
    codes: list[str] = re.findall(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", "\n".join(console))
    return codes[-1]


def make_account(page: Page, world: World, address: str) -> None:
    """Make the first account, :data:`NAME`, an admin; the browser is signed in with it."""
    world.access.setup_code.show()
    body = {"code": code_on(world.console), "name": NAME, "password": PASSWORD}
    answer = page.request.post(f"http://{address}/api/v1/setup", data=body)
    assert answer.status == 201, answer.text()


def until_true(page: Page, expression: str, seconds: float = 8.0) -> None:
    """Wait until an expression is true in the page, through reloads.

    Playwright's own waiting evaluates text inside a page that has just reloaded, where the policy refuses it.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            if page.evaluate(expression):
                return
        except Error as error:
            if "Execution context was destroyed" not in error.message:
                raise
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)
