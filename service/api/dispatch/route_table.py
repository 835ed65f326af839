"""Finds the endpoint of a request by one look-up in a table and calls it by its plan.

The framework would try the routes one after the other, twice for each request.
"""

from collections.abc import Callable, Iterable

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.dispatch.endpoint_plan import EndpointPlan, RequestCheck

ErrorHandler = Callable[[Request, Exception], Response]


class RouteTable:
    """Holds the plans of routes by method and path.

    The path of a route has one parameter at most, as its second part. `check` is made of each request before anything
    else is done with it.
    """

    def __init__(self, routes: Iterable[APIRoute], *, check: RequestCheck) -> None:
        self._by_path: dict[tuple[str, str], EndpointPlan] = {}
        self._by_parts: dict[tuple[str, str, str], tuple[str, EndpointPlan]] = {}
        for route in routes:
            plan = EndpointPlan(route, check=check)
            for method in route.methods or ():
                match route.path.split("/")[1:]:
                    case [first, second, *rest] if second.startswith("{"):
                        self._by_parts[method, first, "/".join(rest)] = second.strip("{}"), plan
                    case _:
                        self._by_path[method, route.path] = plan

    def find(self, method: str, path: str) -> tuple[EndpointPlan, dict[str, str]] | None:
        """Return the plan of a route and the parameters of the path; None for an unknown path or another method."""
        if (plan := self._by_path.get((method, path))) is not None:
            return plan, {}
        first, _, rest = path[1:].partition("/")
        value, slash, last = rest.partition("/")
        found = self._by_parts.get((method, first, last))
        if found is None or not value or (slash and not last):
            return None
        name, plan = found
        return plan, {name: value}


class FastDispatchMiddleware:
    """Answers the requests whose route is in the table; `app` answers all others.

    `handle_error` answers the errors of the types `expected_errors`; all other errors are raised.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        routes: RouteTable,
        expected_errors: tuple[type[Exception], ...],
        handle_error: ErrorHandler,
    ) -> None:
        self._app, self._routes = app, routes
        self._expected_errors, self._handle_error = expected_errors, handle_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._routes.find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        plan, scope["path_params"] = found
        scope["route"] = plan.route  # for log and metrics
        request = Request(scope, receive)
        try:
            response = await plan.answer(request)
        except self._expected_errors as error:
            response = self._handle_error(request, error)
        await response(scope, receive, send)
