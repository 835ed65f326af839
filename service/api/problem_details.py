"""Converts every refusal into problem details (RFC 9457), in words for the officer, without the texts that were sent.

`type` is a stable name; `title` explains the type; `detail` describes this one refusal. `instance` is the id of the
request, as in the log.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from domain.errors import NotAllowed, Refused
from domain.labels import LANGUAGES
from service.commands.results import TooContended, UnknownPetition, VersionMismatch
from service.event_store.continuity import LogRolledBack
from service.event_store.damage import LogDamaged
from service.event_store.errors import (
    KeyReused,
    OutcomeUnknown,
    QueueFull,
    ReferenceTaken,
    StorageUnavailable,
    VersionConflict,
)
from service.security.text_sealing import UnopenableText
from service.security.tokens import InvalidToken

PROBLEM_MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
"""Seconds after which a client may send the request again. Each answer 503 has them in its header."""
MOST_FIELD_ERRORS = 50
"""Largest number of field errors that one answer lists."""

_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")

PROBLEM_TYPES: Mapping[str, tuple[int, str]] = {
    "malformed": (400, "The request cannot be read"),
    "idempotency-key-missing": (400, "The request has no usable Idempotency-Key"),
    "if-match-unusable": (400, "If-Match names no version"),
    "not-authenticated": (401, "Who asks is not known"),
    "not-allowed": (403, "Your roles do not cover this"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "This address takes other methods"),
    "not-acceptable": (406, "The answer has none of these media types"),
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
    "log-damaged": (500, "An event of the log cannot be read"),
    "busy": (503, "The service has too much to do"),
    "storage-unavailable": (503, "The database does not answer"),
    "log-rolled-back": (503, "The log is not the one that was served"),
    "outcome-unknown": (503, "It is not known whether this was recorded"),
    "view-behind": (503, "The view has not caught up yet"),
}


class Problem(Exception):
    """Is raised to answer a request with problem details.

    `name` is one of PROBLEM_TYPES. `extensions` are members beyond those of the RFC. An answer 503 has Retry-After.
    """

    def __init__(self, name: str, detail: str, headers: Mapping[str, str] | None = None, **extensions: object) -> None:
        super().__init__(detail)
        self.name, self.detail, self.headers, self.extensions = name, detail, dict(headers or {}), extensions
        self.status, self.title = PROBLEM_TYPES[name]
        if self.status == 503:
            self.headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))

    def content(self, request_id: str) -> dict[str, Any]:
        """Return the members of the problem as JSON values."""
        return {
            "type": f"urn:kiennghi:problem:{self.name}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:kiennghi:request:{request_id}",
            **self.extensions,
        }

    def response(self, request_id: str) -> JSONResponse:
        return JSONResponse(self.content(request_id), self.status, self.headers, PROBLEM_MEDIA_TYPE)


def problem_of(error: Exception) -> Problem | None:
    """Return the problem that describes an error to a client; None for an unexpected error."""
    match error:
        case Problem():
            return error
        case LogDamaged():
            return _refusal_problem("log-damaged", error)
        case LogRolledBack():
            return _refusal_problem("log-rolled-back", error)
        case NotAllowed():
            return _refusal_problem("not-allowed", error)
        case Refused():
            return _refusal_problem("refused", error)
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
        case UnopenableText():
            return Problem("storage-unavailable", "what was typed here cannot be opened: tell who operates the service")
        case OutcomeUnknown():
            return Problem("outcome-unknown", "repeat with the same key: what was recorded is not recorded twice")
        case psycopg.OperationalError():  # the pool's time-outs too
            return Problem("storage-unavailable", "send the same request again shortly")
        case RequestValidationError():
            return _validation_problem(error.errors())
        case HTTPException():
            return _http_problem(error)
        case _:
            return None


def problem_or_raise(error: Exception) -> Problem:
    """Return the problem that describes an error to a client. Raise the error itself if it is unexpected."""
    problem = problem_of(error)
    if problem is None:
        raise error
    return problem


def _refusal_problem(name: str, refused: Refused) -> Problem:
    """Return the problem of a refusal: `detail` in English, `says` and `instead` in both languages, and its code."""
    return Problem(name, str(refused), **_refusal_members(refused))


def _refusal_members(refused: Refused) -> dict[str, Any]:
    members: dict[str, Any] = {
        "code": refused.code.code,
        "values": refused.plain_values(),
        "says": {language: refused.sentence(language) for language in LANGUAGES},
    }
    if refused.instead("en"):
        members["instead"] = {language: refused.instead(language) for language in LANGUAGES}
    return members


def invalid_parameter(parameter: str, detail: str, refused: Refused | None = None) -> Problem:
    """Return the problem of a request whose query parameter is wrong, with the words of a refusal if there is one."""
    members = {} if refused is None else _refusal_members(refused)
    return Problem("invalid", "see errors", errors=[{"parameter": parameter, "detail": detail, **members}])


def _http_problem(error: HTTPException) -> Problem:
    match error.status_code:
        case 404:
            return Problem("not-found", "there is nothing at this address", error.headers)
        case 405:
            return Problem("method-not-allowed", "see the header Allow", error.headers)
        case 413:
            return Problem("too-large", "send less at once", error.headers)
        case _:
            return Problem("malformed", "the body cannot be read", error.headers)


def _validation_problem(errors: Sequence[Mapping[str, Any]]) -> Problem:
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
    return Problem("invalid", "see errors", errors=[_field_error(error) for error in errors[:MOST_FIELD_ERRORS]])


def _field_error(error: Mapping[str, Any]) -> dict[str, str]:
    """Return the place and the reason of a field error, without the value that was sent.

    A name that was typed into the wrong field must not come back in an answer or a log.
    """
    place, *path = error["loc"]
    reason = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "uuid_parsing":
        reason = "Input should be a valid UUID"  # pydantic quotes a character of the value
    if place != "body":
        return {"parameter": "/".join(str(part) for part in path), "detail": reason}
    if error["type"] == "extra_forbidden" and not _FIELD_NAME.fullmatch(str(path[-1])):
        path, reason = path[:-1], "a field here is not known"
    return {"pointer": "".join(f"/{part}" for part in path), "detail": reason}
