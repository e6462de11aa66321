"""Checks of a page in a real browser: no console errors, no accessibility findings, not too wide."""

from __future__ import annotations

import re
import time
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, expect

from tests.waiting import LONGEST_WAIT_S
from tests.web.world import World

ROOT = Path(__file__).resolve().parents[2]
NAME, PASSWORD = "Race control", "gravel trap at turn nine"
# Log what the content security policy refuses to the console, so that `complaints` contains it.
WATCH_POLICY = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


#: Two frames: what follows a new size of the window has followed it.
DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))"


@cache
def _axe() -> str:
    return (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def serious_findings(page: Page) -> list[str]:
    """The findings of axe that are serious or critical, with their elements."""
    # Evaluated instead of added as a script, which the policy would refuse.
    page.evaluate(_axe())
    result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{finding['id']}: {', '.join(node['target'][0] for node in finding['nodes'])}"
        for finding in result["violations"]
        if finding["impact"] in ("serious", "critical")
    ]


def content_width(page: Page) -> int:
    """The width of the page's content; the page scrolls sideways if it is wider than the window."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def setup_code(console: list[str]) -> str:
    """The newest setup code in the console."""
    codes: list[str] = re.findall(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b", "\n".join(console))
    return codes[-1]


def create_account(page: Page, world: World, address: str) -> None:
    """Create the first account, :data:`NAME`, an admin, and sign the browser in."""
    world.access.setup_code.show()
    body = {"code": setup_code(world.console), "name": NAME, "password": PASSWORD}
    answer = page.request.post(f"http://{address}/api/v1/setup", data=body)
    assert answer.status == 201, answer.text()


def wait_until_true(page: Page, expression: str, arg: object = None) -> None:
    """Wait until an expression is true in the page, also while the page reloads.

    Playwright's own waiting may evaluate text inside the page, which the policy refuses.

    Args:
        arg: the argument of the expression, if that is a function.
    """
    deadline = time.monotonic() + LONGEST_WAIT_S
    while True:
        try:
            if page.evaluate(expression, arg):
                return
        except Error as error:
            if "Execution context was destroyed" not in error.message:
                raise
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


def undo_last(page: Page, what: str | re.Pattern[str]) -> None:
    """Press Undo once the button stands for this change, and wait for the answer."""
    button = page.locator(".undo button")
    expect(button).to_have_attribute("title", what)
    button.click()
    expect(page.locator(".undo .done")).to_contain_text("Undone:")
