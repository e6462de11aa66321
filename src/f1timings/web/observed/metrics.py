"""The metrics for Prometheus, built from the figures when they are requested; nothing is counted for them.

Labels have few values: numbers of rigs, reasons and errors that this program names. Names of people and
addresses are no labels, so that a sender can neither see nor multiply them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, get_args

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from f1timings.store.events.commit_times import LIMITS_S
from f1timings.web.observed.figures import Figures, Recording, RigFigures

_MOST_RIGS: Final = 64
#: The rig of all further rigs together, and of those without a number.
OTHERS: Final = "others"

Families = Iterator[Metric]


class MetricsPage:
    """Writes the metrics in Prometheus' text format.

    Args:
        figures: reads the figures.
        numbers: returns the numbers of the rigs, by their keys.
        version: of the program.
    """

    def __init__(
        self, figures: Callable[[], Figures], numbers: Callable[[], Mapping[str, int]], version: str
    ) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_FiguresCollector(figures, numbers, version))
        ProcessCollector(registry=self._registry)

    def text(self) -> bytes:
        """The metrics at this moment; from any thread."""
        return generate_latest(self._registry)


class _FiguresCollector(Collector):
    """Builds the metrics of one request."""

    def __init__(
        self, figures: Callable[[], Figures], numbers: Callable[[], Mapping[str, int]], version: str
    ) -> None:
        self._figures = figures
        self._numbers = numbers
        self._version = version

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry need not know the names before the first request."""
        return ()

    def collect(self) -> Families:
        """All metrics."""
        figures = self._figures()
        yield InfoMetricFamily("f1timings", "The program.", {"version": self._version})
        for families in (_intake, _rejected, _store, _live, _disk, _backups, _forwarding):
            yield from families(figures)
        yield from _rigs(figures.rigs, self._numbers())


def _intake(figures: Figures) -> Families:
    intake = figures.intake
    yield _counter("datagrams", "Datagrams read from the socket.", intake.datagrams)
    if intake.kernel_dropped is not None:
        text = "Datagrams that the kernel of this machine dropped."
        yield _counter("kernel_dropped_datagrams", text, intake.kernel_dropped)
    yield _counters("receive_errors", "Errors of the socket.", label="error", values=intake.receive_errors)
    text = "Datagrams of which the processing failed; StoreBusy: the queue to the database was full."
    yield _counters("unprocessed_datagrams", text, label="error", values=intake.unprocessed)
    yield _gauge("waiting_datagrams", "Datagrams that are read and not handled yet.", intake.waiting)


def _rejected(figures: Figures) -> Families:
    text = "Datagrams that are no packets of a known game."
    yield _counters("rejected_datagrams", text, label="reason", values=figures.rejected)
    text = "Datagrams refused because of their sender; not_admitted: by the lock of the rigs."
    yield _counters("refused_datagrams", text, label="reason", values=figures.refused)


def _store(figures: Figures) -> Families:
    writer = figures.writer
    yield _gauge("queued_records", "Records that wait for the database.", writer.queued)
    text = "Records that wait for the database and are in the spool as well."
    yield _gauge("spooled_records", text, writer.spooled)
    yield _counter("committed_records", "Records in the database since the start.", writer.committed)
    text = "Records that the database can never accept."
    yield _counter("rejected_records", text, writer.rejected)
    yield _gauge("database_up", "Whether the database accepts records.", int(writer.failing_since is None))
    yield _commit_times(figures)


def _commit_times(figures: Figures) -> Metric:
    counts, total_s = figures.commits
    buckets, sum_so_far = [], 0
    for limit, count in zip((*map(str, LIMITS_S), "+Inf"), counts, strict=True):
        sum_so_far += count
        buckets.append((limit, float(sum_so_far)))
    text = "Time of a commit with its fsync."
    return HistogramMetricFamily("f1timings_commit_seconds", text, buckets=buckets, sum_value=total_s)


def _live(figures: Figures) -> Families:
    yield _gauge("viewers", "Connections for live updates.", figures.viewers)
    yield _gauge("screens", "Connections that have subscribed to views.", figures.screens)


def _disk(figures: Figures) -> Families:
    recording = figures.recording
    states = GaugeMetricFamily("f1timings_capture_state", "The state of recording: 1.", labels=["state"])
    for state in get_args(Recording):
        states.add_metric([state], int(state == recording.state))
    yield states
    yield _counter("capture_dropped_datagrams", "Datagrams missing in the captures.", recording.dropped)
    yield _gauge("capture_bytes", "Size of all captures.", recording.bytes_on_disk)
    if figures.free_bytes is not None:
        yield _gauge("disk_free_bytes", "Free on the disk of the data folder.", figures.free_bytes)


def _backups(figures: Figures) -> Families:
    backups = figures.backups
    yield _gauge("backup_failing", "Whether the last backup failed, or one is late.", int(backups.is_failing))
    if backups.newest_at is not None:
        text = "When the newest good backup was made, seconds since 1970."
        yield _gauge("newest_backup_timestamp_seconds", text, backups.newest_at)
    text = "Whether laps of a day or more are missing in the second folder of backups."
    yield _gauge("backup_copy_old", text, int(backups.is_copy_old))
    if backups.copied_at is not None:
        text = "When the newest backup in the second folder was made, seconds since 1970."
        yield _gauge("newest_backup_copy_timestamp_seconds", text, backups.copied_at)


def _forwarding(figures: Figures) -> Families:
    forwarding = figures.forwarding
    yield _gauge("forward_targets", "Programs to which telemetry is sent on.", forwarding.targets)
    yield _gauge("forwarded_datagrams", "Datagrams sent on to the targets that exist.", forwarding.sent)
    text = "Datagrams that could not be sent on to the targets that exist."
    yield _gauge("forward_dropped_datagrams", text, forwarding.dropped)


def _rigs(rigs: Iterable[RigFigures], numbers: Mapping[str, int]) -> Families:
    live = GaugeMetricFamily("f1timings_rig_live", "Whether the rig sends, or how many.", labels=["rig"])
    rate = GaugeMetricFamily("f1timings_rig_updates_per_second", "Updates of the game.", labels=["rig"])
    datagrams = CounterMetricFamily("f1timings_rig_datagrams", "Datagrams of the rig.", labels=["rig"])
    text = "Updates lost between the rig and this machine."
    lost = CounterMetricFamily("f1timings_rig_lost_updates", text, labels=["rig"])
    for label, group in _by_label(rigs, numbers).items():
        live.add_metric([label], sum(rig.is_live for rig in group))
        datagrams.add_metric([label], sum(rig.datagrams for rig in group))
        lost.add_metric([label], sum(rig.lost_updates for rig in group))
        if label != OTHERS:
            rate.add_metric([label], sum(rig.updates_per_s or 0.0 for rig in group if rig.is_live))
    yield from (live, rate, datagrams, lost)


def _by_label(rigs: Iterable[RigFigures], numbers: Mapping[str, int]) -> dict[str, list[RigFigures]]:
    grouped: dict[str, list[RigFigures]] = {}
    for rig in rigs:
        number = numbers.get(rig.key, _MOST_RIGS + 1)
        grouped.setdefault(str(number) if number <= _MOST_RIGS else OTHERS, []).append(rig)
    return grouped


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"f1timings_{name}", text, value)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"f1timings_{name}", text, value)


def _counters(name: str, text: str, *, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(f"f1timings_{name}", text, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
