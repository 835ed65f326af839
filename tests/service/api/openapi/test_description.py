"""The OpenAPI description says what the interface does; schemathesis holds it to that."""

import asyncio
import re
from typing import Any, cast

import httpx2
import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict
from schemathesis import checks
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from domain.actor import Role
from domain.permissions import PERMISSIONS
from tests.examples import PROFILE
from tests.service.api.interface import ROLES, Interface, bearer, fresh_key

pytestmark = pytest.mark.anyio

Case = schemathesis.Case[Any]
Operation = schemathesis.APIOperation[Any, Any, Any, Any]

WITHOUT_KEY = {
    "/commands",
    "/meetings/{meeting_id}/sheet",
    "/law-changes/review",
    "/reorganisations/review",
    "/reorganisations/{reorganisation}/apply",
    "/import-withdrawals/review",
    "/import-withdrawals/{withdrawal_id}/apply",
    "/erasures/review",
    "/erasures/{erasure_id}/apply",
}
"""POST operations without an Idempotency-Key: a batch has its own keys; a dry run, and an apply that goes on where it
stopped, need none."""

EXAMPLES_PER_OPERATION = 16 if PROFILE == "deep" else 3
"""Examples for each operation; every run chooses the same ones."""


def operations(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


async def test_the_description_is_served_to_everybody(interface: Interface) -> None:
    answer = await interface.client.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "kiennghi"


async def test_every_operation_has_a_name_of_its_own_that_can_be_read(interface: Interface) -> None:
    names = [operation["operationId"] for _, _, operation in operations(interface.app.openapi())]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z]+(_[a-z]+){0,3}", name) for name in names), names
    assert {"receive_petition", "assign_petition", "answer_at_meeting", "list_overdue"} <= set(names)


async def test_every_operation_is_summed_up_and_has_a_tag(interface: Interface) -> None:
    tags = {tag["name"] for tag in interface.app.openapi()["tags"]}
    for path, _, operation in operations(interface.app.openapi()):
        assert operation["summary"], path
        assert set(operation["tags"]) <= tags, path


async def test_every_example_fits_the_schema_of_its_body(interface: Interface) -> None:
    description = interface.app.openapi()
    shown = 0
    for path, _, operation in operations(description):
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            if kind != "application/json":
                continue
            schema = {**content["schema"], "components": description["components"]}
            for example in content["examples"].values():
                jsonschema_rs.validate(schema, example["value"])
                shown += 1
            assert content["examples"], path
    commands_with_body = [command for command in PERMISSIONS if hasattr(command, "example")]
    # the pile of them, and what is only tried: a law, units, an import, an erasure
    assert shown == len(commands_with_body) + 5


async def test_every_example_is_taken_as_it_is_printed(interface: Interface) -> None:
    """It may be refused by a rule, as there is no such petition; its form is right."""
    for path, method, operation in operations(interface.app.openapi()):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if method != "post" or content is None:
            continue
        address = path
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                example = parameter.get("example") or parameter["schema"].get("examples", ["TD-2026-000001"])[0]
                address = address.replace(f"{{{parameter['name']}}}", str(example))
        for example in content["examples"].values():
            answer = await interface.ask(address, example["value"], {"If-Match": '"1"'})
            assert answer.status_code not in (400, 422), (path, answer.text)


async def test_a_change_is_described_with_the_headers_it_needs(interface: Interface) -> None:
    for path, method, operation in operations(interface.app.openapi()):
        required = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header" and p["required"]}
        expected = {"Idempotency-Key"} if method == "post" and path not in WITHOUT_KEY else set()
        if method == "post" and path.startswith("/petitions/"):
            expected.add("If-Match")
        assert required == expected, path


async def test_every_no_is_described_as_a_problem(interface: Interface) -> None:
    for path, _, operation in operations(interface.app.openapi()):
        for status, response in operation["responses"].items():
            if status >= "400" and path != "/readyz":
                assert list(response["content"]) == ["application/problem+json"], (path, status)


# The service is at work in another thread meanwhile, and its pools of connections draw random pauses.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
async def test_what_is_generated_from_the_description_is_answered_as_described(interface: Interface) -> None:
    loop = asyncio.get_running_loop()
    references = [(await interface.receive())["reference"] for _ in range(3)]
    everybody = bearer(*ROLES, Role.CUSTODIAN)
    schema = schemathesis.openapi.from_dict(interface.app.openapi())
    seen: set[int] = set()

    def send(case: Case, *, is_real: bool, read: int) -> schemathesis.Response:
        if is_real and case.path_parameters and "reference" in case.path_parameters:
            case.path_parameters["reference"] = references[0]
            given_headers: dict[str, Any] = dict(case.headers or {})
            case.headers = CaseInsensitiveDict({**given_headers, "If-Match": f'"{read}"', **fresh_key()})
        if case.query and "after" in case.query:
            case.query["after"] = 1  # a position that is not reached is waited for
        prepared = requests.Request(**case.as_transport_kwargs(base_url="http://kiennghi.example")).prepare()
        prepared.headers.update(everybody)
        asked = interface.client.request(
            str(prepared.method),
            str(prepared.url),
            content=cast("bytes | str | None", prepared.body),
            headers=[
                (n.encode(), v.encode("latin-1") if isinstance(v, str) else v) for n, v in prepared.headers.items()
            ],
        )
        answer = asyncio.run_coroutine_threadsafe(asked, loop).result(30)
        seen.add(answer.status_code)
        return as_schemathesis_response(answer, prepared)

    def hold(operation: Operation) -> None:
        strategy = operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

        @settings(
            max_examples=EXAMPLES_PER_OPERATION,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy, st.booleans(), st.sampled_from((1, 99)))
        def answered_as_described(case: Case, is_real: bool, read: int) -> None:
            response = send(case, is_real=is_real, read=read)
            case.validate_response(
                response,
                checks=[
                    checks.not_a_server_error,
                    status_code_conformance,
                    content_type_conformance,
                    response_schema_conformance,
                ],
            )

        answered_as_described()

    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        await asyncio.to_thread(hold, result.ok())
    assert {200, 201, 400, 404, 409, 412, 422} <= seen


def as_schemathesis_response(answer: httpx2.Response, asked: requests.PreparedRequest) -> schemathesis.Response:
    return schemathesis.Response(
        status_code=answer.status_code,
        headers={name: answer.headers.get_list(name) for name in answer.headers},
        content=answer.content,
        request=asked,
        elapsed=0.0,
        verify=False,
        encoding=answer.encoding,
    )
