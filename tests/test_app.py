"""The application closes all that it opened, also when it fails to open completely."""

from __future__ import annotations

from pathlib import Path

import pytest

from f1timings import app
from f1timings.app import Application
from f1timings.clock import ServerClock
from f1timings.config import load_settings
from f1timings.store import Store, sqlite_url
from f1timings.store.data_folder import DataFolder


def test_an_application_that_fails_to_open_releases_its_data_folder_and_its_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Store] = []
    close = Store.close

    def record_and_close(store: Store, timeout: float = 30.0) -> None:
        closed.append(store)
        close(store, timeout)

    def fail(_services: object) -> None:
        raise RuntimeError("no web")

    monkeypatch.setattr(Store, "close", record_and_close)
    monkeypatch.setattr(app, "create_web", fail)
    with pytest.raises(RuntimeError, match="no web"):
        Application(load_settings(data_dir=tmp_path, udp_port=0))
    assert 1 == len(closed)
    DataFolder.acquire(tmp_path).release()


def test_closing_twice_is_the_same_as_closing_once(tmp_path: Path) -> None:
    application = Application(load_settings(data_dir=tmp_path, udp_port=0))
    application.close()
    application.close()
    with DataFolder.acquire(tmp_path), Store.open(sqlite_url(tmp_path), clock=ServerClock().now):
        pass
