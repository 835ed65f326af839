"""Lists every limit of the law that has a number, one row each, with the source that was read."""

from datetime import date

import pytest

from domain.deadlines.deadline import Clock
from domain.deadlines.policy import Law, Policies
from domain.deadlines.policy_row import EXTENSION_STAGES
from domain.deadlines.stages import LegalStage
from domain.vocabulary import PetitionKind

NOW = date(2026, 7, 6)
BEFORE = date(2026, 6, 30)

# kind, stage, region and complexity ("-" is normal), day of the act, limit, trigger, where it stands
RULES = """
any                    triage                 - -   now 10wd receipt         42/2013/QH13, Điều 28
any                    party_head_notice      - -   now 10wd receipt         11-QĐi/TW
any                    refusal_notice         - -   now 3wd  grounds_complete 154/2026/NĐ-CP, Điều 4 khoản 3
any                    handling               - -   now 45cd receipt         154/2026/NĐ-CP, Điều 41 khoản 3
any                    transfer_reply         - -   now 7wd  settled         42/2013/QH13, Điều 27 khoản 2
any                    result_to_citizen      - -   now 5wd  transfer_reply  42/2013/QH13, Điều 28 khoản 2
reception              schedule_posting       - -   now 5wd  reception_day   42/2013/QH13, Điều 24 khoản 4
reception              session_notice         - -   now 5wd  session         154/2026/NĐ-CP, Điều 23 khoản 1
reception              connection_test        - -   now 1wd  session         154/2026/NĐ-CP, Điều 23 khoản 1
dialogue               conference_notice      - -   now 7cd  conference      72/2025/QH15, Điều 43
dialogue               conference_result      - -   now 10cd conference      72/2025/QH15, Điều 43
dialogue               conclusion_notice      - -   now none session         154/2026/NĐ-CP, Điều 25
reception              conclusion_notice      - -   now none session         154/2026/NĐ-CP, Điều 25
dialogue               written_answer         - -   now none conclusion_notice 154/2026/NĐ-CP, Điều 25
proposal_or_feedback   first_reply            - -   now 10wd receipt         42/2013/QH13, Điều 28 khoản 1
proposal_or_feedback   settlement             - -   now none assignment      Không có thời hạn
feedback_on_rules      transfer               - -   now 5wd  receipt         20/2008/NĐ-CP, Điều 9 khoản 1 điểm d
hotline_feedback       settlement             - -   now none receipt         Không có thời hạn
complaint              lodging                - -   now 90cd decision_known  02/2011/QH13, Điều 9
complaint              acceptance             - -   now 7wd  receipt         155/2026/NĐ-CP, Điều 10
complaint              acceptance             - -   old 10cd receipt         02/2011/QH13, Điều 27, Điều 36
complaint              settlement             - -   now 30cd acceptance      02/2011/QH13, Điều 28
complaint              settlement             - complex now 45cd acceptance  02/2011/QH13, Điều 28
complaint              settlement             remote -  now 45cd acceptance  02/2011/QH13, Điều 28
complaint              settlement             remote complex now 60cd acceptance 02/2011/QH13, Điều 28
complaint              second_settlement      - -   now 45cd acceptance      02/2011/QH13, Điều 37
complaint              second_settlement      - complex now 60cd acceptance  02/2011/QH13, Điều 37
complaint              second_settlement      remote -  now 60cd acceptance  02/2011/QH13, Điều 37
complaint              second_settlement      remote complex now 70cd acceptance 02/2011/QH13, Điều 37
complaint              decision_sending       - -   now 3wd  decision        02/2011/QH13, Điều 32
complaint              second_complaint       - -   now 30cd decision_received 02/2011/QH13, Điều 33
complaint              second_complaint       remote -  now 45cd decision_received 02/2011/QH13, Điều 33
complaint              second_decision_sending - -  now 7cd  decision        02/2011/QH13, Điều 41 khoản 1
complaint              decision_effect        - -   now 30cd decision        02/2011/QH13, Điều 44
complaint              decision_effect        remote -  now 45cd decision    02/2011/QH13, Điều 44
complaint              document_supply        - -   now 7cd  request         02/2011/QH13, Điều 13, Điều 14, Điều 15
complaint              dialogue_invitation    - -   now 5cd  dialogue        155/2026/NĐ-CP, Điều 28 khoản 1
complaint              suspension_sending     - -   now 3wd  decision        155/2026/NĐ-CP, Điều 28b
disciplinary_complaint lodging                - -   now 15cd decision_received 02/2011/QH13, Điều 48
disciplinary_complaint second_complaint       - -   now 10cd decision_received 02/2011/QH13, Điều 48
disciplinary_complaint second_complaint_on_dismissal - - now 30cd decision_received 02/2011/QH13, Điều 48
disciplinary_complaint acceptance             - -   now 7wd  receipt         155/2026/NĐ-CP, Điều 10
disciplinary_complaint acceptance             - -   old 10cd receipt         02/2011/QH13, Điều 50
disciplinary_complaint settlement             - -   now 30cd acceptance      02/2011/QH13, Điều 50
disciplinary_complaint settlement             - complex now 45cd acceptance  02/2011/QH13, Điều 50
disciplinary_complaint second_settlement      - -   now 30cd acceptance      02/2011/QH13, Điều 50
disciplinary_complaint second_settlement      - complex now 45cd acceptance  02/2011/QH13, Điều 50
denunciation           acceptance             - -   now 7wd  receipt         25/2018/QH14, Điều 24 khoản 1
denunciation           acceptance_extension   - -   now 3wd  limit_ended     25/2018/QH14, Điều 24 khoản 1
denunciation           transfer               - -   now 5wd  receipt         25/2018/QH14, Điều 24 khoản 2
denunciation           acceptance_notice      - -   now 5wd  acceptance      25/2018/QH14, Điều 29 khoản 3
denunciation           settlement             - -   now 30cd acceptance      25/2018/QH14, Điều 30 khoản 1
denunciation           settlement             - complex now 60cd acceptance  25/2018/QH14, Điều 30 khoản 2
denunciation           settlement_extension   - complex now 30cd limit_ended 25/2018/QH14, Điều 30 khoản 2
denunciation           settlement             - specially_complex now 90cd acceptance 25/2018/QH14, Điều 30 khoản 3
denunciation           settlement_extension   - specially_complex now 30cd limit_ended 25/2018/QH14, Điều 30 khoản 3
denunciation           suspension_sending     - -   now 5wd  decision        25/2018/QH14, Điều 34 khoản 4
denunciation           conclusion_sending     - -   now 5wd  conclusion      25/2018/QH14, Điều 35 khoản 3
denunciation           conclusion_action      - -   now 7wd  conclusion      25/2018/QH14, Điều 36 khoản 1
denunciation           action_report          - -   now 5wd  result          25/2018/QH14, Điều 36 khoản 3
denunciation           conclusion_publication - -   now 7wd  conclusion      25/2018/QH14, Điều 40 khoản 1
denunciation           referral_reply         - -   now 20cd receipt         25/2018/QH14, Điều 26 khoản 2
denunciation           further_review         - -   now 20cd receipt         25/2018/QH14, Điều 37 khoản 2
denunciation           overdue_demand         - -   now 5wd  receipt         25/2018/QH14, Điều 38 khoản 2
denunciation           overdue_report         - -   now 5wd  demand          25/2018/QH14, Điều 38 khoản 3
party_denunciation     settlement             - -   now 90cd acceptance      296-QĐ/TW
party_denunciation     central_settlement     - -   now 180cd acceptance     296-QĐ/TW
"""
TABLE = [line.split(maxsplit=7) for line in RULES.strip().splitlines()]


@pytest.mark.parametrize(("kind", "stage", "region", "complexity", "day", "limit", "trigger", "source"), TABLE)
def test_each_limit_of_the_law_is_on_file_with_its_source(
    kind: str,
    stage: str,
    region: str,
    complexity: str,
    day: str,
    limit: str,
    trigger: str,
    source: str,
    policies: Policies,
) -> None:
    row = policies.row_for(
        kind,
        LegalStage(stage),
        NOW if day == "now" else BEFORE,
        remote=region == "remote",
        complexity="normal" if complexity == "-" else complexity,
    )
    assert row is not None
    assert (str(row.limit) if row.limit else "none", row.trigger) == (limit, trigger)
    assert source in row.legal_source


def test_the_table_above_holds_every_row_on_file_once(policies: Policies) -> None:
    found = [
        policies.row_for(
            kind,
            LegalStage(stage),
            NOW if day == "now" else BEFORE,
            remote=region == "remote",
            complexity="normal" if complexity == "-" else complexity,
        )
        for kind, stage, region, complexity, day, *_ in TABLE
    ]
    names = [row.reference for row in found if row is not None]
    assert len(names) == len(set(names)) == len(TABLE)
    assert set(names) == {row.reference for row in policies.rows}


def test_every_stage_has_a_rule_and_every_statutory_clock_is_a_stage(policies: Policies) -> None:
    assert {row.stage for row in policies.rows} == set(LegalStage)
    assert {clock.value for clock in Clock if clock.is_statutory} <= {stage.value for stage in LegalStage}


def test_every_kind_of_petition_is_a_kind_of_the_law(policies: Policies) -> None:
    for kind in PetitionKind:
        assert policies.row_for(kind, Clock.TRIAGE, NOW) is not None


def test_only_what_must_come_before_an_occasion_counts_back(policies: Policies) -> None:
    assert {row.id for row in policies.rows if row.counts_back} == {
        "reception-schedule-posting",
        "reception-session-notice",
        "reception-connection-test",
        "dialogue-conference-notice",
        "complaint-dialogue-invitation",
    }


@pytest.mark.parametrize(
    ("kind", "stage", "on", "last_day", "why"),
    [
        ("reception", "schedule_posting", "2026-07-15", "2026-07-08", "five working days before a Wednesday"),
        ("reception", "schedule_posting", "2026-02-25", "2026-02-11", "Tết lies between"),
        ("reception", "connection_test", "2026-07-13", "2026-07-10", "a Monday: the Friday before"),
        ("dialogue", "conference_notice", "2026-07-12", "2026-07-05", "a Sunday stays: the next working day is late"),
        ("dialogue", "conference_result", "2026-08-21", "2026-09-03", "afterwards, and rolled as any limit"),
        ("complaint", "dialogue_invitation", "2026-07-15", "2026-07-10", "five days before"),
    ],
)
def test_the_last_day_before_an_occasion_is_counted_back_from_it(
    kind: str, stage: str, on: str, last_day: str, why: str, law: Law
) -> None:
    row = law.policies.row_for(kind, LegalStage(stage), date.fromisoformat(on))
    if row is None:  # before the rule was in force: the count is the same
        row = law.policies.row_for(kind, LegalStage(stage), NOW)
    assert row is not None
    assert law.last_day(row, date.fromisoformat(on)) == date.fromisoformat(last_day), why


def test_a_slot_has_no_last_day(law: Law) -> None:
    row = law.policies.row_for("dialogue", LegalStage.WRITTEN_ANSWER, NOW)
    assert row is not None
    assert law.last_day(row, NOW) is None


def test_rules_for_any_petition_are_not_for_a_reception_or_a_dialogue(policies: Policies) -> None:
    assert policies.row_for("dialogue", LegalStage.TRIAGE, NOW) is None
    assert policies.row_for("reception", LegalStage.HANDLING, NOW) is None


def test_a_doubt_about_the_number_is_shown_with_the_other_reading(policies: Policies) -> None:
    doubtful = {row.reference: str(row.advisory) for row in policies.rows if row.advisory}
    assert doubtful == {"complaint-acceptance@2": "10cd", "disciplinary-acceptance@2": "10cd"}


def test_extensions_say_how_often(policies: Policies) -> None:
    times = {row.reference: row.times for row in policies.rows if row.stage in EXTENSION_STAGES}
    assert times == {
        "denunciation-acceptance-extension@1": 1,
        "denunciation-settlement-extension-complex@1": 1,
        "denunciation-settlement-extension-specially-complex@1": 2,
    }


def test_a_number_from_the_press_or_from_memory_says_so(policies: Policies) -> None:
    known = {origin: {row.id for row in policies.rows if row.known_from == origin} for origin in ("press", "memory")}
    assert known["press"] == {"party-head-notice", "dialogue-conference-notice", "dialogue-conference-result"}
    assert known["memory"] == {"party-denunciation-settlement", "party-denunciation-central-settlement"}
    assert not any(row.verified for row in policies.rows if row.known_from in known or row.limit is None)
