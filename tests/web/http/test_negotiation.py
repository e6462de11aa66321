"""The Accept header chooses between JSON and CSV, by quality and by how specific each range is."""

from __future__ import annotations

import pytest

from f1timings.web.http.negotiation import CSV, JSON, choose


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        ("text/csv, application/json", JSON),
        ("text/csv, application/json;q=0.9", CSV),
        ("text/csv;q=0.5, */*", JSON),
        ("application/json;q=0, */*", CSV),
        ("text/html, */*;q=0.1", JSON),
        ("text/html", None),
        ("text/csv;q=0", None),
        ("text/csv;q=none", None),
        ("nonsense", None),
    ],
)
def test_the_client_gets_the_type_that_it_prefers(accept: str | None, expected: str | None) -> None:
    assert choose(accept, (JSON, CSV)) == expected
