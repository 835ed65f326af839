"""What holds after any sequence of commands, allowed or refused, on any days by anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, Self, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.circumstances import Circumstances
from domain.commands import (
    AcceptWithdrawal,
    AssignPetition,
    CancelRegistration,
    ClassifyPetition,
    EscalatePetition,
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    MarkDuplicate,
    PetitionCommand,
    ProposeCorrection,
    ReassignPetition,
    RefuseAcceptance,
    RemindUnit,
    ReopenPetition,
    RequestExtension,
    RequestSupplement,
    RequestWithdrawal,
    ReturnPetition,
    SetDeadline,
    SplitPetition,
    TerminateProcessing,
    TransferPetition,
)
from domain.deadlines.deadline import Clock, days_late
from domain.decide import decide
from domain.events import (
    AnsweredAtMeeting,
    DeadlineExtended,
    Fact,
    PetitionEvent,
    PetitionReopened,
    ProcessingResumed,
    ProcessingSuspended,
    RecordCorrected,
    TransferReplyReceived,
)
from domain.petition import Petition, evolve, fold
from domain.recorded import Recorded
from domain.refused import Refused
from domain.standing import DueState, Standing, after, due_state, received
from domain.vocabulary import EscalationKind, PetitionKind, Stage
from tests.domain import samples
from tests.domain.samples import but
from tests.domain.scenario import (
    CLERK,
    DEPUTY,
    HEAD,
    MONDAY,
    PETITION,
    TODAY,
    WORKER,
    circumstances,
    petition_after,
    whose,
)
from tests.domain.stored import petition_facts

F = TypeVar("F", bound=Fact)
KINDS = tuple(PetitionKind)
ENDS = (
    CancelRegistration
    | SplitPetition
    | RefuseAcceptance
    | TransferPetition
    | ReturnPetition
    | GuideCitizen
    | FilePetition
    | MarkDuplicate
    | HandleAsInformation
    | AcceptWithdrawal
    | TerminateProcessing
)
STRANGERS = (HEAD, WORKER, CLERK, DEPUTY)


class Try(NamedTuple):
    """Numbers that choose what somebody tries next: which command, how many days on, who, and what it says."""

    which: int
    days: int
    who: int
    what: int

    @classmethod
    def of(cls, which: int, days: int, who: int, what: int) -> Self:
        """From four bytes: hypothesis draws a whole life at once, so that long ones cost little."""
        return cls(which, days % 11 - 2, who % 12, what)


@dataclass(frozen=True)
class Step:
    """One event of a life, and the petition on both sides of it."""

    before: Petition
    recorded: Recorded[PetitionEvent]
    after: Petition
    around: Circumstances


@dataclass(frozen=True)
class Life:
    opening: Petition
    steps: tuple[Step, ...]

    @property
    def end(self) -> Petition:
        return self.steps[-1].after if self.steps else self.opening

    @property
    def petitions(self) -> tuple[Petition, ...]:
        return (self.opening, *(step.after for step in self.steps))

    def of(self, kind: type[F]) -> list[tuple[Step, F]]:
        return [(step, step.recorded.fact) for step in self.steps if isinstance(step.recorded.fact, kind)]


@cache
def first_letter() -> Petition:
    return petition_after([samples.RECEIVE])


def lived(kind: PetitionKind, stage: Stage, is_remote_area: bool, tries: list[Try]) -> Life:
    """An ordinary way to a stage, then what people try; refusals leave no trace.

    Three tries of four go for something that is allowed just then, the fourth for anything.
    """
    receive, *ordinary = samples.ways(kind)[stage]
    receive = but(receive, is_remote_area=is_remote_area)
    (receipt,) = decide(receive, None, circumstances(HEAD))
    opening = evolve(None, Recorded(PETITION, 1, receipt, HEAD, reference="TD-2026-000001"))
    steps: list[Step] = []
    for command in ordinary:
        around = circumstances(whose(command), other=first_letter())
        steps += taken(command, steps[-1].after if steps else opening, around)
    today = max((step.recorded.fact.occurred_on for step in steps), default=MONDAY)
    for one in tries:
        petition = steps[-1].after if steps else opening
        today = max(MONDAY, today + timedelta(days=one.days))
        for turn in range(len(samples.EVERY_COMMAND) if one.which % 4 else 1):
            command = samples.EVERY_COMMAND[(one.which + 7 * turn) % len(samples.EVERY_COMMAND)]
            if isinstance(command, ENDS) and one.what % 5:
                continue  # or hardly any life would be long
            command = saying(command, one.what, today, petition)
            by = whose(command) if one.who % 3 else STRANGERS[one.who % len(STRANGERS)]
            around = circumstances(by, meeting_on=today if one.what % 5 else None, other=first_letter())
            try:
                more = taken(command, petition, around)
            except Refused:
                continue
            assert more, "an allowed command leaves a fact"
            steps += more
            break
    return Life(opening, tuple(steps))


def taken(command: PetitionCommand, petition: Petition, around: Circumstances) -> list[Step]:
    steps = []
    for fact in decide(command, petition, around):
        recorded = Recorded(PETITION, petition.version + 1, fact, around.by)
        continued = evolve(petition, recorded)
        steps.append(Step(petition, recorded, continued, around))
        petition = continued
    return steps


def saying(command: PetitionCommand, what: int, today: date, petition: Petition) -> PetitionCommand:
    """The sample with other days and words."""
    on = today - timedelta(days=what % 3 * (what % 2))
    later = on + timedelta(days=what % 60 - 1)
    changes: dict[str, object] = {"occurred_on": on}
    match command:
        case AssignPetition() | SetDeadline() | ReopenPetition():
            changes["due_on"] = later
        case RequestExtension():
            changes |= {"until": later + timedelta(days=20), "clock": petition.standing.clock or Clock.HEAD}
        case RequestSupplement() | RemindUnit():
            changes["asked_for_on"] = later
        case ClassifyPetition():
            changes |= {"kind": KINDS[what % 3], "reason": "xem lại" if what % 4 else ""}
        case EscalatePetition():
            changes["kind"] = list(EscalationKind)[what % 5]
        case RequestWithdrawal():
            changes["signs_of_coercion"] = what % 3 == 0
        case ReassignPetition():
            unit, officer = (("so-mau", "chuyen-vien"), ("so-khac", "nguoi-khac"))[what % 2]
            changes |= {"lead_unit": unit, "responsible_officer": officer}
            changes |= {"new_head_due_on": later} if what % 3 == 0 else {}
        case ProposeCorrection() if what % 3:
            day = MONDAY + timedelta(days=what % 50 - 5)
            changes["received_on" if what % 3 == 1 else "answered_on"] = day
        case _:
            pass
    return but(command, **changes)


def tries(drawn: bytes) -> list[Try]:
    return [Try.of(*drawn[n : n + 4]) for n in range(0, len(drawn) - 3, 4)]


LIVES = st.builds(
    lived,
    st.sampled_from(KINDS),
    st.sampled_from([stage for stage in Stage if stage.is_open or stage.is_answered]),
    st.booleans(),
    st.binary(min_size=16, max_size=100).map(tries),
)


def lives(test: Callable[[Life], None]) -> Callable[[], None]:
    return settings(max_examples=80, deadline=None)(given(LIVES)(test))


@lives
def test_a_petition_is_what_its_stored_history_says(life: Life) -> None:
    told: list[Recorded[PetitionEvent]] = [
        Recorded(PETITION, 1, life.opening.receipt, HEAD, reference="TD-2026-000001"),
        *(step.recorded for step in life.steps),
    ]
    assert fold(told) == life.end
    reread = [
        Recorded(
            PETITION,
            recorded.originator_version,
            type(recorded.fact).model_validate_json(recorded.fact.model_dump_json(exclude_defaults=True)),
            recorded.by,
            reference=recorded.reference,
        )
        for recorded in told
    ]
    assert fold(reread) == life.end


@lives
def test_a_standing_told_by_the_facts_alone_is_the_petitions(
    life: Life,
) -> None:
    standing = received(life.opening.receipt)
    for step in life.steps:
        standing = after(standing, step.recorded.fact)
        assert standing == step.after.standing
        assert standing.clocks == {clock: d.due_on for clock, d in step.after.deadlines.items()}


@lives
def test_an_open_petition_is_in_one_state_of_due_and_one_that_is_over_in_none(
    life: Life,
) -> None:
    for petition in life.petitions:
        state = petition.standing.state_on(TODAY, TODAY + timedelta(days=7))
        assert (state is not None) is petition.stage.is_open
        assert (state is DueState.SUSPENDED) is petition.standing.is_suspended
        assert (petition.standing.suspended_on is not None) is petition.standing.is_suspended
        assert petition.is_past_limit(TODAY) is (state is DueState.OVERDUE)


@given(
    st.none() | st.integers(-30, 30),
    st.booleans(),
    st.integers(-30, 30),
    st.integers(0, 10),
)
def test_the_states_of_due_exclude_each_other_and_leave_nothing_out(
    due: int | None, is_suspended: bool, on: int, soon: int
) -> None:
    today = MONDAY + timedelta(days=on)
    due_on = None if due is None else MONDAY + timedelta(days=due)
    soon_until = today + timedelta(days=soon)
    holds = {
        DueState.SUSPENDED: is_suspended,
        DueState.NO_LIMIT_SET: not is_suspended and due_on is None,
        DueState.OVERDUE: not is_suspended and due_on is not None and today > due_on,
        DueState.DUE_TODAY: not is_suspended and due_on is not None and today == due_on,
        DueState.DUE_SOON: not is_suspended and due_on is not None and today < due_on <= soon_until,
        DueState.NOT_YET_DUE: not is_suspended and due_on is not None and today < due_on > soon_until,
    }
    assert [state for state in DueState if holds[state]] == [
        due_state(due_on, is_suspended=is_suspended, on=today, soon_until=soon_until)
    ]


def lateness(standing: Standing) -> int | None:
    if standing.settled_on is None or standing.due_when_settled is None:
        return None
    return days_late(standing.due_when_settled, standing.settled_on)


@lives
def test_once_settled_a_round_keeps_its_lateness_whatever_comes(
    life: Life,
) -> None:
    for step in life.steps:
        before, later = step.before.standing, step.after.standing
        if before.settled_on is None:
            continue
        if isinstance(step.recorded.fact, PetitionReopened | TransferReplyReceived) and later.settled_on is None:
            assert later.round == before.round + 1
        elif not isinstance(step.recorded.fact, RecordCorrected):
            assert (later.settled_on, later.due_when_settled) == (before.settled_on, before.due_when_settled)
            assert later.round == before.round
            assert lateness(later) == lateness(before)


@lives
def test_only_a_settled_petition_is_closed_to_the_clocks(
    life: Life,
) -> None:
    for standing in (petition.standing for petition in life.petitions):
        assert (standing.settled_on is None) is standing.stage.is_open
        if not standing.stage.is_open:
            assert standing.clocks == {}


@lives
def test_nothing_happens_before_the_receipt_or_in_the_future(
    life: Life,
) -> None:
    for step in life.steps:
        assert life.end.received_on <= step.recorded.fact.occurred_on <= TODAY
    for petition in life.petitions:
        assert petition.standing.settled_on is None or petition.standing.settled_on >= petition.received_on


@lives
def test_no_suspension_brings_a_due_date_nearer(life: Life) -> None:
    for step, _fact in [*life.of(ProcessingSuspended), *life.of(ProcessingResumed)]:
        before, later = step.before.standing.clocks, step.after.standing.clocks
        assert before.keys() == later.keys()
        assert all(later[clock] >= before[clock] for clock in before)


@lives
def test_a_clock_that_has_run_out_is_not_wound_up_again(
    life: Life,
) -> None:
    """Only a correction of the receipt says that it had not run out; other clocks may still stop."""
    for step in life.steps:
        fact = step.recorded.fact
        if isinstance(fact, RecordCorrected | ProcessingResumed):
            continue  # a resumption dated back before the end is about the days it names
        for clock, due_on in step.before.standing.clocks.items():
            if due_on < fact.occurred_on and clock in step.after.standing.clocks:
                assert step.after.standing.clocks[clock] == due_on


@lives
def test_nobody_grants_their_own_extension_or_correction(
    life: Life,
) -> None:
    for step, granted in life.of(DeadlineExtended):
        asked = step.before.extension_asked
        assert asked is not None
        assert granted.requested_by == asked.by
        assert not asked.parties & step.recorded.by.parties
    for step, corrected in life.of(RecordCorrected):
        asked = step.before.correction_asked
        assert asked is not None
        assert corrected.proposed_by == asked.by
        assert not asked.parties & step.recorded.by.parties


@lives
def test_an_answer_at_a_meeting_is_of_the_day_of_the_meeting(
    life: Life,
) -> None:
    for step, answer in life.of(AnsweredAtMeeting):
        assert step.around.meeting is not None
        assert step.around.meeting.held_on == answer.occurred_on


def test_a_history_that_does_not_begin_with_a_receipt_is_a_bug() -> None:
    (fact,) = decide(samples.ACKNOWLEDGE, first_letter(), circumstances(HEAD))
    with pytest.raises(ValueError, match="begins with ReceiptAcknowledged"):
        evolve(None, Recorded(PETITION, 1, fact, HEAD))


@given(st.lists(st.sampled_from(petition_facts()), max_size=25))
def test_whatever_was_recorded_in_whatever_order_loads(facts: list[PetitionEvent]) -> None:
    petition = first_letter()
    for n, fact in enumerate(facts, start=2):
        petition = evolve(petition, Recorded(PETITION, n, fact, HEAD))
        assert petition.version == n
        assert petition.standing.clocks == {clock: d.due_on for clock, d in petition.deadlines.items()}
        state = petition.standing.state_on(TODAY, TODAY)
        assert (state is not None) is petition.stage.is_open
