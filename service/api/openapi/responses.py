"""What the OpenAPI description says beside what FastAPI finds out: the problems, and all methods of an address."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import WithJsonSchema

from service.api.problem_details import MEDIA_TYPE, TITLES

TAGS = [
    {"name": "petitions", "description": "One petition: what is asked of it, where it stands, what happened to it."},
    {"name": "meetings and units", "description": "Meetings from plan to conclusion, and the units that answer."},
    {"name": "law", "description": "Changes of the rules and the calendar that dates are counted by."},
    {"name": "views", "description": "Figures and lists over all petitions, a moment behind the log; see `after`."},
    {"name": "service", "description": "Who asks, and whether the service is well."},
]

_STRING = {"type": "string"}
_PROBLEM = {
    "title": "Problem",
    "description": "Problem details (RFC 9457). `detail` is for the officer; nothing repeats what was sent.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {**_STRING, "enum": [f"urn:kiennghi:problem:{name}" for name in TITLES]},
        "title": _STRING,
        "status": {"type": "integer"},
        "detail": _STRING,
        "instance": {**_STRING, "description": "the id of the request, as in the log and in X-Request-Id"},
        "current_version": {"type": "integer", "description": "of the petition (412)"},
        "errors": {
            "type": "array",
            "description": "what is wrong where (422): `pointer` is a JSON pointer into the body",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {"pointer": _STRING, "parameter": _STRING, "detail": _STRING},
            },
        },
    },
}
_HEADERS: Mapping[int, Mapping[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": _STRING}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}},
}


ProblemBody = Annotated[dict[str, Any], WithJsonSchema({"$ref": "#/components/schemas/Problem"})]


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route that can answer with these problems."""
    return {status: _described(status) for status in statuses}


def _described(status: int) -> dict[str, Any]:
    titles = [title for its_status, title in TITLES.values() if its_status == status]
    described: dict[str, Any] = {
        "description": "; ".join(titles),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in _HEADERS:
        described["headers"] = _HEADERS[status]
    return described


class Described(FastAPI):
    """With the problems among its schemas."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            super().openapi()["components"]["schemas"]["Problem"] = _PROBLEM
        return super().openapi()

    def methods_of(self, template: str | None) -> str | None:
        """For the header Allow: all methods of an address, though each is a route of its own."""
        operations = self.openapi()["paths"].get(template)
        return None if operations is None else ", ".join(sorted(method.upper() for method in operations))
