"""Tests the traces that an office collects."""

import subprocess
import sys

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from service.observability.tracing import TracingNotInstalled, collect_traces, span

pytestmark = pytest.mark.anyio


def test_without_a_collector_there_is_no_span_and_nothing_is_loaded() -> None:
    program = (
        "import sys\n"
        "from service.observability.tracing import collect_traces, span\n"
        "with collect_traces(), span('work', {}) as active_span: assert active_span is None\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_span_ends_with_the_kind_of_an_error_and_not_with_what_it_says() -> None:
    exporter = InMemorySpanExporter()
    with collect_traces(exporter), pytest.raises(KeyError), span("work", {"kiennghi.events": 2}):
        raise KeyError("Nguyễn Thị Ví Dụ")
    (finished,) = exporter.get_finished_spans()
    assert (finished.name, dict(finished.attributes or {})) == ("work", {"kiennghi.events": 2})
    assert (finished.status.description, list(finished.events)) == ("KeyError", [])
    with span("afterwards", {}) as none:
        assert none is None


def test_who_asks_for_traces_without_what_makes_them_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(TracingNotInstalled, match=r"kiennghi\[otel\]"), collect_traces():
        pass
