"""Lives of petitions: sequences of commands, allowed or refused, on any days by anybody."""

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
    EscalatePetition,
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    MarkDuplicate,
    PetitionCommand,
    PrepareForMeeting,
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
from domain.deadlines.deadline import Clock
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import (
    Fact,
    PetitionEvent,
)
from domain.evolve import evolve
from domain.petition import Petition
from domain.vocabulary import ANSWERED, Criterion, EscalationKind, PetitionKind, Stage
from tests.domain import samples
from tests.domain.samples import but
from tests.domain.scenario import (
    CLERK,
    DEPUTY,
    HEAD,
    MONDAY,
    PETITION,
    WORKER,
    circumstances,
    petition_after,
    whose,
)

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

    # What is told of a failing life are its facts: the rest follows from them, and is long.
    before: Petition = field(repr=False)
    recorded: EventEnvelope[PetitionEvent]
    after: Petition = field(repr=False)
    around: DecisionContext = field(repr=False)


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
    opening = evolve(None, EventEnvelope(PETITION, 1, receipt, HEAD, reference="TD-2026-000001"))
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
            coming = today + timedelta(days=3) if isinstance(command, PrepareForMeeting) else None
            around = circumstances(
                by, meeting_on=today if one.what % 5 else None, planned_for=coming, other=first_letter()
            )
            try:
                more = taken(command, petition, around)
            except Refused:
                continue
            assert more, "an allowed command leaves a fact"
            steps += more
            break
    return Life(opening, tuple(steps))


def taken(command: PetitionCommand, petition: Petition, around: DecisionContext) -> list[Step]:
    steps = []
    for fact in decide(command, petition, around):
        recorded = EventEnvelope(PETITION, petition.version + 1, fact, around.by)
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
            clock = Clock.HEAD if what % 2 else petition.standing.clock or Clock.HEAD
            changes |= {"until": later + timedelta(days=20), "clock": clock}
        case DetermineComplexity():
            changes["criteria"] = tuple(Criterion)[: 1 + what % 3]
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
    st.sampled_from([stage for stage in Stage if stage.is_open or stage in ANSWERED]),
    st.booleans(),
    st.binary(min_size=16, max_size=100).map(tries),
)
