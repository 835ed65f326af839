"""Renders the reference page of words: every stored enumeration, with the words that officers use."""

import inspect
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from docs.generator.markdown import docstring_of, join_blocks, render_page, render_table
from domain.actor import Role
from domain.alerts.delivery import MessageState
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, FailureReason, OperatorSubject, WatchedClock
from domain.deadlines.clock import Clock, SubjectKind
from domain.deadlines.clock_run import Move, OfficeClock
from domain.deadlines.limit import DayKind
from domain.deadlines.stages import LegalStage
from domain.endings.words import Ground, PetitionEnding
from domain.import_withdrawals.words import WithdrawalMode
from domain.law_changes.events import Subject
from domain.meetings.words import Audience, HeadOf, MeetingKind, MeetingMode, MeetingStage, ReceptionType
from domain.reorganisations.handing_over import ChosenBy
from domain.status import DueState
from domain.stored_words.table import STORED_WORDS
from domain.units.events import Branch, Level, Office
from domain.vocabulary import (
    Category,
    Channel,
    Competence,
    Complexity,
    CourtOutcome,
    Criterion,
    DutyAct,
    IdentityField,
    IdentityVersion,
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
from projections.labels.acts import ACTS
from projections.labels.events import PETITION_FIELD_LABELS

GLOSSARY_ENUMS: tuple[type[StrEnum], ...] = (
    Stage,
    PetitionKind,
    Channel,
    PersonCapacity,
    IdentityField,
    IdentityVersion,
    Instance,
    Competence,
    Result,
    PetitionEnding,
    Ground,
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
    WithdrawalMode,
    Role,
    Category,
    WatchedClock,
    AlertRole,
    AlertChannel,
    Does,
    FailureReason,
    MessageState,
    OperatorSubject,
)
_ENUM_MEMBER = re.compile(r'^    [A-Z_]+ = "(?P<word>\w+)"(?:  # (?P<remark>.+))?$', re.MULTILINE)


CHECKED_WORDS = Path(__file__).with_name("checked_words.tsv")
"""The Vietnamese of stored words that were looked up in a text of law, with the text and whether it is sure."""


class CheckedWord(NamedTuple):
    """Holds the Vietnamese of a stored word as a source has it. A word that is not sure was found in no text of law."""

    enumeration: str
    word: str
    checked: str
    source: str
    is_sure: bool


def checked_words() -> list[CheckedWord]:
    """Return the words of the list in its order."""
    _heading, *rows = CHECKED_WORDS.read_text(encoding="utf-8").splitlines()
    return [_checked_word(*row.split("\t")) for row in rows]


def _checked_word(enumeration: str, word: str, checked: str, source: str, sure: str) -> CheckedWord:
    return CheckedWord(enumeration, word, checked, source, sure == "sure")


def glossary_page() -> str:
    named = [(f"`{field}`", words["vi"], words["en"]) for field, words in PETITION_FIELD_LABELS.items()]
    checked = {(one.enumeration, one.word): one for one in checked_words()}
    unsure = [
        (f"`{one.enumeration}.{one.word}`", STORED_WORDS[one.enumeration][one.word]["vi"], one.checked, one.source)
        for one in checked.values()
        if not one.is_sure
    ]
    return render_page(
        "Words",
        "The words of the log, the interface and the files. A stored word is never renamed. The Vietnamese of a word"
        " whose kind of petition is known may be that of the kind: an answer to a complaint is a decision, to a"
        " denunciation a conclusion. Which kind has which ending and ground: [endings](endings.md).",
        *(_enum_section(words, checked) for words in GLOSSARY_ENUMS),
        "## Acts by the kind of petition",
        "Where the law has an act under a name of its own. All other acts have one name.",
        render_table(("event", "kind", "Vietnamese", "English", "source"), _acts()),
        "## Fields in the file of a petition",
        render_table(("field", "Vietnamese", "English"), named),
        "## Words that are not sure",
        "They are in use, but were found in no text of law.",
        render_table(("word", "Vietnamese", "as found", "where"), unsure),
    )


def _acts() -> list[tuple[str, str, str, str, str]]:
    return [
        (
            f"`{event}`" + (f", {variant}" if variant else ""),
            STORED_WORDS["PetitionKind"][kind]["vi"],
            words.title["vi"],
            words.title["en"],
            words.source,
        )
        for (event, kind, variant), words in ACTS.items()
    ]


def _enum_section(words: type[StrEnum], checked: Mapping[tuple[str, str], CheckedWord]) -> str:
    """Return the section of an enumeration: each word in both languages, its source, and the comment beside it.

    Raise ValueError when the members cannot be read from the source.
    """
    remarks = {found["word"]: found["remark"] or "" for found in _ENUM_MEMBER.finditer(inspect.getsource(words))}
    if list(remarks) != [member.value for member in words]:
        raise ValueError(f"the members of {words.__name__} cannot be read from its source")
    listed = []
    for word, remark in remarks.items():
        told = STORED_WORDS[words.__name__][word]
        found = checked.get((words.__name__, word))
        source = "" if found is None else found.source if found.is_sure else "not sure"
        listed.append((f"`{word}`", told["vi"], told["en"], source, remark))
    columns = ("word", "Vietnamese", "English", "source", "remark")
    used = [n for n in range(len(columns)) if n < 3 or any(row[n] for row in listed)]
    table = render_table([columns[n] for n in used], [[row[n] for n in used] for row in listed])
    return join_blocks(f"## {words.__name__}", docstring_of(words), table)
