"""Problem details (RFC 9457): every refusal in one form, in words for the officer, never with what was sent.

`type` is a name and stays; `title` explains it; `detail` is of this occasion. `instance` names the request, as the log
does.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from domain.errors import NotAllowed, Refused
from service.commands.office import TooContended, UnknownPetition, VersionMismatch
from service.event_store.group_commit import (
    KeyReused,
    OutcomeUnknown,
    QueueFull,
    ReferenceTaken,
    StorageUnavailable,
    VersionConflict,
)
from service.security.tokens import InvalidToken

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 2
"""Seconds."""
MOST_ERRORS = 50

_A_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")

TITLES: Mapping[str, tuple[int, str]] = {
    "malformed": (400, "The request cannot be read"),
    "idempotency-key-missing": (400, "The request has no usable Idempotency-Key"),
    "if-match-unusable": (400, "If-Match names no version"),
    "not-authenticated": (401, "Who asks is not known"),
    "not-allowed": (403, "Your roles do not cover this"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "This address takes other methods"),
    "refused": (409, "The rules do not allow this now"),
    "version-mismatch": (412, "The petition has moved on"),
    "too-large": (413, "The request is too large"),
    "not-json": (415, "The body must be application/json"),
    "not-a-sheet": (415, "The body must be an XLSX or CSV file"),
    "invalid": (422, "Some fields are not as they must be"),
    "sheet-unreadable": (422, "The sheet cannot be taken as it is"),
    "idempotency-key-reused": (422, "The Idempotency-Key was used for another request"),
    "if-match-missing": (428, "A change must say which version it was decided on"),
    "fault": (500, "A fault of the service"),
    "busy": (503, "The service has too much to do"),
    "storage-unavailable": (503, "The database does not answer"),
    "outcome-unknown": (503, "It is not known whether this was recorded"),
    "view-behind": (503, "The view has not caught up yet"),
}


class Problem(Exception):
    """An answer that says no; `more` are members beside those of the RFC."""

    def __init__(self, name: str, detail: str, headers: Mapping[str, str] | None = None, **more: object) -> None:
        super().__init__(detail)
        self.name, self.detail, self.headers, self.more = name, detail, dict(headers or {}), more
        self.status, self.title = TITLES[name]
        if self.status == 503:
            self.headers.setdefault("Retry-After", str(RETRY_AFTER))

    def content(self, request_id: str) -> dict[str, Any]:
        return {
            "type": f"urn:kiennghi:problem:{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:kiennghi:request:{request_id}",
            **self.more,
        }

    def response(self, request_id: str) -> JSONResponse:
        return JSONResponse(self.content(request_id), self.status, self.headers, MEDIA_TYPE)


def problem_of(error: Exception) -> Problem | None:
    """The problem that an error amounts to; None for what nobody foresaw."""
    match error:
        case Problem():
            return error
        case NotAllowed():
            return Problem("not-allowed", str(error))
        case Refused():
            return Problem("refused", str(error))
        case UnknownPetition():
            return Problem("not-found", "there is no petition with this number or id")
        case VersionMismatch(current=version) | VersionConflict(actual=version):
            detail = f"the petition is at version {version} now: read it again, then decide"
            return Problem("version-mismatch", detail, current_version=version)
        case KeyReused():
            return Problem("idempotency-key-reused", "another request was sent with this key: take a new one")
        case InvalidToken():
            headers = {"WWW-Authenticate": 'Bearer realm="kiennghi", error="invalid_token"'}
            return Problem("not-authenticated", str(error), headers)
        case ReferenceTaken():
            return Problem("refused", str(error))
        case QueueFull() | TooContended():
            return Problem("busy", "nothing was recorded; send the same request again shortly")
        case StorageUnavailable():
            return Problem("storage-unavailable", "nothing was recorded; send the same request again shortly")
        case OutcomeUnknown():
            return Problem("outcome-unknown", "repeat with the same key: what was recorded is not recorded twice")
        case psycopg.OperationalError():  # the pool's time-outs too
            return Problem("storage-unavailable", "send the same request again shortly")
        case RequestValidationError():
            return _of_fields(error.errors())
        case HTTPException():
            return _of_http(error)
        case _:
            return None


def told(error: Exception) -> Problem:
    """The problem of an error that was foreseen; raises one that nobody foresaw."""
    problem = problem_of(error)
    if problem is None:
        raise error
    return problem


def _of_http(error: HTTPException) -> Problem:
    match error.status_code:
        case 404:
            return Problem("not-found", "there is nothing at this address", error.headers)
        case 405:
            return Problem("method-not-allowed", "see the header Allow", error.headers)
        case 413:
            return Problem("too-large", "send less at once", error.headers)
        case _:
            return Problem("malformed", "the body cannot be read", error.headers)


def _of_fields(errors: Sequence[Mapping[str, Any]]) -> Problem:
    for error in errors:
        match error["loc"]:
            case ("header", "Idempotency-Key"):
                detail = "send a header Idempotency-Key of 1 to 255 visible ASCII characters, new for each request"
                return Problem("idempotency-key-missing", detail)
            case ("header", "If-Match") if error["type"] == "missing":
                return Problem("if-match-missing", 'send a header If-Match with the ETag you read, such as "3"')
            case ("header", "If-Match"):
                return Problem("if-match-unusable", 'send one ETag as you read it, such as "3"')
            case ("body", int()) if error["type"] == "json_invalid":
                return Problem("malformed", f"the body is not JSON from character {error['loc'][1]} on")
    return Problem("invalid", "see errors", errors=[_of_field(error) for error in errors[:MOST_ERRORS]])


def _of_field(error: Mapping[str, Any]) -> dict[str, str]:
    """Where and why. Neither says what was sent: a name typed into the wrong field must not come back in a log."""
    place, *path = error["loc"]
    why = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "uuid_parsing":
        why = "Input should be a valid UUID"  # pydantic quotes a character of it
    if place != "body":
        return {"parameter": "/".join(str(part) for part in path), "detail": why}
    if error["type"] == "extra_forbidden" and not _A_FIELD.fullmatch(str(path[-1])):
        path, why = path[:-1], "a field here is not known"
    return {"pointer": "".join(f"/{part}" for part in path), "detail": why}
