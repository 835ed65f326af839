"""Traces (OpenTelemetry), for an office that collects them; otherwise nothing of it is even loaded.

Spans have names and counts: of routes, commands, views, events. No reference, officer or text is ever in one, and no
error's message.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, Tracer

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""Of the collector, as every program that speaks OpenTelemetry has it; traces are made if it is set."""

_NOT_TRACED: AbstractContextManager[None] = nullcontext()
_tracer: "Tracer | None" = None


class TracingNotInstalled(Exception):
    """Traces are asked for, and what makes them is missing; the message says how to get it."""


def span(name: str, attributes: Mapping[str, str | int]) -> "AbstractContextManager[Span | None]":
    """Around a piece of work. Costs a function call while nobody collects traces."""
    return _NOT_TRACED if _tracer is None else _traced(_tracer, name, attributes)


@contextmanager
def _traced(tracer: "Tracer", name: str, attributes: Mapping[str, str | int]) -> "Iterator[Span]":
    from opentelemetry.trace import StatusCode

    with tracer.start_as_current_span(
        name,
        attributes=attributes,
        record_exception=False,  # what an error says quotes values
        set_status_on_exception=False,
    ) as made:
        try:
            yield made
        except BaseException as error:
            made.set_status(StatusCode.ERROR, type(error).__qualname__)
            raise


@contextmanager
def traces(exporter: "SpanExporter | None" = None) -> Iterator[None]:
    """Made and sent while the context lasts, if OTEL_EXPORTER_OTLP_ENDPOINT says where to, or to the `exporter`.

    TracingNotInstalled without the extra `otel`.
    """
    global _tracer
    if exporter is None and not os.environ.get(ENDPOINT):
        yield
        return
    try:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        processor = _processor(exporter)
    except ModuleNotFoundError as error:
        message = f"{ENDPOINT} is set and {error.name} is missing: install kiennghi[otel], or unset it"
        raise TracingNotInstalled(message) from None
    provider = TracerProvider(resource=Resource.create({"service.name": "kiennghi"}))
    provider.add_span_processor(processor)
    _tracer = provider.get_tracer("kiennghi")
    try:
        yield
    finally:
        _tracer = None
        provider.shutdown()


def _processor(exporter: "SpanExporter | None") -> "SpanProcessor":
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

    if exporter is not None:
        return SimpleSpanProcessor(exporter)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return BatchSpanProcessor(OTLPSpanExporter())
