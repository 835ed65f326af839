"""From the address straight to the endpoint: one look-up instead of every router trying its routes, twice."""

from collections.abc import Callable, Iterable

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.dispatch.endpoint_plan import Plan

Refuse = Callable[[Request, Exception], Response]


class Addresses:
    """Where the short way leads: routes with one parameter in their path at most, and that one in second place."""

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._plain: dict[tuple[str, str], Plan] = {}
        self._named: dict[tuple[str, str, str], tuple[str, Plan]] = {}
        for route in routes:
            plan = Plan(route)
            for method in route.methods or ():
                match route.path.split("/")[1:]:
                    case [first, second, *rest] if second.startswith("{"):
                        self._named[method, first, "/".join(rest)] = second.strip("{}"), plan
                    case _:
                        self._plain[method, route.path] = plan

    def find(self, method: str, path: str) -> tuple[Plan, dict[str, str]] | None:
        """The plan, and the parameter of the path; None for another method, or an address that nobody has."""
        if (plan := self._plain.get((method, path))) is not None:
            return plan, {}
        first, _, rest = path[1:].partition("/")
        value, slash, last = rest.partition("/")
        found = self._named.get((method, first, last))
        if found is None or not value or (slash and not last):
            return None
        name, plan = found
        return plan, {name: value}


class ShortWay:
    """What has no short way is answered by `app`. `refuse` makes answers of the errors that are `foreseen`."""

    def __init__(
        self, app: ASGIApp, *, addresses: Addresses, foreseen: tuple[type[Exception], ...], refuse: Refuse
    ) -> None:
        self._app, self._addresses, self._foreseen, self._refuse = app, addresses, foreseen, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._addresses.find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        plan, scope["path_params"] = found
        scope["route"] = plan.route  # for the log
        request = Request(scope, receive)
        try:
            response = await plan.answer(request)
        except self._foreseen as error:
            response = self._refuse(request, error)
        await response(scope, receive, send)
