"""Counts the work of a look: times differ from machine to machine, calls do not."""

from __future__ import annotations

from typing import Any

import pytest


def count_calls(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> list[object]:
    """Let a method note each of its calls in the list that is returned."""
    calls: list[object] = []
    method = getattr(owner, name)

    def counted(self: Any, *arguments: Any) -> Any:
        calls.append(self)
        return method(self, *arguments)

    monkeypatch.setattr(owner, name, counted)
    return calls
