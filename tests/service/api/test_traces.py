"""A request leaves spans, and no span has personal data."""

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from service.observability.tracing import collect_traces
from tests.service.api.interface import Interface

pytestmark = pytest.mark.anyio


async def test_a_command_is_traced_from_the_request_to_the_append_and_the_views(interface: Interface) -> None:
    kept = InMemorySpanExporter()
    with collect_traces(kept):
        entered = await interface.receive(petitioners=[{"name": "Nguyễn Thị Ví Dụ", "address": "Thôn Mẫu"}])
        for view in interface.runner.progress:
            assert await interface.runner.wait_for(entered["position"], view, 20)
        await interface.read(f"/petitions/{entered['reference']}")
        await interface.read("/nix")
    spans = {made.name: made for made in kept.get_finished_spans()}
    assert {"POST /petitions", "command", "append", "view", "GET /petitions/{reference}", "GET"} <= spans.keys()
    request, command = spans["POST /petitions"], spans["command"]
    assert request.context is not None
    assert command.parent is not None
    assert command.parent.span_id == request.context.span_id
    assert dict(command.attributes or {}) == {"kiennghi.command": "ReceivePetition"}
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/petitions",
        "http.response.status_code": 201,
    }
    all_spans = "".join(made.to_json() for made in spans.values())
    for personal in ("Ví Dụ", "V\\u00ed", "Thôn", entered["reference"], entered["petition_id"], "cb-vidu"):
        assert personal not in all_spans
