"""The admin page makes a backup, downloads it, and warns while none can be made."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from f1timings.recovery.backups import files
from f1timings.store.data_folder import backups_folder
from tests.browser.office import Office, open_office
from tests.command_line import run_command
from tests.recovery.backups.world import drive, maker


@pytest.fixture(scope="module")
def office(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("backups"), browser) as opened:
        yield opened


@pytest.mark.parametrize("width", [390, 1280])
def test_a_backup_is_made_and_downloaded(
    page: Page, office: Office, complaints: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    office.open(page, "/admin")
    page.get_by_role("tab", name="Backups").click()
    panel = page.get_by_role("tabpanel")
    expect(panel).to_contain_text("There is no second folder")
    panel.get_by_role("button", name="Back up now").click()
    expect(panel).to_contain_text("Made and checked: f1timings-")
    newest = files.list_backups(backups_folder(office.server.data_dir))[-1]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as download:
        panel.get_by_role("link", name=f"Download {newest.path.name}").click()
    assert newest.sha256 == hashlib.sha256(download.value.path().read_bytes()).hexdigest()
    assert complaints == []


def test_a_backup_that_fails_is_a_line_at_the_top_in_both_languages(page: Page, office: Office) -> None:
    folder = backups_folder(office.server.data_dir)
    aside = folder.rename(folder.with_name("aside")) if folder.exists() else None
    folder.write_text("a file in the place of the folder")
    assert 503 == office.server.ask("POST", "/api/v1/backups", token=office.server.token("marshal")).status
    for language, text in (
        ("en", "No backup can be made. The folder cannot be read or written."),
        ("it", "La cartella non si può leggere o scrivere."),
    ):
        office.open(page, f"/admin?lang={language}")
        expect(page.get_by_role("alert").filter(has_text="✕")).to_contain_text(text)
    folder.unlink()
    if aside is not None:
        aside.rename(folder)
    assert 201 == office.server.ask("POST", "/api/v1/backups", token=office.server.token("marshal")).status
    office.open(page, "/admin")
    page.get_by_role("tab", name="Backups").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("Newest backup: just now")
    expect(page.get_by_role("alert").filter(has_text="✕")).to_have_count(0)


def test_laps_that_are_not_in_the_second_folder_for_a_day_are_a_line_at_the_top(
    page: Page, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    monkeypatch.setenv("F1TIMINGS_BACKUP_FOLDER", str(stick))
    drive(tmp_path / "data", 1)
    maker(tmp_path / "data", now=lambda: time.time() - 2 * 86_400).make("session")
    with open_office(tmp_path, browser) as office:
        alarm = page.get_by_role("alert").filter(has_text="✕")
        for language, text in (
            ("en", f"The second folder {stick} got no backup for more than 24 hours, and laps were driven."),
            ("it", f"Nella seconda cartella {stick} non arriva un backup"),
        ):
            office.open(page, f"/admin?lang={language}")
            expect(alarm).to_contain_text(text)
        checked = run_command("doctor", "--data-dir", office.server.data_dir)
        assert (
            f"WRONG Laps were driven, but the second folder of backups {stick} got no backup for 48 hours"
            in (checked.stdout)
        )
        assert 1 == office.server.metrics(office.server.token("viewer"))["backup_copy_old"]
        stick.mkdir()
        assert (
            201 == office.server.ask("POST", "/api/v1/backups", token=office.server.token("marshal")).status
        )
        expect(alarm).to_have_count(0)
