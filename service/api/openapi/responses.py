"""Describes what FastAPI cannot derive from the code: the problems, and all methods of a path."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import WithJsonSchema
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from service.api.problem_details import PROBLEM_MEDIA_TYPE, PROBLEM_TYPES

OPENAPI_TAGS = [
    {"name": "petitions", "description": "One petition: its commands, its present state, its history."},
    {"name": "meetings and units", "description": "Meetings from plan to conclusion, and the units that answer."},
    {"name": "law", "description": "Changes of the rules and of the calendar that dates are counted by."},
    {"name": "imports", "description": "What was imported, and the withdrawal of imports that were wrong."},
    {"name": "proofs", "description": "Signed checkpoints of the log, and proofs that what is read stands in it."},
    {"name": "identities", "description": "The erasure of personal data under a decision, by two officers."},
    {
        "name": "views",
        "description": "Figures and lists over all petitions; they may be a moment behind the log: see `after`.",
    },
    {"name": "service", "description": "The identity of the caller, and the health of the service."},
]

_STRING_SCHEMA = {"type": "string"}
_BILINGUAL_SCHEMA = {
    "type": "object",
    "required": ["vi", "en"],
    "properties": {"vi": _STRING_SCHEMA, "en": _STRING_SCHEMA},
}
_PROBLEM_SCHEMA = {
    "title": "Problem",
    "description": "Problem details (RFC 9457). `detail` is written for the officer. Of what was sent, members repeat"
    " codes, numbers and days alone.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {**_STRING_SCHEMA, "enum": [f"urn:kiennghi:problem:{name}" for name in PROBLEM_TYPES]},
        "title": _STRING_SCHEMA,
        "status": {"type": "integer"},
        "detail": _STRING_SCHEMA,
        "instance": {**_STRING_SCHEMA, "description": "the id of the request, as in the log and in X-Request-Id"},
        "code": {**_STRING_SCHEMA, "description": "of the refusal (409, 403), for programs: it is never renamed"},
        "values": {
            "type": "object",
            "description": "the values that the sentences name, by their names",
        },
        "says": {**_BILINGUAL_SCHEMA, "description": "why it is refused; `detail` is the English of it"},
        "instead": {**_BILINGUAL_SCHEMA, "description": "what is possible instead, where `says` does not say it"},
        "current_version": {"type": "integer", "description": "of the petition (412)"},
        "errors": {
            "type": "array",
            "description": "each field that is wrong (422): `pointer` is a JSON pointer into the body",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {"pointer": _STRING_SCHEMA, "parameter": _STRING_SCHEMA, "detail": _STRING_SCHEMA},
            },
        },
    },
}
_RESPONSE_HEADERS: Mapping[int, Mapping[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": _STRING_SCHEMA}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}},
}


ProblemBody = Annotated[dict[str, Any], WithJsonSchema({"$ref": "#/components/schemas/Problem"})]


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that can answer with problems of these statuses."""
    return {status: _problem_response(status) for status in statuses}


def _problem_response(status: int) -> dict[str, Any]:
    titles = [title for its_status, title in PROBLEM_TYPES.values() if its_status == status]
    described: dict[str, Any] = {
        "description": "; ".join(titles),
        "content": {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in _RESPONSE_HEADERS:
        described["headers"] = _RESPONSE_HEADERS[status]
    return described


class DocumentedApi(FastAPI):
    """Adds the schema of problems to the OpenAPI description, and puts middleware around all that the framework has.

    What `add_middleware` adds stands inside the framework's own, which costs every request two more calls a message.
    """

    outer_middleware: Sequence[Middleware] = ()  # the outermost first

    def build_middleware_stack(self) -> ASGIApp:
        app = super().build_middleware_stack()
        for cls, args, options in reversed(self.outer_middleware):
            app = cls(app, *args, **options)
        return app

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            super().openapi()["components"]["schemas"]["Problem"] = _PROBLEM_SCHEMA
        assert self.openapi_schema is not None
        return self.openapi_schema  # the framework itself would look first whether a route has joined

    def allowed_methods(self, template: str | None) -> str | None:
        """Return the methods of a path for the header Allow, because each method is a separate route.

        Return None if it is unknown.
        """
        operations = self.openapi()["paths"].get(template)
        if operations is None:
            return None
        methods = {method.upper() for method in operations}
        return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
