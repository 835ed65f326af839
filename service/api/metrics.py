"""Figures of a working process, as Prometheus reads them.

Labels are names that are in the code: routes, commands, outcomes, views. Nobody's name, number or text is ever one.
"""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from service.commands.office import Done, Office
from service.observability.append_observer import Watch
from service.projector.runner import Follower

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
TOGETHER = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
CONTENT_TYPE = CONTENT_TYPE_LATEST


def outcome_of(done: Done) -> str:
    """Of a command that was done; of every other one it is the name of the problem."""
    return "replayed" if done.replayed else "recorded"


class Metrics(Watch):
    """Of one process, in a registry of its own. Begins with zero when the process does."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "kiennghi_http_request_seconds",
            "Time until a request was answered, by the template of its route",
            ["method", "route"],
            buckets=SECONDS,
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
        self._append = Histogram(
            "kiennghi_append_seconds",
            "Time from asking for an append until it was durable",
            buckets=SECONDS,
            registry=self.registry,
        )
        self._batch = Histogram(
            "kiennghi_commit_appends",
            "Appends that shared a commit",
            buckets=TOGETHER,
            registry=self.registry,
        )
        self._events = Counter("kiennghi_events_appended", "Events written to the log", registry=self.registry)
        self._conflicts = Counter(
            "kiennghi_conflicts", "Decisions made again because another was quicker", registry=self.registry
        )
        self._again = Counter(
            "kiennghi_appends_sent_again",
            "Appends whose commit failed with nothing written",
            registry=self.registry,
        )

    def show(self, office: Office, readers: Follower) -> None:
        """What is looked up when somebody asks: the queue, and how far the views are."""
        self.registry.register(_Standing(office, readers))

    def text(self) -> bytes:
        return generate_latest(self.registry)

    # -- what happens

    def appended(self, seconds: float) -> None:
        self._append.observe(seconds)

    def committed(self, appends: int, events: int) -> None:
        self._batch.observe(appends)
        self._events.inc(events)

    def conflicted(self) -> None:
        self._conflicts.inc()

    def sent_again(self, appends: int) -> None:
        self._again.inc(appends)

    def command(self, name: str, outcome: str) -> None:
        self._commands.labels(name, outcome).inc()

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route).observe(seconds)
        self._answers.labels(method, route, str(status)).inc()


class _Standing(Collector):
    def __init__(self, office: Office, readers: Follower) -> None:
        self._office, self._readers = office, readers

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("kiennghi_appends_waiting", "Appends not yet sent", self._office.waiting)
        yield GaugeMetricFamily("kiennghi_log_position", "Of the last event known of", self._readers.head)
        yield from self._views()

    def _views(self) -> Iterator[Metric]:
        position = GaugeMetricFamily("kiennghi_view_position", "Events a view has passed", labels=["view"])
        lag = GaugeMetricFamily("kiennghi_view_lag_events", "Events a view is behind the log", labels=["view"])
        broken = GaugeMetricFamily("kiennghi_view_broken", "1 while a view stands still", labels=["view"])
        for view, status in self._readers.status().items():
            position.add_metric([view], status["position"])
            lag.add_metric([view], status["lag"])
            broken.add_metric([view], 0 if status["broken"] is None else 1)
        yield from (position, lag, broken)
