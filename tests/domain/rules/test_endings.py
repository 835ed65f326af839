"""Tests what may end each kind of petition at each stage, by which article, since when and on which grounds."""

from datetime import date

import pytest
from hypothesis import given

from domain import commands as c
from domain.decide import PETITION_COMMANDS, decide, why_closed
from domain.endings.table import ENDING_RULES, LAW_136_IN_FORCE_FROM
from domain.endings.words import Ground, PetitionEnding
from domain.errors import Refused
from domain.events import ImportWithdrawn
from domain.refusals.answers import AnswerRefusal
from domain.refusals.endings import EndingRefusal
from domain.status_moves import ANSWERS, SETTLES
from domain.value import UNSET
from domain.vocabulary import PetitionKind, Stage
from tests.domain import samples as s
from tests.domain.command_sequences import LIVES, Life
from tests.domain.expected_endings import (
    ARTICLES,
    COMMANDS,
    ENDING_OF_EVENT,
    GROUNDS,
    KINDS,
    ON,
    SINCE_JULY_2026,
    commands_by,
    context_on,
    day_of,
    expected,
    is_allowed,
    petition_at,
)
from tests.domain.samples import COMPLAINT, DENUNCIATION, PROPOSAL, classified_as, with_changes
from tests.domain.scenario import (
    WORKER,
    GivenPast,
    decision_context,
    petition_after,
)
from tests.examples import examples

each_ending = pytest.mark.parametrize("ending", list(PetitionEnding))


# -- stages and kinds --------------------------------------------------------------------------------------------------


@each_ending
def test_each_kind_has_just_these_endings_at_each_stage(ending: PetitionEnding) -> None:
    found = {}
    for stage in Stage:
        allowed = ""
        for letter, kind in KINDS.items():
            petition = petition_at(kind, stage, forced=ending is PetitionEnding.OVERRIDE_OF_WITHDRAWAL)
            if petition is None or petition.kind is not kind:
                continue
            commands = commands_by(ending, day_of(ending, petition))
            tries = [is_allowed(one, petition, context_on(one, petition)) for one in commands]
            allowed += letter if any(tries) else ""
            refusal = why_closed(type(COMMANDS[ending]), petition, context_on(commands[0], petition))
            assert (refusal is None) is any(tries), (stage, kind, refusal)
        found[stage] = allowed
    assert found == only_of_kinds_there(expected()[ending])


def only_of_kinds_there(row: dict[Stage, str]) -> dict[Stage, str]:
    """Return the row without the kinds that never come to a stage."""
    there = {
        stage: {letter for letter, kind in KINDS.items() if (one := petition_at(kind, stage)) and one.kind is kind}
        for stage in Stage
    }
    return {stage: "".join(letter for letter in letters if letter in there[stage]) for stage, letters in row.items()}


def test_every_ending_is_an_event_and_every_event_that_ends_is_in_the_table() -> None:
    assert set(ENDING_OF_EVENT.values()) == set(PetitionEnding) == set(ENDING_RULES) == set(COMMANDS)
    by_review = {ImportWithdrawn}  # two officers withdraw an import; it is no ending of the matter
    assert (SETTLES.keys() | ANSWERS) - by_review <= ENDING_OF_EVENT.keys()
    assert all(type(command) in PETITION_COMMANDS for command in COMMANDS.values())


@examples(60)
@given(LIVES)
def test_whatever_its_life_a_petition_ends_only_as_the_table_says(life: Life) -> None:
    for step in life.steps:
        fact, before = step.envelope.fact, step.before
        if (ending := ENDING_OF_EVENT.get(type(fact))) is None:
            continue
        rule = ENDING_RULES[ending]
        assert before.stage in rule.stages
        assert rule.by_kind[before.kind].since <= fact.occurred_on


def test_a_refusal_of_another_kind_says_what_the_kind_has_instead() -> None:
    petition = petition_after(classified_as(COMPLAINT))
    refusal = why_closed(c.HandleAsInformation, petition, context_on(s.INFORMATION, petition))
    assert refusal is not None
    petition = petition_at(COMPLAINT, Stage.IN_PROGRESS) or petition
    answered = why_closed(c.AnswerAtMeeting, petition, context_on(s.ANSWER_AT_MEETING, petition))
    assert answered is not None
    assert answered.code is AnswerRefusal.SETTLED_BY_DECISION
    unclassified = petition_at(None, Stage.ASSIGNED) or petition
    suspended = why_closed(c.SuspendProcessing, unclassified, context_on(s.SUSPEND, unclassified))
    assert suspended is not None
    assert suspended.code is EndingRefusal.ENDING_NEEDS_A_KIND
    assert suspended.instead("vi") == "phân loại trước"


# -- articles ----------------------------------------------------------------------------------------------------------


def test_each_ending_names_its_article() -> None:
    for (ending, kind), words in ARTICLES.items():
        source = ENDING_RULES[ending].by_kind[kind].source
        assert [word for word in words if word not in source] == [], (ending, kind, source)


def test_what_names_no_article_is_not_verified() -> None:
    bases = [basis for rule in ENDING_RULES.values() for basis in rule.by_kind.values()]
    assert [basis for basis in bases if basis.verified and not basis.source] == []
    assert [basis for basis in bases if basis.since >= LAW_136_IN_FORCE_FROM and basis.verified] == []


# -- since when --------------------------------------------------------------------------------------------------------


def in_progress_in_may(kind: PetitionKind) -> GivenPast:
    return [
        with_changes(s.RECEIVE, kind=kind, occurred_on=date(2026, 5, 4)),
        with_changes(s.CLASSIFY, kind=kind, occurred_on=date(2026, 5, 5)),
        with_changes(s.ACCEPT, occurred_on=date(2026, 5, 6)),
        with_changes(s.ASSIGN, occurred_on=date(2026, 5, 7)),
        with_changes(s.START, occurred_on=date(2026, 5, 8)),
        with_changes(s.WITHDRAW, occurred_on=date(2026, 6, 1), signs_of_coercion=True),
    ]


@pytest.mark.parametrize(
    "ending", [PetitionEnding.SUSPENSION, PetitionEnding.TERMINATION, PetitionEnding.OVERRIDE_OF_WITHDRAWAL]
)
@pytest.mark.parametrize("kind", [PROPOSAL, COMPLAINT, DENUNCIATION])
def test_some_endings_are_lawful_only_for_acts_since_july_2026(ending: PetitionEnding, kind: PetitionKind) -> None:
    petition = petition_after(in_progress_in_may(kind))
    before, since = date(2026, 6, 30), date(2026, 7, 1)
    for on in (before, since):
        allowed = any(is_allowed(one, petition, context_on(one, petition)) for one in commands_by(ending, on))
        assert allowed is ((ending, kind) not in SINCE_JULY_2026 or on == since)
    closed = why_closed(type(COMMANDS[ending]), petition, context_on(COMMANDS[ending], petition, today=before))
    assert (closed is not None) is ((ending, kind) in SINCE_JULY_2026)


def test_a_complaint_withdrawn_under_force_ended_by_the_law_of_2011_and_goes_on_by_that_of_2026() -> None:
    petition = petition_after(in_progress_in_may(COMPLAINT))
    accept = with_changes(s.AGREE_TO_WITHDRAWAL, occurred_on=date(2026, 6, 30))
    assert is_allowed(accept, petition, context_on(accept, petition))
    accept = with_changes(s.AGREE_TO_WITHDRAWAL, occurred_on=date(2026, 7, 1))
    assert not is_allowed(accept, petition, context_on(accept, petition))
    denounced = petition_after(in_progress_in_may(DENUNCIATION))
    accept = with_changes(s.AGREE_TO_WITHDRAWAL, occurred_on=date(2026, 6, 30))
    assert not is_allowed(accept, denounced, context_on(accept, denounced))


def test_a_complaint_that_was_withdrawn_freely_does_not_go_on() -> None:
    petition = petition_at(COMPLAINT, Stage.IN_PROGRESS)
    override = with_changes(s.OVERRIDE, occurred_on=ON)
    with pytest.raises(Refused, match="no signs of coercion are on record") as refused:
        decide(override, petition, context_on(override, petition))  # type: ignore[arg-type]
    assert refused.value.code is EndingRefusal.NO_SIGNS_OF_FORCE


# -- grounds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ending", "kind"), list(GROUNDS))
def test_an_ending_needs_one_of_the_grounds_of_its_kind(ending: PetitionEnding, kind: PetitionKind) -> None:
    stage = Stage.IN_PROGRESS if ending is PetitionEnding.TERMINATION else Stage.CLASSIFIED
    petition = petition_at(kind, stage)
    assert petition is not None
    allowed: set[object] = set()
    for command in commands_by(ending):
        if is_allowed(command, petition, context_on(command, petition)):
            (fact,) = decide(command, petition, context_on(command, petition)).facts
            ground = getattr(command, "ground_code", None)
            assert getattr(fact, "ground_code", None) == (UNSET if ground is None else ground.value)
            allowed.add(ground)
    without_list: set[object] = {None}
    assert allowed == (GROUNDS[ending, kind] or without_list)


def test_no_ground_of_a_termination_is_a_withdrawal() -> None:
    assert [ground for ground in Ground if "withdr" in ground] == []
    petition = petition_at(COMPLAINT, Stage.IN_PROGRESS)
    other = with_changes(s.TERMINATE, occurred_on=ON, ground_code=Ground.MATTER_CEASED, ground="rút toàn bộ")
    with pytest.raises(Refused, match="needs one of the grounds of the law") as refused:
        decide(other, petition, decision_context(WORKER))
    assert "giải thể" in refused.value.instead("vi")
