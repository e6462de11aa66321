"""The texts that explain a damaged database: what is left, and the commands that bring the laps back."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from f1timings.config import Settings
from f1timings.errors import StoreDamaged
from f1timings.recovery.backups.files import Backup
from f1timings.recovery.captures import CapturesState
from f1timings.store.damage.fresh_file import FreshStart

_DEFAULT_FOLDER: Final = Settings.model_fields["data_dir"].default
#: What is counted in the report of a fresh start: table, and its word for one and for many.
_COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "drivers": ("driver", "drivers"),
    "assignments": ("seat", "seats"),
    "meetings": ("meeting", "meetings"),
    "laps": ("lap", "laps"),
    "manual_laps": ("of them typed by hand", "of them typed by hand"),
    "lap_marks": ("decision about a lap", "decisions about laps"),
    "accounts": ("account", "accounts"),
}


def with_advice(
    damage: StoreDamaged, settings: Settings, captures: CapturesState, *, backup: Backup | None = None
) -> StoreDamaged:
    """The same damage, with what is left and the commands to enter.

    Args:
        damage: what is damaged.
        settings: of the server whose database it is.
        captures: the state of its captures.
        backup: the newest good backup; None if there is none.
    """
    commands = _postgresql_steps if _is_postgresql(settings) else _sqlite_steps
    lines = [f"{captures.text}.", *_steps_with_backup(settings, backup)]
    lines += commands(settings, has_captures=bool(captures.files))
    return StoreDamaged(damage.database, damage.damage, "\n".join(lines))


def report(start: FreshStart, settings: Settings) -> str:
    """What happened at the start on a fresh file, and what to enter next."""
    rows = start.salvaged.rows
    counts = [
        f"{count} {words[count > 1]}" for table, words in _COUNTED.items() if (count := rows.get(table))
    ]
    incomplete = ", ".join(table.replace("_", " ") for table in start.salvaged.incomplete)
    lines = [
        f"The database {start.damage.database} was damaged: {start.damage.damage}.",
        f"It is kept as {start.kept}, and the server starts on a fresh file.",
        f"Taken over from it: {', '.join(counts)}." if counts else "Nothing could be read in it.",
    ]
    if counts and incomplete:
        lines.append(f"Not completely readable: {incomplete}.")
    lines += ["To bring the laps back from the captures, enter this while the server runs:"]
    return "\n".join([*lines, f"    {command_for('rebuild', settings)}"])


def _steps_with_backup(settings: Settings, backup: Backup | None) -> list[str]:
    if backup is None:
        return ["There is no backup."]
    return [
        f"The newest good backup is of {backup.text}. To restore it, stop the server if it runs, and enter:",
        f"    {command_for('restore --newest', settings)}",
        "The damaged database is kept, and newer laps come back from the captures; what people entered after "
        "the backup does not. To save more of that, or without a backup:",
    ]


def _sqlite_steps(settings: Settings, *, has_captures: bool) -> list[str]:
    steps = [
        "1. Stop the server if it runs. Start it on a fresh database; the damaged file is kept beside it:",
        f"    {command_for('serve --fresh-database', settings)}",
    ]
    if has_captures:
        steps += [
            "2. Bring the laps back from the captures, while the server runs:",
            f"    {command_for('rebuild', settings)}",
        ]
    return [
        *steps,
        "The captures do not contain what people entered: drivers, seats, meetings, decisions, laps typed by "
        "hand, accounts. The start takes these over from the damaged file as far as they are readable, and "
        "names what is not.",
    ]


def _postgresql_steps(settings: Settings, *, has_captures: bool) -> list[str]:
    steps = [
        "1. Stop the server if it runs. Restore a backup of the database, or create an empty one, and start "
        "again.",
    ]
    if has_captures:
        steps += [
            "2. Bring the laps back from the captures, while the server runs:",
            f"    {command_for('rebuild', settings)}",
        ]
    return [
        *steps,
        "What people entered since that backup (drivers, seats, decisions, laps typed by hand) does not come "
        "back.",
    ]


def _is_postgresql(settings: Settings) -> bool:
    return (settings.database_url or "").startswith("postgres")


def command_for(words: str, settings: Settings) -> str:
    """A command for this data folder. Not with the URL of a database, which may contain a password."""
    is_default = settings.data_dir == Path(_DEFAULT_FOLDER)
    folder = "" if is_default else f" --data-dir {shlex.quote(str(settings.data_dir))}"
    return f"f1timings {words}{folder}"
