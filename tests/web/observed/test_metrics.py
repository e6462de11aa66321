"""The metrics: figures that exist, bounded labels, no names and no addresses, and a token is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from scripts.documentation.parts import ROOT

from f1timings.access.roles import Role
from f1timings.store.events.commit_times import LIMITS_S, CommitTimes
from f1timings.web.observed.figures import (
    BackupFigures,
    Figures,
    ForwardingFigures,
    IntakeFigures,
    RecordingFigures,
)
from f1timings.web.observed.metrics import OTHERS, MetricsPage
from tests.web.observed.test_losses import rig, writer
from tests.web.world import open_client, open_world, serve

DASHBOARD = ROOT / "docs" / "examples" / "grafana_dashboard.json"
FULL = Figures(
    intake=IntakeFigures(
        datagrams=70, kernel_dropped=1, receive_errors={"EIO": 2}, unprocessed={"StoreBusy": 3}, waiting=4
    ),
    rigs=[rig(lost_updates=5, rejected={"too_short": 6}), rig("10.0.0.6")],
    strays={"too_short": 7, "unknown_format": 8},
    refused={"not_admitted": 20, "too_much": 21},
    writer=writer(queued=9, committed=10, rejected=11, spooled=19),
    commits=CommitTimes().with_commit(0.004).with_commit(60.0),
    recording=RecordingFigures(state="paused", dropped=12),
    forwarding=ForwardingFigures(targets=1, sent=13, dropped=14),
    screens=15,
    viewers=16,
    free_bytes=17,
    backups=BackupFigures(newest_at=18.5, is_failing=True, copied_at=22.5, is_copy_old=True),
)
NUMBERS = {"10.0.0.5": 1, "10.0.0.6": 2}


def samples(figures: Figures, numbers: dict[str, int] | None = None) -> list[Sample]:
    page = MetricsPage(lambda: figures, lambda: NUMBERS if numbers is None else numbers, "1.2.3")
    families = text_string_to_metric_families(page.text().decode())
    return [sample for family in families for sample in family.samples]


def value(found: list[Sample], name: str, **labels: str) -> float:
    (sample,) = [one for one in found if one.name == f"f1timings_{name}" and one.labels == labels]
    return sample.value


def test_every_figure_is_a_metric() -> None:
    found = samples(FULL)
    expected = {
        "datagrams_total": 70, "kernel_dropped_datagrams_total": 1, "waiting_datagrams": 4,
        "queued_records": 9, "committed_records_total": 10, "rejected_records_total": 11, "database_up": 1,
        "commit_seconds_count": 2, "commit_seconds_sum": 60.004, "capture_dropped_datagrams_total": 12,
        "forward_targets": 1, "forwarded_datagrams": 13, "forward_dropped_datagrams": 14, "screens": 15,
        "viewers": 16, "disk_free_bytes": 17,
        "newest_backup_timestamp_seconds": 18.5, "backup_failing": 1, "spooled_records": 19,
        "newest_backup_copy_timestamp_seconds": 22.5, "backup_copy_old": 1,
    }  # fmt: skip
    assert expected == {name: value(found, name) for name in expected}
    assert 2 == value(found, "receive_errors_total", error="EIO")
    assert 3 == value(found, "unprocessed_datagrams_total", error="StoreBusy")
    assert 13 == value(found, "rejected_datagrams_total", reason="too_short")
    assert 20 == value(found, "refused_datagrams_total", reason="not_admitted")
    assert 21 == value(found, "refused_datagrams_total", reason="too_much")
    assert 5 == value(found, "rig_lost_updates_total", rig="1")
    assert [0, 0, 1, 0] == [
        value(found, "capture_state", state=state) for state in ("ok", "off", "paused", "failing")
    ]
    assert [0, 1, 2] == [value(found, "commit_seconds_bucket", le=le) for le in ("0.002", "0.005", "+Inf")]


def test_what_is_not_known_is_absent_and_not_0() -> None:
    names = {sample.name for sample in samples(replace(FULL, intake=IntakeFigures(kernel_dropped=None)))}
    assert "f1timings_kernel_dropped_datagrams_total" not in names
    assert "f1timings_disk_free_bytes" not in {
        sample.name for sample in samples(replace(FULL, free_bytes=None))
    }


def test_a_thousand_rigs_are_at_most_65_labels_and_none_is_an_address() -> None:
    rigs = [rig(f"10.0.{number // 250}.{number % 250}", lost_updates=1) for number in range(1_000)]
    numbers = {one.key: number for number, one in enumerate(rigs[:500], 1)}
    found = samples(replace(FULL, rigs=rigs), numbers)
    labels = {sample.labels["rig"] for sample in found if "rig" in sample.labels}
    assert {*map(str, range(1, 65)), OTHERS} == labels
    assert 1_000 - 64 == value(found, "rig_lost_updates_total", rig=OTHERS)


def test_commit_times_count_in_the_first_limit_that_is_not_below() -> None:
    times = CommitTimes().with_commit(LIMITS_S[0]).with_commit(LIMITS_S[0] + 0.0001).with_commit(999)
    assert (1, 1) == times.counts[:2]
    assert (1, 3) == (times.counts[-1], sum(times.counts))


def test_a_token_is_needed_also_while_reading_is_open(tmp_path: Path) -> None:
    with open_world(tmp_path) as world, serve(world.app) as address:
        world.figures = FULL
        with open_client(f"http://{address}") as anonymous:
            assert 401 == anonymous.get("/metrics").status_code
        headers = {"Authorization": f"Bearer {world.token(Role.VIEWER)}"}
        with open_client(f"http://{address}", headers) as scraper:
            answer = scraper.get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert (200, True) == (answer.status_code, answer.headers["content-type"].startswith("text/plain"))
    assert "f1timings_datagrams_total 70.0" in answer.text
    assert "10.0.0." not in answer.text


def queries(node: object) -> Iterator[str]:
    """Every expression in the dashboard."""
    if isinstance(node, dict):
        yield from ([node["expr"]] if "expr" in node else [])
        yield from (query for inner in node.values() for query in queries(inner))
    elif isinstance(node, list):
        yield from (query for inner in node for query in queries(inner))


def test_every_metric_in_the_dashboard_exists() -> None:
    existing = {sample.name for sample in samples(FULL)}
    used = {
        name for query in queries(json.loads(DASHBOARD.read_text("utf-8")))
        for name in re.findall(r"\b(?:f1timings|process)_\w+", query)
    }  # fmt: skip
    assert len(used) > 15
    assert set() == used - existing


@pytest.mark.parametrize(
    "missing",
    [
        "kernel_dropped_datagrams_total",
        "commit_seconds_bucket",
        "refused_datagrams_total",
        "newest_backup_copy_timestamp_seconds",
    ],
)
def test_the_dashboard_shows_what_matters_most(missing: str) -> None:
    assert any(f"f1timings_{missing}" in query for query in queries(json.loads(DASHBOARD.read_text("utf-8"))))
