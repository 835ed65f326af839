"""Tests that every rule of the law is run by something, or says why it is on file to be read alone.

What runs a rule is found in the code: the clocks of petitions are asked, and every module that names a stage is read.
"""

import ast
from datetime import date
from pathlib import Path

import pytest

import domain
from domain.deadlines import stages
from domain.deadlines.clock import Clock
from domain.deadlines.policy import Law, Policies, PolicyError
from domain.deadlines.policy_file import parse_policies
from domain.deadlines.policy_row import OCCASION_KINDS, PolicyRow
from domain.deadlines.stages import LegalStage
from domain.petition import Petition
from domain.rules.limits import limit_row_for
from domain.value import replace
from domain.vocabulary import Complexity, Instance, PetitionKind
from tests.domain.samples import RECEIVE
from tests.domain.scenario import petition_after

SOURCES = Path(domain.__file__).parents[1]
MEETINGS = SOURCES / "domain" / "meetings"
NO_USE = {
    "domain/deadlines/stages.py",  # names the stages
    "domain/deadlines/clock.py",  # the clocks are asked below
    "domain/deadlines/policy_row.py",  # checks what a row may say
    "domain/rules/limits.py",  # is asked below
    "domain/law_changes/review.py",  # compares rules
}
"""Modules that name stages and run no rule by it."""

ROW = """
[[policy]]
id = "vi-du"
version = 1
kind = "complaint"
stage = "lodging"
limit = "90cd"
in_force_from = 2026-07-01
trigger = "decision_known"
legal_source = "Điều 1 Luật Ví dụ số 00/2026/QH16"
verified = false
reference_only = { vi = "để tra cứu", en = "to be read" }
"""


def stages_named_in(path: Path) -> set[LegalStage]:
    """Return the stages that the module names as `LegalStage.NAME`."""
    return {
        LegalStage[node.attr]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "LegalStage"
    }


def rows_of_clocks(law: Law) -> set[str]:
    """Return the rules by which the clocks of petitions run, of every kind, place, complexity and round."""
    days = sorted({row.in_force_from for row in law.policies.rows} | {date(2026, 7, 6)})
    received = petition_after([RECEIVE])
    found = set()
    for remote in (False, True):
        for instance in (None, *Instance):
            opening = replace(received.opening, is_remote_area=remote)
            petition: Petition = replace(received, opening=opening, instance=instance)
            for kind in PetitionKind:
                of_kind = replace(petition, status=replace(petition.status, kind=kind))
                for complexity in Complexity:
                    for clock in (clock for clock in Clock if clock.is_statutory):
                        for on in days:
                            row = limit_row_for(law, of_kind.character, clock, on, complexity=complexity)
                            found |= set() if row is None else {row.reference}
    return found


def used_rows(law: Law) -> set[str]:
    """Return the names of all rules that something runs."""
    of_petitions, of_meetings = set[LegalStage](), set[LegalStage]()
    for package in ("domain", "projections", "service"):
        for path in (SOURCES / package).rglob("*.py"):
            if path.relative_to(SOURCES).as_posix() not in NO_USE:
                (of_meetings if path.is_relative_to(MEETINGS) else of_petitions).update(stages_named_in(path))
    kinds = {*PetitionKind, "any"}

    def is_used(row: PolicyRow) -> bool:
        return (row.kind in kinds and row.stage in of_petitions) or (
            row.kind in OCCASION_KINDS and row.stage in of_meetings
        )

    return {row.reference for row in law.policies.rows if is_used(row)} | rows_of_clocks(law)


@pytest.fixture(scope="module")
def used(law: Law) -> set[str]:
    return used_rows(law)


def test_every_rule_is_run_or_says_why_not(policies: Policies, used: set[str]) -> None:
    neither = {row.id for row in policies.rows if row.reference not in used and row.reference_only is None}
    assert neither == set()


def test_a_rule_that_something_runs_is_not_for_reference_alone(policies: Policies, used: set[str]) -> None:
    both = {row.reference for row in policies.rows if row.reference in used and row.reference_only is not None}
    assert both == set()


def test_the_versions_of_a_rule_are_all_run_or_all_for_reference(policies: Policies) -> None:
    reasons = {(row.id, row.reference_only) for row in policies.rows}
    assert len(reasons) == len({row.id for row in policies.rows})


def test_what_is_run_is_found_in_the_code(used: set[str]) -> None:
    assert {
        "triage@1",
        "transfer-reply@1",
        "complaint-second-settlement-remote-complex@1",
        "denunciation-settlement-extension-complex@1",
        "complaint-dialogue-invitation@1",
        "reception-schedule-posting@1",
        "handling@1",
    } <= used
    assert {"complaint-lodging@1", "disciplinary-acceptance@1", "denunciation-settlement-complex@1"} & used == set()


def test_the_modules_that_run_nothing_name_stages() -> None:
    assert all(stages_named_in(SOURCES / path) for path in NO_USE - {"domain/deadlines/stages.py"})
    assert (SOURCES / "domain/deadlines/stages.py").samefile(stages.__file__)


def test_the_reason_is_read_in_both_languages() -> None:
    (row,) = parse_policies(ROW, "ours.toml").rows
    assert row.reference_only is not None
    assert [row.reference_only.in_language(language) for language in ("vi", "en")] == ["để tra cứu", "to be read"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('{ vi = "để tra cứu", en = "to be read" }', '"to be read"'), "reference_only"),
        ((', en = "to be read"', ""), "reference_only.en is missing"),
        (('"để tra cứu"', '" "'), "reference_only.vi is empty"),
        (("verified = false", "verified = false\nwithout_successor = true"), "without_successor stands beside"),
    ],
)
def test_a_reason_that_is_none_is_refused(change: tuple[str, str], fault: str) -> None:
    with pytest.raises(PolicyError, match=fault):
        parse_policies(ROW.replace(*change), "ours.toml")
