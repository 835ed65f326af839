"""Renders the reference page of words: every stored enumeration, with the words that officers use."""

import inspect
import re
from enum import StrEnum

from docs.generator.markdown import docstring_of, join_blocks, render_page, render_table
from domain.actor import Role
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, FailureReason, OperatorSubject, WatchedClock
from domain.deadlines.clock_run import Move, OfficeClock
from domain.deadlines.deadline import Clock, SubjectKind
from domain.deadlines.limit import DayKind
from domain.deadlines.stages import LegalStage
from domain.endings.words import ENDING_LABELS, GROUND_LABELS, Ground, PetitionEnding
from domain.law_changes.events import Subject
from domain.meetings.words import Audience, HeadOf, MeetingKind, MeetingMode, MeetingStage, ReceptionType
from domain.reorganisations.handing_over import ChosenBy
from domain.status import DueState
from domain.units.events import Branch, Level, Office
from domain.vocabulary import (
    Category,
    Channel,
    Competence,
    Complexity,
    CourtOutcome,
    Criterion,
    DutyAct,
    Instance,
    Party,
    PersonCapacity,
    PetitionKind,
    PromiseState,
    Recipient,
    Result,
    RulingForce,
    Stage,
    WayUp,
    WithdrawalForm,
    WithdrawalScope,
)
from projections.labels.case_file import PETITION_STAGE_LABELS
from projections.labels.events import PETITION_FIELD_LABELS

GLOSSARY_ENUMS: tuple[type[StrEnum], ...] = (
    PetitionKind,
    Channel,
    PersonCapacity,
    Instance,
    Competence,
    Result,
    WayUp,
    PromiseState,
    WithdrawalScope,
    WithdrawalForm,
    Complexity,
    Criterion,
    CourtOutcome,
    RulingForce,
    Clock,
    OfficeClock,
    SubjectKind,
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
    Recipient,
    DutyAct,
    Level,
    Branch,
    Office,
    ChosenBy,
    Subject,
    Role,
    Category,
    WatchedClock,
    AlertRole,
    AlertChannel,
    Does,
    FailureReason,
    OperatorSubject,
)
_ENUM_MEMBER = re.compile(r'^    [A-Z_]+ = "(?P<word>\w+)"(?:  # (?P<remark>.+))?$', re.MULTILINE)


def glossary_page() -> str:
    stages = [
        (
            f"`{stage}`",
            PETITION_STAGE_LABELS[stage]["vi"],
            PETITION_STAGE_LABELS[stage]["en"],
            "yes" if stage.is_open else "no",
        )
        for stage in Stage
    ]
    endings = [(f"`{ending}`", ENDING_LABELS[ending]["vi"], ENDING_LABELS[ending]["en"]) for ending in PetitionEnding]
    grounds = [(f"`{ground}`", GROUND_LABELS[ground]["vi"], GROUND_LABELS[ground]["en"]) for ground in Ground]
    named = [(f"`{field}`", words["vi"], words["en"]) for field, words in PETITION_FIELD_LABELS.items()]
    return render_page(
        "Words",
        "The words of the log, the interface and the files. A stored word is never renamed.",
        f"## Stage\n\n{docstring_of(Stage)}",
        render_table(("word", "Vietnamese", "English", "an answer is owed"), stages),
        f"## PetitionEnding\n\n{docstring_of(PetitionEnding)}",
        render_table(("word", "Vietnamese", "English"), endings),
        f"## Ground\n\n{docstring_of(Ground)} Which kind of petition has which: [endings](endings.md).",
        render_table(("word", "Vietnamese", "English"), grounds),
        *(_enum_section(words) for words in GLOSSARY_ENUMS),
        "## Fields in the file of a petition",
        render_table(("field", "Vietnamese", "English"), named),
    )


def _enum_section(words: type[StrEnum]) -> str:
    """Return the section of an enumeration; the comment beside a member is its remark.

    Raise ValueError when the members cannot be read from the source.
    """
    members = [
        (f"`{found['word']}`", found["remark"] or "") for found in _ENUM_MEMBER.finditer(inspect.getsource(words))
    ]
    if [word.strip("`") for word, _ in members] != [member.value for member in words]:
        raise ValueError(f"the members of {words.__name__} cannot be read from its source")
    listed = (
        render_table(("word", "remark"), members) if any(r for _, r in members) else ", ".join(w for w, _ in members)
    )
    return join_blocks(f"## {words.__name__}", docstring_of(words), listed)
