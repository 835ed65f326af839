"""Lists every limit of the law that has a number, one row each, with the source that was read."""

from datetime import date

import pytest

from domain.deadlines.clock import CLOCK_OF_STAGE, Clock
from domain.deadlines.explanation import explain_rule
from domain.deadlines.policy import Law, Policies
from domain.deadlines.policy_row import EXTENSION_STAGES
from domain.deadlines.stages import LegalStage
from domain.vocabulary import PetitionKind

NOW = date(2026, 7, 6)
DAYS = {"now": NOW, "old": date(2026, 6, 30), "2016": date(2016, 12, 4)}

TEXTS = {
    "LKN": "Luật Khiếu nại số 02/2011/QH13",
    "LTC": "Luật Tố cáo số 25/2018/QH14",
    "LTCD": "Luật Tiếp công dân số 42/2013/QH13",
    "LTCCQ": "Luật Tổ chức chính quyền địa phương số 72/2025/QH15",
    "NĐ75": "Nghị định số 75/2012/NĐ-CP",
    "NĐ124": "Nghị định số 124/2020/NĐ-CP",
    "NĐ154": "Nghị định số 154/2026/NĐ-CP",
    "NĐ155": "Nghị định số 155/2026/NĐ-CP",
    "NĐ20": "Nghị định số 20/2008/NĐ-CP",
}
"""The texts that are cited below, by what they are called there."""

# kind, stage, region and complexity ("-" is normal), day of the act, limit, trigger, where it stands
RULES = """
any                    triage                 - -   now 10wd receipt         Điều 28 LTCD
any                    party_head_notice      - -   now 10wd receipt         11-QĐi/TW
any                    refusal_notice         - -   now 3wd  grounds_complete khoản 3 Điều 4 NĐ154
any                    handling               - -   now 45cd receipt         khoản 3 Điều 41 NĐ154
any                    transfer_reply         - -   now 7wd  settled         khoản 2 Điều 27 LTCD
any                    result_to_citizen      - -   now 5wd  transfer_reply  khoản 2 Điều 28 LTCD
reception              schedule_posting       - -   now 5wd  reception_day   khoản 4 Điều 24 LTCD
reception              session_notice         - -   now 5wd  session         khoản 1 Điều 23 NĐ154
reception              connection_test        - -   now 1wd  session         khoản 1 Điều 23 NĐ154
dialogue               conference_notice      - -   now 7cd  conference      Điều 43 LTCCQ
dialogue               conference_result      - -   now 10cd conference      Điều 43 LTCCQ
dialogue               conclusion_notice      - -   now none session         Điều 25 NĐ154
reception              conclusion_notice      - -   now none session         Điều 25 NĐ154
dialogue               written_answer         - -   now none conclusion_notice Điều 25 NĐ154
proposal_or_feedback   first_reply            - -   now 10wd receipt         khoản 1 Điều 28 LTCD
proposal_or_feedback   settlement             - -   now none assignment      Pháp luật không quy định thời hạn
feedback_on_rules      transfer               - -   now 5wd  receipt         điểm d khoản 1 Điều 9 NĐ20
hotline_feedback       settlement             - -   now none receipt         Pháp luật không quy định thời hạn
complaint              lodging                - -   now 90cd decision_known  Điều 9 LKN
complaint              acceptance             - -   now 7wd  receipt         Điều 10 NĐ155
complaint              acceptance             - -   2016 10cd receipt        các điều 27 và 36 LKN
complaint              acceptance             - -   old 10cd receipt         các điều 27 và 36 LKN
complaint              settlement             - -   now 30cd acceptance      Điều 28 LKN
complaint              settlement             - complex now 45cd acceptance  Điều 28 LKN
complaint              settlement             remote -  now 45cd acceptance  Điều 28 LKN
complaint              settlement             remote complex now 60cd acceptance Điều 28 LKN
complaint              second_settlement      - -   now 45cd acceptance      Điều 37 LKN
complaint              second_settlement      - complex now 60cd acceptance  Điều 37 LKN
complaint              second_settlement      remote -  now 60cd acceptance  Điều 37 LKN
complaint              second_settlement      remote complex now 70cd acceptance Điều 37 LKN
complaint              decision_sending       - -   now 3wd  decision        Điều 32 LKN
complaint              second_complaint       - -   now 30cd decision_received Điều 33 LKN
complaint              second_complaint       remote -  now 45cd decision_received Điều 33 LKN
complaint              second_decision_sending - -  now 7cd  decision        khoản 1 Điều 41 LKN
complaint              decision_publication   - -   now 15cd decision        khoản 1 Điều 12 NĐ75
complaint              publication_meeting_notice - - now 3wd publication_meeting khoản 2 Điều 12 NĐ75
complaint              decision_posting       - -   now 15cd posting         khoản 4 Điều 12 NĐ75
complaint              front_notice           - -   now 7cd  decision        khoản 2 Điều 66 LKN
complaint              decision_effect        - -   now 30cd decision        Điều 44 LKN
complaint              decision_effect        remote -  now 45cd decision    Điều 44 LKN
complaint              document_supply        - -   now 7cd  request         các điều 13, 14 và 15 LKN
complaint              dialogue_invitation    - -   now 5cd  dialogue        khoản 1 Điều 28 NĐ124
complaint              suspension_sending     - -   now 3wd  decision        Điều 28b NĐ124
disciplinary_complaint lodging                - -   now 15cd decision_received Điều 48 LKN
disciplinary_complaint second_complaint       - -   now 10cd decision_received Điều 48 LKN
disciplinary_complaint second_complaint_on_dismissal - - now 30cd decision_received Điều 48 LKN
disciplinary_complaint acceptance             - -   now 7wd  receipt         Điều 10 NĐ155
disciplinary_complaint acceptance             - -   2016 10cd receipt        Điều 50 LKN
disciplinary_complaint acceptance             - -   old 10cd receipt         Điều 50 LKN
disciplinary_complaint settlement             - -   now 30cd acceptance      Điều 50 LKN
disciplinary_complaint settlement             - complex now 45cd acceptance  Điều 50 LKN
disciplinary_complaint second_settlement      - -   now 30cd acceptance      Điều 50 LKN
disciplinary_complaint second_settlement      - complex now 45cd acceptance  Điều 50 LKN
denunciation           acceptance             - -   now 7wd  receipt         khoản 1 Điều 24 LTC
denunciation           acceptance_extension   - -   now 3wd  limit_ended     khoản 1 Điều 24 LTC
denunciation           transfer               - -   now 5wd  receipt         khoản 2 Điều 24 LTC
denunciation           acceptance_notice      - -   now 5wd  acceptance      khoản 3 Điều 29 LTC
denunciation           settlement             - -   now 30cd acceptance      khoản 1 Điều 30 LTC
denunciation           settlement             - complex now 60cd acceptance  khoản 2 Điều 30 LTC
denunciation           settlement_extension   - complex now 30cd limit_ended khoản 2 Điều 30 LTC
denunciation           settlement             - specially_complex now 90cd acceptance khoản 3 Điều 30 LTC
denunciation           settlement_extension   - specially_complex now 30cd limit_ended khoản 3 Điều 30 LTC
denunciation           suspension_sending     - -   now 5wd  decision        khoản 4 Điều 34 LTC
denunciation           conclusion_sending     - -   now 5wd  conclusion      khoản 3 Điều 35 LTC
denunciation           conclusion_action      - -   now 7wd  conclusion      khoản 1 Điều 36 LTC
denunciation           action_report          - -   now 5wd  result          khoản 3 Điều 36 LTC
denunciation           conclusion_publication - -   now 7wd  conclusion      khoản 1 Điều 40 LTC
denunciation           referral_reply         - -   now 20cd receipt         khoản 2 Điều 26 LTC
denunciation           further_review         - -   now 20cd further_denunciation khoản 2 Điều 37 LTC
denunciation           overdue_demand         - -   now 5wd  further_denunciation khoản 2 Điều 38 LTC
denunciation           overdue_report         - -   now 5wd  demand          khoản 3 Điều 38 LTC
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
        DAYS[day],
        remote=region == "remote",
        complexity="normal" if complexity == "-" else complexity,
    )
    assert row is not None
    assert (str(row.limit) if row.limit else "none", row.trigger) == (limit, trigger)
    place, _, text = source.rpartition(" ")
    assert f"{place} {TEXTS.get(text, text)}".strip() in row.legal_source


def test_the_table_above_holds_every_row_on_file_once(policies: Policies) -> None:
    found = [
        policies.row_for(
            kind,
            LegalStage(stage),
            DAYS[day],
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
    assert {clock.value for clock in Clock if clock.is_statutory} <= {
        *LegalStage,
        *CLOCK_OF_STAGE.values(),
    }


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
        "complaint-publication-meeting-notice",
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
    assert doubtful == {
        "complaint-acceptance@1": "10wd",
        "complaint-acceptance@2": "10cd",
        "complaint-document-supply@1": "7wd",
        "disciplinary-acceptance@1": "10wd",
        "disciplinary-acceptance@2": "10cd",
    }
    assert not any(row.verified for row in policies.rows if row.advisory)


def test_the_ten_days_before_july_2026_are_shown_with_the_ten_working_days_of_the_circular(law: Law) -> None:
    """Finding L2: received on Friday 13 February 2026, before Tết: 23 February or 6 March."""
    for kind in ("complaint", "disciplinary_complaint"):
        row = law.policies.row_for(kind, LegalStage.ACCEPTANCE, date(2026, 2, 13))
        assert row is not None
        found = explain_rule(law, row, date(2026, 2, 13))
        assert (found.due_on, found.advisory_on, found.verified) == (date(2026, 2, 23), date(2026, 3, 6), False)
        before = law.policies.row_for(kind, LegalStage.ACCEPTANCE, date(2016, 12, 4))
        since = law.policies.row_for(kind, LegalStage.ACCEPTANCE, date(2016, 12, 5))
        assert before is not None
        assert since is not None
        assert (before.advisory, str(since.advisory)) == (None, "10wd")


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
