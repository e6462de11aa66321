"""One example of each body of the API; the documentation shows them and a test holds them to their models."""

from __future__ import annotations
