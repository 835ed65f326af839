"""Makes traces (OpenTelemetry) for an office that collects them; for others the library is not even loaded.

Spans hold names and counts of routes, commands, views and events. They never hold a reference, an officer, a text or
the message of an error.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, Tracer

ENDPOINT_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""Environment variable with the address of the collector (OpenTelemetry's own); traces are made if it is set."""

_NOT_TRACED: AbstractContextManager[None] = nullcontext()
_tracer: "Tracer | None" = None


class TracingNotInstalled(Exception):
    """Is raised when traces are requested but their library is not installed; the message says how to install it."""


def span(name: str, attributes: Mapping[str, str | int]) -> "AbstractContextManager[Span | None]":
    """Return a context that makes a span around the work inside; while no traces are collected, it costs one call."""
    return _NOT_TRACED if _tracer is None else _recorded_span(_tracer, name, attributes)


@contextmanager
def _recorded_span(tracer: "Tracer", name: str, attributes: Mapping[str, str | int]) -> "Iterator[Span]":
    from opentelemetry.trace import StatusCode

    with tracer.start_as_current_span(
        name,
        attributes=attributes,
        record_exception=False,  # the message of an error quotes values
        set_status_on_exception=False,
    ) as active_span:
        try:
            yield active_span
        except BaseException as error:
            active_span.set_status(StatusCode.ERROR, type(error).__qualname__)
            raise


@contextmanager
def collect_traces(exporter: "SpanExporter | None" = None) -> Iterator[None]:
    """Collect spans inside the context and send them to OTEL_EXPORTER_OTLP_ENDPOINT if it is set, or to `exporter`.

    Raise TracingNotInstalled when the extra `otel` is not installed.
    """
    global _tracer
    if exporter is None and not os.environ.get(ENDPOINT_VARIABLE):
        yield
        return
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        processor = _span_processor(exporter)
    except ModuleNotFoundError as error:
        message = f"{ENDPOINT_VARIABLE} is set and {error.name} is missing: install kiennghi[otel], or unset it"
        raise TracingNotInstalled(message) from None
    provider = TracerProvider(resource=Resource.create({"service.name": "kiennghi"}))
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer("kiennghi")
    try:
        yield
    finally:
        _tracer = None
        provider.shutdown()


def _span_processor(exporter: "SpanExporter | None") -> "SpanProcessor":
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

    if exporter is not None:
        return SimpleSpanProcessor(exporter)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return BatchSpanProcessor(OTLPSpanExporter())
