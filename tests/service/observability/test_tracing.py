"""Traces, when an office collects them."""

import subprocess
import sys

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from service.observability.tracing import TracingNotInstalled, span, traces

pytestmark = pytest.mark.anyio


def test_without_a_collector_there_is_no_span_and_nothing_is_loaded() -> None:
    program = (
        "import sys\n"
        "from service.observability.tracing import span, traces\n"
        "with traces(), span('work', {}) as made: assert made is None\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_span_ends_with_the_kind_of_an_error_and_not_with_what_it_says() -> None:
    kept = InMemorySpanExporter()
    with traces(kept), pytest.raises(KeyError), span("work", {"kiennghi.events": 2}):
        raise KeyError("Nguyễn Thị Ví Dụ")
    (made,) = kept.get_finished_spans()
    assert (made.name, dict(made.attributes or {})) == ("work", {"kiennghi.events": 2})
    assert (made.status.description, list(made.events)) == ("KeyError", [])
    with span("afterwards", {}) as none:
        assert none is None


def test_who_asks_for_traces_without_what_makes_them_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    with pytest.raises(TracingNotInstalled, match=r"kiennghi\[otel\]"), traces():
        pass
