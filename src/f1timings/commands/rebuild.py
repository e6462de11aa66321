"""``f1timings rebuild``: time all captures of the data folder again."""

from __future__ import annotations

from f1timings.commands.derived_records import derive_records
from f1timings.commands.options import DatabaseUrlOption, DataDirOption
from f1timings.commands.storing import store_records, summary
from f1timings.config import load_settings
from f1timings.intake.captures.folder import iter_datagrams, list_capture_paths
from f1timings.store.data_folder import captures_folder


def rebuild(data_dir: DataDirOption = None, database_url: DatabaseUrlOption = None) -> None:
    """Time all captures of the data folder again. Laps without a capture do not change."""
    settings = load_settings(data_dir=data_dir, database_url=database_url)
    paths = list_capture_paths(captures_folder(settings.data_dir))
    records = derive_records(iter_datagrams(paths))
    store_records(records, settings)
    print(f"{len(paths)} captures: {summary(records, settings)}")
