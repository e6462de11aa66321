"""The subjects by which the documentation groups the routes: each route has the tag of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Subject(NamedTuple):
    """A subject, as the documentation introduces it."""

    title: str
    description: str


#: Each subject by its tag, in the order of the documentation.
SUBJECTS: Final[Mapping[str, Subject]] = {
    "leaderboard": Subject("Boards", "The best laps of one circuit at one meeting."),
    "laps": Subject("Laps", "Laps from the games and typed by hand, and what marshals decide about them."),
    "sessions": Subject("Sessions", "Sessions of the games: results, stints, pit visits and incidents."),
    "rigs": Subject("Rigs", "The simulators, who sits there, and the state of their telemetry."),
    "telemetry": Subject("Telemetry", "Where the games send their telemetry."),
    "queue": Subject("Queue", "The people who wait for a rig."),
    "drivers": Subject("Drivers", "People, their names in the games, and their personal data."),
    "meetings": Subject("Meetings", "Evenings with their circuit, rules and points."),
    "acts": Subject("Acts", "What people changed, and how to undo it."),
    "screens": Subject("Screens", "The pages and programs that are connected, and what they show."),
    "access": Subject("Access", "Setup, logins, accounts, tokens, and the security log."),
    "health": Subject("Health", "Whether the server works, for monitoring."),
    "older program": Subject("Older program", "The routes of the older program, with the same JSON."),
}
