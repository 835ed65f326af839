"""Reads the declaration of an endpoint once and plans which parts of a request it needs, in their order.

FastAPI reads the same declarations again with every request. For a command, that takes several times as long as the
decision. Endpoints are declared as usual in FastAPI; FastAPI still makes the OpenAPI description and answers every
route without a plan.
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

ParameterKind = Literal["path", "query", "header"]
_PARAMETER_KINDS: dict[type[params.Param], ParameterKind] = {
    params.Path: "path",
    params.Query: "query",
    params.Header: "header",
}
_NO_DEFAULT = object()
_Errors = list[dict[str, Any]]
RequestCheck = Callable[[Request], Awaitable[None]]
"""Raises a problem for a request that no endpoint answers, such as one with an unknown parameter."""


@dataclass(frozen=True, slots=True)
class _Parameter:
    """Reads one parameter from the path, the query or the headers of a request."""

    name: str
    kind: ParameterKind
    alias: str
    is_list: bool
    adapter: TypeAdapter[Any]
    default: Any

    def read(self, request: Request, errors: _Errors) -> Any:
        value: Any
        if self.kind == "path":
            value = request.path_params[self.alias]
        elif self.kind == "header":
            value = request.headers.get(self.alias)
        elif self.is_list:
            value = request.query_params.getlist(self.alias) or None
        else:
            value = request.query_params.get(self.alias)
        if value is None:
            if self.default is _NO_DEFAULT:
                errors.append(_missing_error(self.kind, self.alias))
            return self.default
        try:
            return self.adapter.validate_python(value)
        except ValidationError as error:
            errors += _errors_at(error, self.kind, self.alias)
            return None


@dataclass(frozen=True, slots=True)
class _BodyParameter:
    """Reads the parameter that the body of a request holds, as JSON."""

    name: str
    adapter: TypeAdapter[Any]

    def read(self, body: bytes, errors: _Errors) -> Any:
        if not body:
            errors.append(_missing_error("body"))
            return None
        try:
            return self.adapter.validate_json(body)
        except ValidationError:
            # Read it again as FastAPI does, because its error says where in the text the JSON is wrong.
            try:
                return self.adapter.validate_python(_parse_json_body(body))
            except ValidationError as error:
                errors += _errors_at(error, "body")
                return None


def _parse_json_body(body: bytes) -> Any:
    try:
        return json.loads(body)
    except json.JSONDecodeError as error:
        error_item = {"type": "json_invalid", "loc": ("body", error.pos), "msg": "JSON decode error", "input": {}}
        raise RequestValidationError([error_item]) from None
    except (ValueError, RecursionError):
        raise HTTPException(400) from None


@dataclass(frozen=True, slots=True)
class _Dependency:
    """Names a function and the arguments it takes. Its own dependencies are called before it, once for each request."""

    function: Callable[..., Awaitable[Any]]
    dependencies: Sequence[tuple[str, "_Dependency"]]
    parameters: Sequence[_Parameter]
    body: _BodyParameter | None
    request: str | None
    response: str | None

    async def arguments(
        self, request: Request, response: Response, results: dict[Any, Any], errors: _Errors
    ) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name, dependency in self.dependencies:
            if dependency.function not in results:
                results[dependency.function] = await dependency.function(
                    **await dependency.arguments(request, response, results, errors)
                )
            given[name] = results[dependency.function]
        for parameter in self.parameters:
            given[parameter.name] = parameter.read(request, errors)
        if self.request is not None:
            given[self.request] = request
        if self.response is not None:
            given[self.response] = response
        return given


class EndpointPlan:
    """Answers the requests of one route.

    The constructor raises TypeError for a declaration that it does not support.
    """

    def __init__(self, route: APIRoute, *, check: RequestCheck) -> None:
        self.route = route
        self._check = check
        self._route_dependencies = [("", _read_signature(depends.dependency)) for depends in route.dependencies]
        self._endpoint = _read_signature(route.endpoint)
        self._answer_adapter: TypeAdapter[Any] = TypeAdapter(route.response_model)
        self._status = route.status_code or 200

    async def answer(self, request: Request) -> Response:
        """Return the answer of the endpoint. Raise what the endpoint raises, and RequestValidationError."""
        await self._check(request)
        results: dict[Any, Any] = {}
        errors: _Errors = []
        response = Response()
        response.raw_headers.clear()  # drops Content-Length, which is not known yet
        for _, dependency in self._route_dependencies:
            if dependency.function not in results:
                results[dependency.function] = await dependency.function(
                    **await dependency.arguments(request, response, results, errors)
                )
        given = await self._endpoint.arguments(request, response, results, errors)
        if (body := self._endpoint.body) is not None:
            given[body.name] = body.read(await _receive_body(request), errors)
        if errors:
            raise RequestValidationError(errors)
        answer = await self._endpoint.function(**given)
        if isinstance(answer, Response):
            return answer
        response.body = self._answer_adapter.dump_json(answer)
        response.status_code = response.status_code if response.status_code != 200 else self._status
        response.raw_headers += (
            (b"content-length", str(len(response.body)).encode()),
            (b"content-type", b"application/json"),
        )
        return response


async def _receive_body(request: Request) -> bytes:
    try:
        return await request.body()
    except ClientDisconnect:
        raise HTTPException(400) from None


def _read_signature(function: Any) -> _Dependency:
    annotated = function if inspect.isroutine(function) else type(function).__call__
    hints = get_type_hints(annotated, include_extras=True)
    dependencies: list[tuple[str, _Dependency]] = []
    parameters: list[_Parameter] = []
    body = request = response = None
    for name, declared in inspect.signature(function).parameters.items():
        hint = hints[name]
        base, *metadata = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        match next((one for one in metadata if isinstance(one, params.Param | params.Body | params.Depends)), None):
            case params.Depends(dependency=dependency):
                dependencies.append((name, _read_signature(dependency)))
            case params.Body():
                body = _BodyParameter(name, TypeAdapter(hint))
            case params.Param() as param:
                default = _NO_DEFAULT if declared.default is inspect.Parameter.empty else declared.default
                alias = param.alias or (name.replace("_", "-") if isinstance(param, params.Header) else name)
                is_list = get_origin(base) is list
                parameters.append(
                    _Parameter(name, _PARAMETER_KINDS[type(param)], alias, is_list, TypeAdapter(hint), default)
                )
            case None if hint is Response:
                response = name
            case None if isinstance(hint, type) and issubclass(Request, hint):
                request = name
            case _:
                raise TypeError(f"{function!r} wants {name}, and does not say where from")
    return _Dependency(function, dependencies, parameters, body, request, response)


def _missing_error(*place: str) -> dict[str, Any]:
    return {"type": "missing", "loc": place, "msg": "Field required", "input": None}


def _errors_at(error: ValidationError, *place: str) -> _Errors:
    return [{**item, "loc": (*place, *item["loc"])} for item in error.errors(include_url=False)]
