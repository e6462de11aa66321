"""``f1timings import``: time a capture from elsewhere and store its laps."""

from __future__ import annotations

from f1timings.commands.derived_records import derive_records
from f1timings.commands.options import CaptureArgument, DatabaseUrlOption, DataDirOption
from f1timings.commands.storing import store_records, summary
from f1timings.config import load_settings
from f1timings.intake.captures.reader import open_capture


def import_capture(
    file: CaptureArgument, data_dir: DataDirOption = None, database_url: DatabaseUrlOption = None
) -> None:
    """Time a capture and store its laps. Importing it again changes nothing."""
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    with open_capture(file) as capture:
        records = derive_records(capture)
    store_records(records, settings)
    print(summary(records, settings))
