"""Tests which rule applies on which day, and what a policy file may not say."""

from datetime import date, timedelta

import pytest

from domain.deadlines.calendar import Calendar
from domain.deadlines.clock import Clock
from domain.deadlines.limit import DayKind
from domain.deadlines.policy import Law, Policies, PolicyError
from domain.deadlines.policy_file import parse_policies
from domain.value import UNSET

BEFORE, SINCE = date(2026, 6, 30), date(2026, 7, 1)

RULES = [
    # kind, stage, remote, complexity, day, limit, row, source
    ("complaint", Clock.TRIAGE, False, "normal", SINCE, "10wd", "triage@1", "Law 42/2013 Art 28.1"),
    ("denunciation", Clock.TRIAGE, True, "complex", SINCE, "10wd", "triage@1", "Law 42/2013 Art 28.1"),
    (
        "proposal_or_feedback",
        Clock.TRIAGE,
        False,
        "normal",
        SINCE,
        "10wd",
        "triage@1",
        "Law 42/2013 Art 28.1",
    ),
    ("any", Clock.TRIAGE, False, "normal", SINCE, "10wd", "triage@1", "Law 42/2013 Art 28.1"),
    (
        "complaint",
        Clock.ACCEPTANCE,
        False,
        "normal",
        BEFORE,
        "10cd",
        "complaint-acceptance@1",
        "Law 02/2011 Art 27",
    ),
    (
        "complaint",
        Clock.ACCEPTANCE,
        False,
        "normal",
        SINCE,
        "7wd",
        "complaint-acceptance@2",
        "Decree 155/2026 Art 10",
    ),
    ("complaint", Clock.SETTLEMENT, False, "normal", SINCE, "30cd", "complaint-settlement@1", "Art 28"),
    (
        "complaint",
        Clock.SETTLEMENT,
        False,
        "complex",
        SINCE,
        "45cd",
        "complaint-settlement-complex@1",
        "Art 28",
    ),
    ("complaint", Clock.SETTLEMENT, True, "normal", SINCE, "45cd", "complaint-settlement-remote@1", "Art 28"),
    (
        "complaint",
        Clock.SETTLEMENT,
        True,
        "complex",
        SINCE,
        "60cd",
        "complaint-settlement-remote-complex@1",
        "Art 28",
    ),
    (
        "denunciation",
        Clock.ACCEPTANCE,
        False,
        "normal",
        SINCE,
        "7wd",
        "denunciation-acceptance@1",
        "Art 24.1",
    ),
    (
        "denunciation",
        Clock.SETTLEMENT,
        False,
        "normal",
        SINCE,
        "30cd",
        "denunciation-settlement@1",
        "Art 30.1",
    ),
    (
        "denunciation",
        Clock.SETTLEMENT,
        True,
        "complex",
        SINCE,
        "60cd",
        "denunciation-settlement-complex@1",
        "Art 30.2",
    ),
    (
        "denunciation",
        Clock.SETTLEMENT,
        False,
        "specially_complex",
        SINCE,
        "90cd",
        "denunciation-settlement-specially-complex@1",
        "Art 30.3",
    ),
]


@pytest.mark.parametrize(("kind", "stage", "remote", "complexity", "on", "limit", "row", "source"), RULES)
def test_the_rule_is_the_one_in_force_on_the_day_of_the_act(
    kind: str,
    stage: Clock,
    remote: bool,
    complexity: str,
    on: date,
    limit: str,
    row: str,
    source: str,
    policies: Policies,
) -> None:
    found = policies.row_for(kind, stage, on, remote=remote, complexity=complexity)
    assert found is not None
    assert (str(found.limit), found.reference) == (limit, row), source


def test_the_answer_to_a_proposal_has_no_limit_in_national_law(law: Law) -> None:
    row = law.policies.row_for("proposal_or_feedback", Clock.SETTLEMENT, SINCE)
    assert row is not None
    assert row.limit is None
    assert law.deadline("proposal_or_feedback", Clock.SETTLEMENT, SINCE) is None


def test_no_rule_gives_no_clock(law: Law) -> None:
    assert law.policies.row_for("proposal_or_feedback", Clock.ACCEPTANCE, SINCE) is None
    assert law.deadline("proposal_or_feedback", Clock.ACCEPTANCE, SINCE) is None
    assert law.deadline("complaint", Clock.HEAD, SINCE) is None
    assert law.deadline("complaint", Clock.TRIAGE, date(2014, 6, 30)) is None


def test_a_word_no_rule_can_hold_is_a_bug_and_not_a_petition_without_limit(law: Law) -> None:
    with pytest.raises(ValueError, match="complayn"):
        law.deadline("complayn", Clock.SETTLEMENT, SINCE)
    with pytest.raises(ValueError, match="very"):
        law.deadline("complaint", Clock.SETTLEMENT, SINCE, complexity="very")


def test_each_stage_is_bound_by_the_rule_of_its_own_day(law: Law) -> None:
    received_before = law.deadline("complaint", Clock.ACCEPTANCE, BEFORE)
    received_since = law.deadline("complaint", Clock.ACCEPTANCE, SINCE)
    assert received_before is not None
    assert received_since is not None
    assert received_before.due_on == date(2026, 7, 10)
    assert received_since.due_on == date(2026, 7, 10)
    assert received_before.policy != received_since.policy


@pytest.mark.parametrize("kind", ["complaint", "denunciation", "proposal_or_feedback"])
def test_no_day_since_2019_falls_between_two_rules(kind: str, policies: Policies) -> None:
    stages = [Clock.TRIAGE, Clock.SETTLEMENT]
    if kind != "proposal_or_feedback":
        stages.append(Clock.ACCEPTANCE)
    for stage in stages:
        day = date(2019, 1, 1)
        while day < date(2027, 12, 31):
            assert policies.row_for(kind, stage, day) is not None, (stage, day)
            day += timedelta(days=1)


def test_what_must_still_be_compared_with_the_official_text_is_marked(policies: Policies) -> None:
    assert {row.reference for row in policies.rows if not row.verified} == {
        # the number stands in a text that Law 136/2025 may have changed, or in the decree and not in the law
        *("triage@1", "proposal-first-reply@1", "complaint-acceptance@2", "disciplinary-acceptance@2"),
        # the Law says days, the Circular working days; its text before 2016-12-05 was not read
        *("complaint-acceptance@3", "complaint-acceptance@1", "complaint-document-supply@1"),
        *("disciplinary-acceptance@3", "disciplinary-acceptance@1"),
        # stand in Decree 75/2012; whether they do in Decree 124/2020 is not known
        *("complaint-second-decision-publication@1", "complaint-publication-meeting-notice@1"),
        "complaint-decision-posting@1",
        # Party rules known from memory
        *("party-denunciation-settlement@1", "party-denunciation-central-settlement@1"),
        # known from the press alone
        *("party-head-notice@1", "dialogue-conference-notice@1", "dialogue-conference-result@1"),
        # slots for the province
        *("proposal-settlement@1", "hotline-settlement@1", "dialogue-written-answer@1"),
        *("dialogue-conclusion-notice@1", "reception-conclusion-notice@1"),
    }


ROW = """[[policy]]
id = "a"
version = 1
kind = "complaint"
stage = "settlement"
limit = "30cd"
in_force_from = 2020-01-01
trigger = "acceptance"
legal_source = "made up, Art 1"
verified = true
"""
SECOND = ROW.replace('id = "a"', 'id = "b"')


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ROW.replace('legal_source = "made up, Art 1"\n', ""), "row 1 (line 1), a: legal_source is missing"),
        (ROW + SECOND.replace("made up, Art 1", "  "), "row 2 (line 11), b: legal_source is empty"),
        (ROW.replace("verified = true\n", ""), "a: verified is missing"),
        (ROW + "due = 3\n", "a: due is not a known key"),
        (ROW.replace("30cd", "30 days"), "a: limit: '30 days' is not a limit: write '10wd' for working days"),
        (ROW.replace('"settlement"', '"answer"'), "a: stage is 'answer'; it must be 'triage', 'first_reply'"),
        (
            ROW.replace('"complaint"', '"khieu nai"'),
            "a: kind is 'khieu nai'; it must be 'complaint', 'disciplinary_complaint'",
        ),
        (ROW.replace("2020-01-01", '"soon"'), "a: in_force_from is 'soon'; it must be a valid date"),
        (ROW + "in_force_to = 2019-12-31\n", "a: in_force_to 2019-12-31 is before in_force_from 2020-01-01"),
        (ROW + "counts_start_day = 1\n", "a: counts_start_day is true or false, beside a limit"),
        (
            ROW.replace('limit = "30cd"', "counts_start_day = true"),
            "counts_start_day is true or false, beside a limit",
        ),
        (ROW.replace('id = "a"\n', ""), "row 1 (line 1), without id: id is missing"),
        (ROW + SECOND, "lines 1 and 11: a@1 and b@1 are in force together for the same settlement"),
        (ROW + SECOND + 'region = "remote"\n' + ROW, "lines 1 and 22: a@1 is there twice"),
        (
            ROW + 'region = "remote"\n' + SECOND + 'complexity = "complex"\n',
            "lines 1 and 12: a@1 and b@1 are in force together",
        ),
        (ROW.replace('"settlement"', '"setlement"'), "stage is 'setlement'; is 'settlement' meant?"),
        (ROW.replace("30cd", "0cd"), "a: limit: '0cd' is not a limit: write '10wd' for working days"),
        (ROW.replace('"30cd"', "30"), "a: limit: '30' is not a limit: write '10wd'"),
        (ROW + 'known_from = "memory"\n', "a: what is known from memory is not verified"),
        (ROW + "times = 2\n", "a: times belongs to an extension, and to it always"),
        (ROW.replace('"settlement"', '"settlement_extension"'), "a: times belongs to an extension"),
        (ROW + "counts_back = true\ncounts_start_day = true\n", "counts_back stands beside a limit, and not beside"),
        (ROW.replace('limit = "30cd"', "counts_back = true"), "counts_back stands beside a limit"),
        ("[policies]\n" + ROW, "'policies' is not a known key"),
        ("policy = []\n" + ROW, "this is not TOML"),
        ('policy = "30cd"\n', "write each row as a [[policy]] heading"),
        ("id = \n", "this is not TOML"),
    ],
)
def test_a_policy_file_that_cannot_be_applied_is_refused_and_the_row_is_named(text: str, fault: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policies(text, "test.toml")
    assert str(refused.value).startswith("test.toml")
    assert fault in str(refused.value)


def test_a_rule_may_end_the_day_before_the_next_begins() -> None:
    policies = parse_policies(
        ROW + "in_force_to = 2021-12-31\n" + SECOND.replace("2020-01-01", "2022-01-01").replace("30cd", "45cd"),
        "test.toml",
    )
    limits = [policies.row_for("complaint", Clock.SETTLEMENT, day) for day in (date(2021, 12, 31), date(2022, 1, 1))]
    assert [row and str(row.limit) for row in limits] == ["30cd", "45cd"]


def test_a_rule_may_be_in_force_for_one_day() -> None:
    policies = parse_policies(ROW + "in_force_to = 2020-01-01\n", "test.toml")
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 1, 2)]
    found = [policies.row_for("complaint", Clock.SETTLEMENT, day) for day in days]
    assert [row is not None for row in found] == [False, True, False]


def test_rules_that_overlap_by_one_day_are_refused() -> None:
    text = ROW + "in_force_to = 2022-01-01\n" + SECOND.replace("2020-01-01", "2022-01-01")
    with pytest.raises(PolicyError, match="in force together"):
        parse_policies(text, "test.toml")


def test_the_rule_that_names_more_conditions_goes_first() -> None:
    policies = parse_policies(
        ROW.replace('"complaint"', '"any"')
        + SECOND.replace("30cd", "20cd")
        + SECOND.replace('"b"', '"c"').replace("30cd", "60cd")
        + 'region = "remote"\n',
        "test.toml",
    )

    def applied(kind: str, *, remote: bool = False) -> str:
        row = policies.row_for(kind, Clock.SETTLEMENT, date(2026, 1, 1), remote=remote)
        assert row is not None
        return row.id

    assert applied("denunciation", remote=True) == "a"
    assert applied("complaint") == "b"
    assert applied("complaint", remote=True) == "c"


def test_an_office_that_counts_the_day_of_the_act_says_so_in_its_rule(calendar: Calendar) -> None:
    policies = parse_policies(ROW + "counts_start_day = true\n", "test.toml")
    deadline = Law(policies, calendar).deadline("complaint", Clock.SETTLEMENT, date(2026, 7, 15))
    assert deadline is not None
    assert deadline.limit is not UNSET
    assert (deadline.limit.counts_start_day, deadline.limit.unit) == (True, DayKind.CALENDAR)
    assert deadline.due_on == date(2026, 8, 13)


def test_two_rules_that_clash_are_refused_whoever_puts_them_together(policies: Policies) -> None:
    first = policies.rows[0]
    with pytest.raises(PolicyError, match="triage@1 and local@1 are in force together"):
        Policies((first, first.model_copy(update={"id": "local"})))


def test_the_legal_source_of_a_rule_is_looked_up_in_all_versions_on_file(policies: Policies) -> None:
    ended = next(row for row in policies.rows if row.in_force_to is not None)
    assert policies.legal_source(ended.reference) == ended.legal_source
    assert [policies.legal_source(unknown) for unknown in ("old-rule@3", UNSET, None)] == [None] * 3
