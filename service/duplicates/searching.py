"""Whether a petition was received before: who sent it and what it says, compared with all others.

Candidates are for an officer to look at; nothing is linked by itself. They say where the first letter stands, and show
nothing of its text and nobody's name.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from rapidfuzz import fuzz

from domain.deadlines.deadline import days_late
from domain.duplicates.content import Content
from domain.duplicates.normal_form import words_of
from domain.petition import Petition
from domain.vocabulary import PetitionId, Stage
from projections.duplicates import most_alike, protected_among
from projections.projection import Connection
from service.commands.office import Office
from service.duplicates.senders import has_marks, latest_of_same_sender, of_same_sender

LEAST = 80.0
"""Score from which on a letter of anybody is a candidate. Letters on the same topic come to less than that."""

LEAST_OF_SAME_SENDER = 60.0
"""The same person may tell the same matter in other words."""

LOOKED_AT = 20
"""Texts that are compared, of those most alike and of those by the same sender."""

MaySee = Callable[[Petition, bool], bool]
"""Whether the officer who asks may see what a petition, protected or not, says and who sent it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A petition that this one may repeat. `score` is from 0 to 100: how alike the words are, in whatever order.

    `same_sender` is None where it is not known, or not for the eyes of whoever asks. `days_late` counts as in the list
    of overdue petitions: a letter that comes again may mean that the first is late.
    """

    petition_id: UUID
    reference: str | None
    score: float
    same_sender: bool | None
    is_linked: bool
    stage: Stage
    unit: str
    received_on: date
    due_on: date | None
    days_late: int


async def candidates(
    office: Office, connection: Connection, petition: Petition, may_see: MaySee, *, most: int = 10
) -> list[Candidate]:
    """The best first. `connection` sees the views, and names them without a schema."""
    sketch = Content.of(petition.receipt.summary).sketch
    if sketch is None:
        return []
    letter = _letter_of(petition)
    own = await protected_among(connection, [petition.petition_id])
    # Whoever may not see who sent this one is not told whose others it is.
    tells_sender = may_see(petition, own.get(petition.petition_id, False)) and await has_marks(connection, letter)
    async with connection.transaction():
        # To compare arrays row by row takes five times as long as the planner thinks.
        await connection.execute("SET LOCAL enable_seqscan = off")
        found = await most_alike(connection, sketch, most=LOOKED_AT + 1)
        if tells_sender:
            found += await latest_of_same_sender(connection, letter, most=LOOKED_AT)
    protected = await protected_among(connection, found)
    read = await asyncio.gather(*(office.fresh_petition(PetitionId(one)) for one in dict.fromkeys(found)))
    others = [
        other
        for other in read
        if other is not None
        and other.stage is not Stage.CANCELLED
        and not _of_one_letter(petition, other)
        and may_see(other, protected.get(other.petition_id, True))
    ]
    known = await of_same_sender(connection, letter, [_letter_of(other) for other in others]) if tells_sender else set()
    text = _compared(petition)
    told = []
    for other in others:
        is_same = _letter_of(other) in known
        score = fuzz.token_sort_ratio(text, _compared(other))
        if score >= (LEAST_OF_SAME_SENDER if is_same else LEAST):
            told.append(_candidate(petition, other, score, is_same if tells_sender else None, office.today))
    told.sort(key=lambda one: (-one.score, not one.same_sender, one.received_on))
    return told[:most]


def _candidate(petition: Petition, other: Petition, score: float, same_sender: bool | None, today: date) -> Candidate:
    due_on = other.standing.due_on
    return Candidate(
        petition_id=other.petition_id,
        reference=other.reference,
        score=round(score, 1),
        same_sender=same_sender,
        is_linked=petition.duplicate_of == other.petition_id or other.duplicate_of == petition.petition_id,
        stage=other.stage,
        unit=other.standing.unit,
        received_on=other.received_on,
        due_on=due_on,
        days_late=days_late(due_on, today) if due_on is not None and other.is_past_limit(today) else 0,
    )


def _compared(petition: Petition) -> str:
    return " ".join(words_of(petition.receipt.summary))


def _letter_of(petition: Petition) -> PetitionId:
    """Under which the identities lie: those of a matter under its letter, of a stage above under the first."""
    return petition.receipt.split_from or petition.receipt.escalated_from or petition.petition_id


def _of_one_letter(one: Petition, other: Petition) -> bool:
    """Itself, matters of one letter, and the stages of one petition do not repeat each other."""
    return _letter_of(one) == _letter_of(other) or _letter_of(one) == other.petition_id
