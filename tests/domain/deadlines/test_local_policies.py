"""Tests what a site's own rules add to the national ones, and what they may not say."""

from datetime import date

import pytest

from domain.deadlines.clock import Clock
from domain.deadlines.policy import Policies, PolicyError
from domain.deadlines.policy_file import parse_local_policies

DAY = date(2026, 9, 1)
ANSWER = """[[policy]]
id = "vi-du-proposal-settlement"
version = 1
kind = "proposal_or_feedback"
stage = "settlement"
limit = "20wd"
in_force_from = 2026-08-01
trigger = "assignment"
legal_source = "Quyết định 00/2026/QĐ-UBND (ví dụ), Điều 7"
verified = true
"""
ACCEPTANCE = (
    ANSWER.replace("proposal-settlement", "acceptance")
    .replace('"proposal_or_feedback"', '"complaint"')
    .replace('stage = "settlement"', 'stage = "acceptance"')
    .replace("20wd", "5wd")
)


def limit_of(policies: Policies, kind: str, stage: Clock, on: date = DAY) -> str | None:
    row = policies.row_for(kind, stage, on)
    return None if row is None or row.limit is None else f"{row.limit} by {row.reference}"


def test_a_rule_of_the_province_fills_a_slot_from_its_day_on(policies: Policies) -> None:
    local = parse_local_policies(ANSWER, "site.toml", policies)
    assert limit_of(local, "proposal_or_feedback", Clock.SETTLEMENT, date(2026, 7, 31)) is None
    assert limit_of(local, "proposal_or_feedback", Clock.SETTLEMENT) == "20wd by vi-du-proposal-settlement@1"
    assert limit_of(policies, "proposal_or_feedback", Clock.SETTLEMENT) is None


def test_a_rule_of_the_site_goes_before_the_national_one_that_names_as_much(policies: Policies) -> None:
    local = parse_local_policies(ACCEPTANCE, "site.toml", policies)
    assert limit_of(local, "complaint", Clock.ACCEPTANCE) == "5wd by vi-du-acceptance@1"
    assert limit_of(local, "complaint", Clock.ACCEPTANCE, date(2026, 7, 31)) == "7wd by complaint-acceptance@2"
    assert limit_of(local, "denunciation", Clock.ACCEPTANCE) == "7wd by denunciation-acceptance@1"


def test_a_national_rule_that_names_more_goes_before_a_general_one_of_the_site(policies: Policies) -> None:
    local = parse_local_policies(ACCEPTANCE.replace('"complaint"', '"any"'), "site.toml", policies)
    assert limit_of(local, "complaint", Clock.ACCEPTANCE) == "7wd by complaint-acceptance@2"


def test_when_the_rule_of_the_site_ends_the_national_one_applies_again(policies: Policies) -> None:
    local = parse_local_policies(ACCEPTANCE + "in_force_to = 2026-09-30\n", "site.toml", policies)
    assert limit_of(local, "complaint", Clock.ACCEPTANCE, date(2026, 9, 30)) == "5wd by vi-du-acceptance@1"
    assert limit_of(local, "complaint", Clock.ACCEPTANCE, date(2026, 10, 1)) == "7wd by complaint-acceptance@2"


def test_a_row_is_found_by_the_name_that_a_due_date_keeps(policies: Policies) -> None:
    local = parse_local_policies(ANSWER, "site.toml", policies)
    assert (found := local.find_row("vi-du-proposal-settlement@1")) is not None
    assert found.legal_source.startswith("Quyết định 00/2026/QĐ-UBND")
    assert (ended := local.find_row("complaint-acceptance@1")) is not None
    assert ended.in_force_to == date(2026, 6, 30)
    assert local.find_row("vi-du-proposal-settlement@2") is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ANSWER.replace('legal_source = "Quyết định 00/2026/QĐ-UBND (ví dụ), Điều 7"\n', ""), "row 1 (line 1)"),
        (ANSWER.replace('limit = "20wd"\n', ""), "line 1, vi-du-proposal-settlement: limit is missing"),
        (ANSWER.replace("vi-du-proposal", "proposal"), "line 1: proposal-settlement@1 is the name of a national rule"),
        (ANSWER + ANSWER.replace("version = 1", "version = 2"), "lines 1 and 11: vi-du-proposal-settlement@1 and"),
        (ANSWER.replace("2026-08-01", "2026-08-32"), "this is not TOML"),
        (ANSWER.replace("20wd", "20 ngày"), "limit: '20 ngày' is not a limit: write '10wd' for working days"),
        (ANSWER.replace('"proposal_or_feedback"', '"proposal"'), "kind is 'proposal'"),
    ],
)
def test_a_file_of_the_site_that_cannot_be_applied_is_refused_and_the_place_is_named(
    text: str, fault: str, policies: Policies
) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_local_policies(text, "site.toml", policies)
    assert str(refused.value).startswith("site.toml")
    assert fault in str(refused.value)


def test_a_national_name_is_refused_whoever_puts_the_rules_together(policies: Policies) -> None:
    with pytest.raises(PolicyError, match="triage@1 is the name of a national rule"):
        policies.with_local([policies.rows[0]])
