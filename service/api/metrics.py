"""Counts and times what a serving process does, for Prometheus.

Labels are names from the code: routes, commands, outcomes, views. A person's name, number or text is never a label.
"""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from service.commands.office import ApplicationService
from service.commands.results import CommandResult
from service.observability.append_observer import AppendObserver
from service.projector.runner import ProjectionRunner

LATENCY_BUCKETS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BATCH_SIZE_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
METRICS_CONTENT_TYPE = CONTENT_TYPE_LATEST


def outcome_label(result: CommandResult) -> str:
    """Return the outcome label of a command that was performed.

    The label of a failed command is the name of its problem.
    """
    return "replayed" if result.replayed else "recorded"


class Metrics(AppendObserver):
    """Holds the metrics of one process, in a registry of its own. All counts begin at zero when the process starts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._request_seconds = Histogram(
            "kiennghi_http_request_seconds",
            "Time until a request was answered, by the template of its route",
            ["method", "route"],
            buckets=LATENCY_BUCKETS_SECONDS,
            registry=self.registry,
        )
        self._answers = Counter(
            "kiennghi_http_answers", "Answers by status", ["method", "route", "status"], registry=self.registry
        )
        self._commands = Counter(
            "kiennghi_commands",
            "Commands by what became of them: recorded, replayed, or the name of a problem",
            ["command", "outcome"],
            registry=self.registry,
        )
        self._append_seconds = Histogram(
            "kiennghi_append_seconds",
            "Time from asking for an append until it was durable",
            buckets=LATENCY_BUCKETS_SECONDS,
            registry=self.registry,
        )
        self._appends_per_commit = Histogram(
            "kiennghi_commit_appends",
            "Appends that shared a commit",
            buckets=BATCH_SIZE_BUCKETS,
            registry=self.registry,
        )
        self._events = Counter("kiennghi_events_appended", "Events written to the log", registry=self.registry)
        self._conflicts = Counter(
            "kiennghi_conflicts", "Decisions made again because another was quicker", registry=self.registry
        )
        self._resends = Counter(
            "kiennghi_appends_sent_again",
            "Appends whose commit failed with nothing written",
            registry=self.registry,
        )

        # Finding a series by its labels takes longer than counting. Labels are names from the code, so these are few.
        self._command_counters: dict[tuple[str, str], Counter] = {}
        self._response_series: dict[tuple[str, str, int], tuple[Histogram, Counter]] = {}

    def register_gauges(self, office: ApplicationService, runner: ProjectionRunner) -> None:
        """Register the gauges that are read at each scrape: the queue, the log and the views."""
        self.registry.register(_QueueAndViewCollector(office, runner))

    def render(self) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        return generate_latest(self.registry)

    def on_append(self, seconds: float) -> None:
        self._append_seconds.observe(seconds)

    def on_commit(self, appends: int, events: int) -> None:
        self._appends_per_commit.observe(appends)
        self._events.inc(events)

    def on_conflict(self) -> None:
        self._conflicts.inc()

    def on_resend(self, appends: int) -> None:
        self._resends.inc(appends)

    def count_command(self, name: str, outcome: str) -> None:
        counter = self._command_counters.get((name, outcome))
        if counter is None:
            counter = self._command_counters[name, outcome] = self._commands.labels(name, outcome)
        counter.inc()

    def observe_response(self, method: str, route: str, status: int, seconds: float) -> None:
        series = self._response_series.get((method, route, status))
        if series is None:
            series = self._request_seconds.labels(method, route), self._answers.labels(method, route, str(status))
            self._response_series[method, route, status] = series
        histogram, counter = series
        histogram.observe(seconds)
        counter.inc()


class _QueueAndViewCollector(Collector):
    """Reads the gauges at each scrape."""

    def __init__(self, office: ApplicationService, runner: ProjectionRunner) -> None:
        self._office, self._runner = office, runner

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("kiennghi_appends_waiting", "Appends not yet sent", self._office.waiting)
        yield GaugeMetricFamily("kiennghi_log_position", "Of the last event known of", self._runner.head)
        yield from self._views()

    def _views(self) -> Iterator[Metric]:
        position = GaugeMetricFamily("kiennghi_view_position", "Events a view has passed", labels=["view"])
        lag = GaugeMetricFamily("kiennghi_view_lag_events", "Events a view is behind the log", labels=["view"])
        broken = GaugeMetricFamily("kiennghi_view_broken", "1 while a view stands still", labels=["view"])
        for view, status in self._runner.status().items():
            position.add_metric([view], status["position"])
            lag.add_metric([view], status["lag"])
            broken.add_metric([view], 0 if status["broken"] is None else 1)
        yield from (position, lag, broken)
