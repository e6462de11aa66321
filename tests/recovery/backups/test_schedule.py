"""When a backup is due."""

from __future__ import annotations

from f1timings.recovery.backups.schedule import AFTER_SESSION_S, EVERY_S, OLD_S, RETRY_S, BackupSchedule


def test_without_a_change_none_is_due() -> None:
    schedule = BackupSchedule(0.0)
    schedule.note_end_of_session()
    assert schedule.due(1e9) is None


def test_one_is_due_fifteen_minutes_after_the_first_change() -> None:
    schedule = BackupSchedule(0.0)
    schedule.note_change(100.0)
    schedule.note_change(900.0)
    assert schedule.due(100.0 + EVERY_S - 1) is None
    assert "interval" == schedule.due(100.0 + EVERY_S)


def test_one_is_due_at_the_end_of_a_session_and_not_again_for_five_minutes() -> None:
    schedule = BackupSchedule(0.0)
    schedule.note_change(1.0)
    schedule.note_end_of_session()
    assert "session" == schedule.due(2.0)
    schedule.begin(2.0)
    schedule.end(3.0, is_made=True)
    assert schedule.due(4.0) is None
    schedule.note_change(5.0)
    schedule.note_end_of_session()
    assert schedule.due(2.0 + AFTER_SESSION_S - 1) is None
    assert "session" == schedule.due(2.0 + AFTER_SESSION_S)


def test_what_changes_during_a_backup_needs_the_next_one() -> None:
    schedule = BackupSchedule(0.0)
    schedule.note_change(0.0)
    schedule.begin(EVERY_S)
    schedule.note_change(EVERY_S + 1)
    schedule.end(EVERY_S + 2, is_made=True)
    assert EVERY_S + 1 == schedule.changed_since
    assert "interval" == schedule.due(2 * EVERY_S + 2)


def test_a_failed_one_is_tried_again_after_a_minute_and_is_late_in_the_end() -> None:
    schedule = BackupSchedule(0.0)
    schedule.note_change(10.0)
    schedule.begin(20.0)
    schedule.end(21.0, is_made=False)
    assert schedule.due(20.0 + RETRY_S - 1) is None
    assert "interval" == schedule.due(20.0 + RETRY_S)
    assert not schedule.is_late(10.0 + OLD_S - 1)
    assert schedule.is_late(10.0 + OLD_S)
    schedule.begin(10.0 + OLD_S)
    schedule.end(10.0 + OLD_S, is_made=True)
    assert not schedule.is_late(1e9)


def test_a_young_backup_is_known() -> None:
    schedule = BackupSchedule(0.0)
    schedule.begin(100.0)
    schedule.end(101.0, is_made=True)
    assert schedule.is_younger(150.0, 60.0)
    assert not schedule.is_younger(162.0, 60.0)
    schedule.begin(163.0)
    schedule.end(163.0, is_made=False)
    assert not schedule.is_younger(164.0, 600.0)
