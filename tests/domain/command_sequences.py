"""Generates lives of petitions: sequences of commands, allowed or refused, on any days by anybody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, Self, TypeVar

from hypothesis import strategies as st

from domain.commands import (
    AcceptWithdrawal,
    AssignPetition,
    CancelRegistration,
    ClassifyPetition,
    DetermineComplexity,
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    MarkDuplicate,
    PetitionCommand,
    PrepareForMeeting,
    ProposeCorrection,
    ReassignPetition,
    RecordCourtRuling,
    RecordPromise,
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
    UrgeCompetentUnit,
)
from domain.deadlines.clock import Clock
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.endings.words import Ground
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import (
    Fact,
    PetitionEvent,
    PetitionReceived,
)
from domain.evolve import evolve
from domain.petition import Petition
from domain.vocabulary import (
    ANSWERED_STAGES,
    Competence,
    CourtOutcome,
    Criterion,
    PetitionKind,
    RulingForce,
    Stage,
)
from tests.domain import samples
from tests.domain.samples import with_changes
from tests.domain.scenario import (
    CLERK,
    COORDINATOR,
    DEPUTY,
    HEAD,
    MONDAY,
    PETITION,
    WORKER,
    decision_context,
    fold_next,
    petition_after,
    usual_officer,
)

F = TypeVar("F", bound=Fact)
KINDS = tuple(PetitionKind)
ENDS = (
    CancelRegistration
    | SplitPetition
    | RefuseAcceptance
    | TransferPetition
    | UrgeCompetentUnit
    | ReturnPetition
    | GuideCitizen
    | FilePetition
    | MarkDuplicate
    | HandleAsInformation
    | AcceptWithdrawal
    | TerminateProcessing
)
STRANGERS = (HEAD, WORKER, CLERK, DEPUTY, COORDINATOR)


class Attempt(NamedTuple):
    """Holds numbers that choose the next attempt: the command, how many days later, by whom, with which values."""

    which: int
    days: int
    who: int
    what: int

    @classmethod
    def of(cls, which: int, days: int, who: int, what: int) -> Self:
        """Make an attempt from four bytes. Hypothesis draws a whole life at once, so that long ones cost little."""
        return cls(which, days % 11 - 2, who % 12, what)


@dataclass(frozen=True)
class Step:
    """Holds one event of a life, and the petition before and after it."""

    # The report of a failing life shows its facts alone: the rest follows from them, and is long.
    before: Petition = field(repr=False)
    envelope: EventEnvelope[PetitionEvent]
    after: Petition = field(repr=False)
    context: DecisionContext = field(repr=False)


@dataclass(frozen=True)
class Life:
    """Holds the receipt, the opened petition and all steps after it."""

    receipt: PetitionReceived
    opening: Petition
    steps: tuple[Step, ...]

    @property
    def end(self) -> Petition:
        return self.steps[-1].after if self.steps else self.opening

    @property
    def petitions(self) -> tuple[Petition, ...]:
        return (self.opening, *(step.after for step in self.steps))

    def of(self, kind: type[F]) -> list[tuple[Step, F]]:
        return [(step, step.envelope.fact) for step in self.steps if isinstance(step.envelope.fact, kind)]


@cache
def first_letter(kind: PetitionKind | None = PetitionKind.PROPOSAL_FEEDBACK) -> Petition:
    """Return a letter of that kind that others may repeat."""
    return petition_after([with_changes(samples.RECEIVE, kind=kind)])


def build_life(kind: PetitionKind, stage: Stage, is_remote_area: bool, attempts: list[Attempt]) -> Life:
    """Build a life: the ordinary commands to a stage, then the attempts. Refused commands leave no trace.

    Three attempts of four look for a command that is allowed then, the fourth tries any.
    """
    receive, *ordinary = samples.commands_to_stages(kind)[stage]
    receive = with_changes(receive, is_remote_area=is_remote_area)
    (receipt,) = decide(receive, None, decision_context(HEAD)).facts
    assert isinstance(receipt, PetitionReceived)
    first = EventEnvelope[PetitionEvent](PETITION, 1, receipt, HEAD, reference="TD-2026-000001")
    opening = evolve(None, first)
    steps: list[Step] = []
    for command in ordinary:
        around = decision_context(usual_officer(command), today=command.occurred_on, other=first_letter(kind))
        history = [first, *(step.envelope for step in steps)]
        steps += take_step(command, steps[-1].after if steps else opening, around, history)
    today = max((step.envelope.fact.occurred_on for step in steps), default=MONDAY)
    for one in attempts:
        petition = steps[-1].after if steps else opening
        history = [first, *(step.envelope for step in steps)]
        today = max(MONDAY, today + timedelta(days=one.days))
        for turn in range(len(samples.EVERY_COMMAND) if one.which % 4 else 1):
            command = samples.EVERY_COMMAND[(one.which + 7 * turn) % len(samples.EVERY_COMMAND)]
            if isinstance(command, ENDS) and one.what % 5:
                continue  # or hardly any life would be long
            command = varied_command(command, one.what, today, petition)
            by = usual_officer(command) if one.who % 3 else STRANGERS[one.who % len(STRANGERS)]
            coming = today + timedelta(days=3) if isinstance(command, PrepareForMeeting) else None
            around = decision_context(
                by,
                today=today,
                meeting_on=today if one.what % 5 else None,
                planned_for=coming,
                other=first_letter(petition.kind),
            )
            try:
                more = take_step(command, petition, around, history)
            except Refused:
                continue
            assert more, "an allowed command leaves a fact"
            steps += more
            break
    return Life(receipt, opening, tuple(steps))


def take_step(
    command: PetitionCommand,
    petition: Petition,
    around: DecisionContext,
    history: Sequence[EventEnvelope[PetitionEvent]],
) -> list[Step]:
    steps: list[Step] = []
    for fact in decide(command, petition, around._replace(history=history)).facts:
        recorded = EventEnvelope(PETITION, petition.version + 1, fact, around.by)
        continued = fold_next(petition, recorded, (*history, *(step.envelope for step in steps)))
        steps.append(Step(petition, recorded, continued, around))
        petition = continued
    return steps


def varied_command(command: PetitionCommand, what: int, today: date, petition: Petition) -> PetitionCommand:
    """Return the sample command with other days and values, chosen by `what`."""
    on = today - timedelta(days=what % 3 * (what % 2))
    later = on + timedelta(days=what % 60 - 1)
    changes: dict[str, object] = {"occurred_on": on}
    match command:
        case AssignPetition():
            asked = [{"unit": "so-khac", "due_on": later}] if what % 4 == 1 else []
            changes |= {"due_on": later, "coordinating_units": ["so-khac"] * (what % 2), "contributions": asked}
        case SetDeadline() | ReopenPetition():
            changes["due_on"] = later
        case RequestExtension():
            clock = Clock.HEAD if what % 2 else petition.status.clock or Clock.HEAD
            changes |= {"until": later + timedelta(days=20), "clock": clock}
        case DetermineComplexity():
            changes["criteria"] = tuple(Criterion)[: 1 + what % 3]
        case RecordPromise():
            changes["promised_for_on"] = later if what % 4 else None
        case RequestSupplement() | RemindUnit():
            changes["asked_for_on"] = later
        case UrgeCompetentUnit():
            changes |= {"reply_by": later, "limit_ended_on": on - timedelta(days=what % 4)}
        case RecordCourtRuling():
            changes |= {"outcome": tuple(CourtOutcome)[what % 7], "force": tuple(RulingForce)[what % 3]}
        case ClassifyPetition():
            changes |= {"competence": (Competence.SUBORDINATE, None)[what % 2]}
            changes |= {"kind": KINDS[what % 3], "reason": "xem lại" if what % 4 else ""}
        case RequestWithdrawal():
            changes["signs_of_coercion"] = what % 3 == 0
        case ReassignPetition():
            unit, officer = (("so-mau", "chuyen-vien"), ("so-khac", "nguoi-khac"))[what % 2]
            changes |= {"lead_unit": unit, "responsible_officer": officer}
            changes |= {"new_head_due_on": later} if what % 3 == 0 else {}
        case ProposeCorrection() if what % 3:
            day = MONDAY + timedelta(days=what % 50 - 5)
            changes["received_on" if what % 3 == 1 else "answered_on"] = day
        case RefuseAcceptance() | FilePetition() | HandleAsInformation() | TerminateProcessing():
            changes["ground_code"] = tuple(Ground)[what % len(Ground)]
        case _:
            pass
    return with_changes(command, **changes)


def tries_from_bytes(drawn: bytes) -> list[Attempt]:
    return [Attempt.of(*drawn[n : n + 4]) for n in range(0, len(drawn) - 3, 4)]


LIVES = st.builds(
    build_life,
    st.sampled_from(KINDS),
    st.sampled_from([stage for stage in Stage if stage.is_open or stage in ANSWERED_STAGES]),
    st.booleans(),
    st.binary(min_size=16, max_size=100).map(tries_from_bytes),
)


def history_of_life(life: Life) -> list[EventEnvelope[PetitionEvent]]:
    """Return the events of a life, the receipt first."""
    receipt = EventEnvelope[PetitionEvent](PETITION, 1, life.receipt, HEAD, reference="TD-2026-000001")
    return [receipt, *(step.envelope for step in life.steps)]
