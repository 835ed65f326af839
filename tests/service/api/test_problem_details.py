from datetime import date
from uuid import uuid4

import psycopg
import psycopg_pool
import pytest
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from domain.actor import Role
from domain.errors import NotAllowed, Refused
from domain.refusals.general import GeneralRefusal
from service.api.problem_details import PROBLEM_TYPES, Problem, problem_of
from service.commands.results import TooContended, UnknownPetition, VersionMismatch
from service.event_store.errors import (
    KeyReused,
    OutcomeUnknown,
    QueueFull,
    ReferenceTaken,
    StorageUnavailable,
    VersionConflict,
)
from service.security.tokens import InvalidToken

EXPECTED_PROBLEMS: list[tuple[Exception, int, str]] = [
    (Refused(GeneralRefusal.NO_SUCH_PETITION), 409, "refused"),
    (NotAllowed(GeneralRefusal.NEEDS_ROLE, role=Role.HEAD), 403, "not-allowed"),
    (UnknownPetition(), 404, "not-found"),
    (VersionMismatch(3), 412, "version-mismatch"),
    (VersionConflict(uuid4(), 2, 3), 412, "version-mismatch"),
    (KeyReused(uuid4()), 422, "idempotency-key-reused"),
    (ReferenceTaken("TD-2026-000001.1"), 409, "refused"),
    (InvalidToken("no"), 401, "not-authenticated"),
    (QueueFull(), 503, "busy"),
    (TooContended(), 503, "busy"),
    (StorageUnavailable(), 503, "storage-unavailable"),
    (OutcomeUnknown(uuid4()), 503, "outcome-unknown"),
    (psycopg.OperationalError("host=db password=x"), 503, "storage-unavailable"),
    (psycopg.errors.QueryCanceled(), 503, "storage-unavailable"),
    (psycopg.errors.AdminShutdown(), 503, "storage-unavailable"),
    (psycopg_pool.PoolTimeout(), 503, "storage-unavailable"),
    (psycopg_pool.TooManyRequests(), 503, "storage-unavailable"),
    (psycopg_pool.PoolClosed(), 503, "storage-unavailable"),
    (HTTPException(404), 404, "not-found"),
    (HTTPException(405), 405, "method-not-allowed"),
    (HTTPException(413), 413, "too-large"),
    (HTTPException(400), 400, "malformed"),
    (RequestValidationError([]), 422, "invalid"),
    (Problem("view-behind", "wait"), 503, "view-behind"),
]


@pytest.mark.parametrize(("error", "status", "name"), EXPECTED_PROBLEMS, ids=lambda v: type(v).__name__)
def test_each_foreseen_error_has_its_problem(error: Exception, status: int, name: str) -> None:
    problem = problem_of(error)
    assert problem is not None
    assert (problem.status, problem.name) == (status, name)
    assert ("Retry-After" in problem.headers) == (status == 503)
    assert ("WWW-Authenticate" in problem.headers) == (status == 401)
    assert "password" not in problem.detail


def test_what_nobody_foresaw_has_none() -> None:
    for error in (KeyError("x"), ValueError("x"), psycopg.errors.UndefinedTable(), RuntimeError()):
        assert problem_of(error) is None


def test_who_does_not_know_the_outcome_is_told_to_repeat_with_the_same_key() -> None:
    problem = problem_of(OutcomeUnknown(uuid4()))
    assert problem is not None
    assert "repeat with the same key" in problem.detail


def test_a_problem_has_the_members_of_the_rfc() -> None:
    response = Problem("version-mismatch", "read it again", current_version=3).response("request-1")
    assert response.media_type == "application/problem+json"
    assert response.status_code == 412
    assert bytes(response.body).decode() == (
        '{"type":"urn:kiennghi:problem:version-mismatch","title":"The petition has moved on","status":412,'
        '"detail":"read it again","instance":"urn:kiennghi:request:request-1","current_version":3}'
    )


def test_a_problem_in_a_header_comes_before_those_of_the_body() -> None:
    body = {"loc": ("body", "summary"), "type": "missing", "msg": "Field required"}
    for header, name in (("Idempotency-Key", "idempotency-key-missing"), ("If-Match", "if-match-missing")):
        missing = {"loc": ("header", header), "type": "missing", "msg": "Field required"}
        problem = problem_of(RequestValidationError([body, missing]))
        assert problem is not None
        assert problem.name == name


@pytest.mark.parametrize("name", PROBLEM_TYPES)
def test_the_name_of_a_problem_is_fit_for_a_urn(name: str) -> None:
    assert name.replace("-", "").isalpha()
    assert name.islower()


def test_a_refusal_is_told_in_both_languages_with_its_code_its_values_and_what_is_possible_instead() -> None:
    refusal = Refused(GeneralRefusal.BEFORE_RECEIPT, received_on=date(2026, 7, 6))
    problem = problem_of(refusal)
    assert problem is not None
    assert problem.detail == str(refusal)
    assert problem.extensions == {
        "code": "before_receipt",
        "values": {"received_on": "2026-07-06"},
        "says": {
            "vi": "đơn được tiếp nhận ngày 06/07/2026; không việc nào của đơn xảy ra trước ngày đó",
            "en": "the petition was received on 2026-07-06; nothing can have happened to it before",
        },
        "instead": {
            "vi": "nếu ngày tiếp nhận ghi sai thì đề nghị đính chính",
            "en": "if the day of receipt is wrong, propose its correction",
        },
    }
    assert list(problem.extensions) == ["code", "values", "says", "instead"]


def test_a_refusal_that_says_itself_what_to_do_has_no_second_sentence() -> None:
    problem = problem_of(NotAllowed(GeneralRefusal.NEEDS_ONE_OF_ROLES, roles=(Role.FOLLOW_UP, Role.HEAD)))
    assert problem is not None
    assert problem.detail == "this needs one of the roles: follow_up, head"
    assert problem.extensions.keys() == {"code", "values", "says"}
    assert problem.extensions["values"] == {"roles": ["follow_up", "head"]}
