"""The stored words, with what officers call them."""

import inspect
import re
from enum import StrEnum

from domain.actor import Role
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, FailureReason, OperatorSubject, WatchedClock
from domain.deadlines.clock_run import Move, OfficeClock
from domain.deadlines.deadline import Clock
from domain.deadlines.limit import DayKind
from domain.deadlines.stages import LegalStage
from domain.law_changes.events import Subject
from domain.meetings.words import Audience, HeadOf, MeetingKind, MeetingMode, MeetingStage, ReceptionType
from domain.reorganisations.handing_over import ChosenBy
from domain.status import DueState
from domain.units.events import Branch, Level, Office
from domain.vocabulary import (
    Channel,
    Competence,
    Complexity,
    Criterion,
    EscalationKind,
    Party,
    PetitionKind,
    Result,
    Stage,
    WithdrawalForm,
    WithdrawalScope,
)
from projections.labels.case_file import STAGES
from projections.labels.events import FIELDS
from service.reference_docs.marked import joined, page, prose, table

WORDS: tuple[type[StrEnum], ...] = (
    PetitionKind,
    Channel,
    Competence,
    Result,
    EscalationKind,
    WithdrawalScope,
    WithdrawalForm,
    Complexity,
    Criterion,
    Clock,
    OfficeClock,
    Move,
    DayKind,
    DueState,
    MeetingKind,
    ReceptionType,
    MeetingMode,
    MeetingStage,
    HeadOf,
    Audience,
    LegalStage,
    Party,
    Level,
    Branch,
    Office,
    ChosenBy,
    Subject,
    Role,
    WatchedClock,
    AlertRole,
    AlertChannel,
    Does,
    FailureReason,
    OperatorSubject,
)
_MEMBER = re.compile(r'^    [A-Z_]+ = "(?P<word>\w+)"(?:  # (?P<remark>.+))?$', re.MULTILINE)


def glossary_page() -> str:
    stages = [
        (f"`{stage}`", STAGES[stage]["vi"], STAGES[stage]["en"], "yes" if stage.is_open else "no") for stage in Stage
    ]
    named = [(f"`{field}`", words["vi"], words["en"]) for field, words in FIELDS.items()]
    return page(
        "Words",
        "The words of the log, the interface and the files. A stored word is never renamed.",
        f"## Stage\n\n{prose(Stage)}",
        table(("word", "Vietnamese", "English", "an answer is owed"), stages),
        *(_words(words) for words in WORDS),
        "## Fields in the file of a petition",
        table(("field", "Vietnamese", "English"), named),
    )


def _words(words: type[StrEnum]) -> str:
    """The remark is the comment beside the member, where there is one."""
    members = [(f"`{found['word']}`", found["remark"] or "") for found in _MEMBER.finditer(inspect.getsource(words))]
    if [word.strip("`") for word, _ in members] != [member.value for member in words]:
        raise ValueError(f"the members of {words.__name__} cannot be read from its source")
    listed = table(("word", "remark"), members) if any(r for _, r in members) else ", ".join(w for w, _ in members)
    return joined(f"## {words.__name__}", prose(words), listed)
