"""Adds to every request: an id, a limit on the body, security headers, a log line, and metrics.

A request is turned away here, before anything is done for it, while the service has too much to do.

Errors that no other code has handled are caught and logged here. If the answer has not begun, its status is 500.
"""

import re
import traceback
from time import perf_counter
from typing import Any
from uuid import uuid4

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.admission import RequestAdmission
from service.api.metrics import Metrics
from service.api.problem_details import Problem
from service.api.server.head_requests import answer_head
from service.event_store.context import Door, entering_through
from service.observability.tracing import span

_log: structlog.stdlib.BoundLogger = structlog.get_logger("kiennghi.http")

_REQUEST_ID = re.compile(rb"[A-Za-z0-9-]{8,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
PROBES = frozenset({"/livez", "/readyz", "/version", "/metrics"})
"""Paths for those who watch over the service: they are answered whatever the load, and leave no line for officers."""
NO_ROUTE = "(none)"
TURNED_AWAY = "(turned away)"
"""Stands for the route of a request that was turned away: its line in the log would add to the load."""
_QUIET_ROUTES = PROBES | {TURNED_AWAY}
SECURITY_HEADERS = {
    b"cache-control": b"private, no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
}


class RequestMiddleware:
    """Is the outermost ASGI middleware.

    It buffers nothing. Headers of the response have priority over those set here.
    """

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, metrics: Metrics, admission: RequestAdmission) -> None:
        self._app = app
        self._admission = admission
        self._max_body_bytes = max_body_bytes
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "other"
        with entering_through(Door.HTTP), span("request", {"http.request.method": method}) as traced:
            status = await self._respond(scope, receive, send, method)
            if traced is not None:
                route = _route_template(scope) or ""
                traced.update_name(f"{method} {route}".strip())
                traced.set_attributes({"http.route": route, "http.response.status_code": status})

    async def _respond(self, scope: Scope, receive: Receive, send: Send, method: str) -> int:
        """Return the status that was sent, or 499 if the client left before the answer."""
        started = perf_counter()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        request_id = _accept_request_id(headers.get(b"x-request-id", b""))
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        status = 0
        is_turned_away = False
        is_counted = scope["path"] not in PROBES
        admission = self._admission.of_method(method)

        async def send_with_headers(message: Message) -> None:
            nonlocal status, is_counted
            if message["type"] == "http.response.start":
                status = message["status"]
                if is_counted:  # a stream goes on for minutes, and is no load
                    is_counted = False
                    admission.leave()
                own = {name.lower() for name, _ in message.get("headers", ())}
                added = [pair for pair in SECURITY_HEADERS.items() if pair[0] not in own]
                message["headers"] = [*message.get("headers", ()), *added, (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            if is_counted and not admission.lets_in():
                is_counted, is_turned_away = False, True
                problem = Problem("busy", "nothing was recorded; send the same request again shortly")
                await problem.response(request_id)(scope, receive, send_with_headers)
            elif _stated_length(headers) > self._max_body_bytes:
                problem = Problem("too-large", f"at most {self._max_body_bytes} bytes can be sent at once")
                await problem.response(request_id)(scope, receive, send_with_headers)
            else:
                bounded = self._bounded(receive)
                if method == "HEAD":
                    await answer_head(self._app, scope, bounded, send_with_headers)
                else:
                    await self._app(scope, bounded, send_with_headers)
        except Exception as error:
            _log_fault(error, scope)
            if status:
                raise RuntimeError("the answer broke off") from None  # the server must not log the message of the error
            fault = Problem("fault", "it was logged under the id of this request")
            await fault.response(request_id)(scope, receive, send_with_headers)
        finally:
            if is_counted:
                admission.leave()
            seconds = perf_counter() - started
            route = TURNED_AWAY if is_turned_away else _route_template(scope)
            self._metrics.observe_response(method, route or NO_ROUTE, status or 499, seconds)
            _log_request(scope, method, route, status or 499, seconds)
        return status or 499

    def _bounded(self, receive: Receive) -> Receive:
        received = 0

        async def receive_within_bounds() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_body_bytes:
                raise HTTPException(413)  # the one kind of error that FastAPI lets through while it reads a body
            return message

        return receive_within_bounds


def _accept_request_id(given: bytes) -> str:
    return given.decode() if _REQUEST_ID.fullmatch(given) else str(uuid4())


def _stated_length(headers: dict[bytes, bytes]) -> int:
    stated = headers.get(b"content-length", b"")
    if not stated.isdigit():
        return 0
    return int(stated) if len(stated) < 20 else 10**20


def _route_template(scope: Scope) -> str | None:
    """Return the template of the route, not the path, because references, codes and queries must not reach a log."""
    return getattr(scope.get("route"), "path", None)


def _log_request(scope: Scope, method: str, route: str | None, status: int, seconds: float) -> None:
    line: dict[str, Any] = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "officer": scope["state"].get("officer"),
        "request_id": scope["state"]["request_id"],
    }
    (_log.debug if route in _QUIET_ROUTES else _log.info)("request", **line)


def _log_fault(error: Exception, scope: Scope) -> None:
    """Log the place and the type of an error, but not its message, because messages quote personal values."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    _log.error("fault", error=type(error).__qualname__, where=where, request_id=scope["state"]["request_id"])
