"""The JSON bodies about backups."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Self

from pydantic import ConfigDict, Field

from f1timings.errors import BackupTrouble
from f1timings.recovery.backups.files import Backup, Reason
from f1timings.recovery.backups.keeper import BackupsState
from f1timings.recovery.backups.second_folder import SecondFolderState
from f1timings.web.http.bodies import Body, ListBody, Timestamp, moment_text

BACKUP: dict[str, Any] = {
    "name": "f1timings-20261122T201500Z.db",
    "made_at": "2026-11-22T20:15:00.250000Z",
    "age_s": 240,
    "reason": "interval",
    "bytes": 4_210_688,
    "laps": 1234,
}
SECOND: dict[str, Any] = {
    "path": "/media/stick/f1timings",
    "newest": None,
    "trouble": "absent",
    "problem": "it is not there",
    "is_copying": False,
    "is_old": False,
}
STATE: dict[str, Any] = {
    "folder": "/home/club/data/backups",
    "newest": BACKUP,
    "trouble": None,
    "problem": None,
    "is_late": False,
    "is_running": False,
    "second": SECOND,
}


class BackupBody(Body):
    """A backup that was complete and correct when it was made."""

    model_config = ConfigDict(json_schema_extra={"examples": [BACKUP]})

    name: str = Field(description="Of its file in the folder.")
    made_at: Timestamp
    age_s: int = Field(description="Seconds since then.")
    reason: Reason = Field(
        description=(
            "`requested` by a person or program; at the end of a `session`; by `interval`; before a "
            "`migration`, a great `change`, an `import` or a `restore`; after the `erasure` of a person."
        )
    )
    bytes: int
    laps: int = Field(description="In it, also deleted ones and those typed by hand.")

    @classmethod
    def of(cls, backup: Backup, now: float) -> Self:
        """Build the body.

        Args:
            now: server time, seconds since 1970.
        """
        age = datetime.fromtimestamp(now, UTC) - backup.made_at
        return cls(
            name=backup.path.name,
            made_at=moment_text(backup.made_at),
            age_s=max(0, round(age.total_seconds())),
            reason=backup.reason,
            bytes=backup.bytes,
            laps=backup.contents.laps,
        )


class BackupListBody(ListBody[BackupBody]):
    """Every backup, the newest first; there is no next page."""


class SecondFolderBody(Body):
    """The second folder, into which backups are copied."""

    model_config = ConfigDict(json_schema_extra={"examples": [SECOND]})

    path: str
    newest: BackupBody | None = Field(description="The newest backup that is known to be there.")
    trouble: BackupTrouble | None = Field(description="Why the newest backup is not there; null if it is.")
    problem: str | None = Field(description="The same in English.")
    is_copying: bool
    is_old: bool = Field(
        description="Laps were driven, and no backup of the last 24 hours is there, or none is known."
    )

    @classmethod
    def of(cls, state: SecondFolderState, now: float, *, is_old: bool) -> Self:
        """Build the body."""
        return cls(
            path=str(state.path),
            newest=None if state.newest is None else BackupBody.of(state.newest, now),
            trouble=None if state.problem is None else state.problem.trouble,
            problem=None if state.problem is None else str(state.problem),
            is_copying=state.copying_since is not None,
            is_old=is_old,
        )


class BackupStateBody(Body):
    """What the staff must know about the backups."""

    model_config = ConfigDict(json_schema_extra={"examples": [STATE]})

    folder: str
    newest: BackupBody | None = Field(description="The newest good backup; null if there is none.")
    trouble: BackupTrouble | None = Field(description="Why the last attempt failed; null if it did not.")
    problem: str | None = Field(description="The same in English.")
    is_late: bool = Field(description="Changes have waited for a backup for more than 30 minutes.")
    is_running: bool = Field(description="A backup is being made.")
    second: SecondFolderBody | None = Field(description="Null if the setting `backup_folder` is not set.")

    @classmethod
    def of(cls, state: BackupsState, folder: str, now: float) -> Self:
        """Build the body."""
        return cls(
            folder=folder,
            newest=None if state.newest is None else BackupBody.of(state.newest, now),
            trouble=None if state.problem is None else state.problem.trouble,
            problem=None if state.problem is None else str(state.problem),
            is_late=state.is_late,
            is_running=state.is_running,
            second=None
            if state.second is None
            else SecondFolderBody.of(state.second, now, is_old=state.old_copy is not None),
        )


class MadeBackupBody(Body):
    """The name of a backup that a command requested."""

    name: str
