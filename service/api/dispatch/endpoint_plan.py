"""An endpoint read once: what it wants of a request, in the order in which it is asked for.

FastAPI reads the same declarations, and finds out anew with every request what they want: for a command that takes
several times as long as the decision. What is said of an endpoint stays where FastAPI has it; the description and
every route without a plan are FastAPI's.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from fastapi import params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

Kind = Literal["path", "query", "header"]
_KINDS: dict[type[params.Param], Kind] = {params.Path: "path", params.Query: "query", params.Header: "header"}
_MISSING = object()
_Faults = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Value:
    """A parameter of the request's head."""

    name: str
    kind: Kind
    alias: str
    is_list: bool
    accepted: TypeAdapter[Any]
    default: Any

    def of(self, request: Request, faults: _Faults) -> Any:
        given: Any
        if self.kind == "path":
            given = request.path_params[self.alias]
        elif self.kind == "header":
            given = request.headers.get(self.alias)
        elif self.is_list:
            given = request.query_params.getlist(self.alias) or None
        else:
            given = request.query_params.get(self.alias)
        if given is None:
            if self.default is _MISSING:
                faults.append(_missing(self.kind, self.alias))
            return self.default
        try:
            return self.accepted.validate_python(given)
        except ValidationError as error:
            faults += _placed(error, self.kind, self.alias)
            return None


@dataclass(frozen=True, slots=True)
class _Body:
    name: str
    accepted: TypeAdapter[Any]

    def of(self, body: bytes, faults: _Faults) -> Any:
        if not body:
            faults.append(_missing("body"))
            return None
        try:
            return self.accepted.validate_json(body)
        except ValidationError:
            # Read again in the manner of FastAPI, which says where in the text it is no JSON.
            try:
                return self.accepted.validate_python(_read(body))
            except ValidationError as error:
                faults += _placed(error, "body")
                return None


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        fault = {"type": "json_invalid", "loc": ("body", error.pos), "msg": "JSON decode error", "input": {}}
        raise RequestValidationError([fault]) from None
    except (ValueError, RecursionError):
        raise HTTPException(400) from None


@dataclass(frozen=True, slots=True)
class _Call:
    """A function, and what it is given. What it depends on is called before, once for each request."""

    function: Callable[..., Awaitable[Any]]
    depends: Sequence[tuple[str, "_Call"]]
    values: Sequence[_Value]
    body: _Body | None
    request: str | None
    response: str | None

    async def arguments(
        self, request: Request, response: Response, known: dict[Any, Any], faults: _Faults
    ) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, call in self.depends:
            if call.function not in known:
                known[call.function] = await call.function(**await call.arguments(request, response, known, faults))
            given[name] = known[call.function]
        for value in self.values:
            given[value.name] = value.of(request, faults)
        if self.request is not None:
            given[self.request] = request
        if self.response is not None:
            given[self.response] = response
        return given


class Plan:
    """Of one route. TypeError for a declaration that is not understood here."""

    def __init__(self, route: APIRoute) -> None:
        self.route = route
        self._first = [("", _call(depends.dependency)) for depends in route.dependencies]
        self._call = _call(route.endpoint)
        self._answer: TypeAdapter[Any] = TypeAdapter(route.response_model)
        self._status = route.status_code or 200

    async def answer(self, request: Request) -> Response:
        """Raises what the endpoint raises, and RequestValidationError."""
        known: dict[Any, Any] = {}
        faults: _Faults = []
        response = Response()
        response.raw_headers.clear()  # of the length, which is not known yet
        for _, call in self._first:
            if call.function not in known:
                known[call.function] = await call.function(**await call.arguments(request, response, known, faults))
        given = await self._call.arguments(request, response, known, faults)
        if (body := self._call.body) is not None:
            given[body.name] = body.of(await _received(request), faults)
        if faults:
            raise RequestValidationError(faults)
        answer = await self._call.function(**given)
        if isinstance(answer, Response):
            return answer
        response.body = self._answer.dump_json(answer)
        response.status_code = response.status_code if response.status_code != 200 else self._status
        response.raw_headers += (
            (b"content-length", str(len(response.body)).encode()),
            (b"content-type", b"application/json"),
        )
        return response


async def _received(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect:
        raise HTTPException(400) from None


def _call(function: Any) -> _Call:
    told = function if inspect.isroutine(function) else type(function).__call__
    hints = get_type_hints(told, include_extras=True)
    depends: list[tuple[str, _Call]] = []
    values: list[_Value] = []
    body = request = response = None
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        base, *said = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        match next((one for one in said if isinstance(one, params.Param | params.Body | params.Depends)), None):
            case params.Depends(dependency=dependency):
                depends.append((name, _call(dependency)))
            case params.Body():
                body = _Body(name, TypeAdapter(hint))
            case params.Param() as param:
                default = _MISSING if parameter.default is inspect.Parameter.empty else parameter.default
                alias = param.alias or (name.replace("_", "-") if isinstance(param, params.Header) else name)
                is_list = get_origin(base) is list
                values.append(_Value(name, _KINDS[type(param)], alias, is_list, TypeAdapter(hint), default))
            case None if hint is Response:
                response = name
            case None if isinstance(hint, type) and issubclass(Request, hint):
                request = name
            case _:
                raise TypeError(f"{function!r} wants {name}, and does not say where from")
    return _Call(function, depends, values, body, request, response)


def _missing(*place: str) -> dict[str, Any]:
    return {"type": "missing", "loc": place, "msg": "Field required", "input": None}


def _placed(error: ValidationError, *place: str) -> _Faults:
    return [{**fault, "loc": (*place, *fault["loc"])} for fault in error.errors(include_url=False)]
