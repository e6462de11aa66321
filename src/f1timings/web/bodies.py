"""The JSON of the API: each model's fields, how it is made from a record, and an example of it."""

from __future__ import annotations
