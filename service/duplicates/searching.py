"""Finds petitions that may have been received before, by comparing sender and text with all others.

An officer looks at the candidates; nothing is linked automatically. A candidate shows the stage of the first letter,
but no text of it and no names.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from rapidfuzz import fuzz

from domain.deadlines.deadline import days_late
from domain.duplicates.content import ComparableText
from domain.duplicates.normal_form import normal_words
from domain.petition import Petition
from domain.sealed_text import ERASED_TEXT
from domain.vocabulary import PetitionId, Stage
from projections.duplicates import find_most_alike, find_protection
from projections.projection import Connection
from service.commands.office import ApplicationService
from service.duplicates.senders import filter_petitions_of_same_sender, has_blind_index, latest_petitions_of_same_sender

LEAST_SCORE = 80.0
"""Lowest score (inclusive) of a candidate by any sender. Different letters on the same topic usually score less."""

LEAST_SCORE_OF_SAME_SENDER = 60.0
"""Lowest score (inclusive) of a candidate by the same sender, who may describe the same matter in other words."""

MOST_COMPARED = 20
"""Number of texts that are compared: so many of the most similar ones, and so many by the same sender."""

MaySee = Callable[[Petition, bool], bool]
"""Returns True if the officer may see the text and the sender of a petition; the second argument says if the petitioner
is protected."""


@dataclass(frozen=True, slots=True)
class DuplicateCandidate:
    """Describes a petition that another one may repeat. `score` (0 to 100) is the similarity of the words in any order.

    `same_sender` is None where it is not known, or where the officer may not know it. `days_late` is counted as in the
    list of overdue petitions: a repeated letter may mean that the first one is late.
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


async def find_duplicates(
    office: ApplicationService, connection: Connection, petition: Petition, may_see: MaySee, *, most: int = 10
) -> list[DuplicateCandidate]:
    """Return at most `most` candidates, the best first. `connection` has the schema of the views in its search path."""
    sketch = ComparableText.of(petition.opening.summary).sketch
    if sketch is None:
        return []
    letter = _letter_with_identities(petition)
    not_counted = await _identities_not_counted(office, [petition])
    own_protection = await find_protection(connection, [petition.petition_id])
    # Officers who may not see the sender of this petition must not learn which others the sender wrote.
    tells_sender = may_see(petition, own_protection.get(petition.petition_id, False)) and await has_blind_index(
        connection, letter
    )
    async with connection.transaction():
        # The planner underestimates a row-by-row comparison of arrays by a factor of five.
        await connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0")
        petition_ids = await find_most_alike(connection, sketch, most=MOST_COMPARED + 1)
        if tells_sender:
            petition_ids += await latest_petitions_of_same_sender(
                connection, letter, most=MOST_COMPARED, left_out=not_counted
            )
    protected = await find_protection(connection, petition_ids)
    petitions = await asyncio.gather(
        *(office.queries.fresh_petition(PetitionId(one)) for one in dict.fromkeys(petition_ids))
    )
    others = [
        other
        for other in petitions
        if other is not None
        and other.stage is not Stage.CANCELLED
        and not _share_a_letter(petition, other)
        and may_see(other, protected.get(other.petition_id, True))
    ]
    same_sender_letters = (
        await filter_petitions_of_same_sender(
            connection,
            letter,
            [_letter_with_identities(other) for other in others],
            left_out=not_counted | await _identities_not_counted(office, others),
        )
        if tells_sender
        else set()
    )
    text = _text_to_compare(petition)
    candidates = []
    for other in others:
        is_same_sender = _letter_with_identities(other) in same_sender_letters
        score = fuzz.token_sort_ratio(text, _text_to_compare(other))
        if score >= (LEAST_SCORE_OF_SAME_SENDER if is_same_sender else LEAST_SCORE):
            candidates.append(
                _candidate_from(petition, other, score, is_same_sender if tells_sender else None, office.today)
            )
    candidates.sort(key=lambda one: (-one.score, not one.same_sender, one.received_on))
    return candidates[:most]


def _candidate_from(
    petition: Petition, other: Petition, score: float, same_sender: bool | None, today: date
) -> DuplicateCandidate:
    due_on = other.status.due_on
    return DuplicateCandidate(
        petition_id=other.petition_id,
        reference=other.reference,
        score=round(score, 1),
        same_sender=same_sender,
        is_linked=petition.duplicate_of == other.petition_id or other.duplicate_of == petition.petition_id,
        stage=other.stage,
        unit=other.status.unit,
        received_on=other.received_on,
        due_on=due_on,
        days_late=days_late(due_on, today) if due_on is not None and other.is_past_limit(today) else 0,
    )


def _text_to_compare(petition: Petition) -> str:
    if petition.opening.summary == ERASED_TEXT:
        return ""
    return " ".join(normal_words(petition.opening.summary))


def _letter_with_identities(petition: Petition) -> PetitionId:
    """Return the petition under which the identities are stored.

    For a matter of a split letter that is the letter, for a stage above the first one.
    """
    return petition.opening.origin or petition.petition_id


async def _identities_not_counted(office: ApplicationService, petitions: Sequence[Petition]) -> set[UUID]:
    """Return the identities that are not the right ones, of the petitions under which they are stored."""
    letters = [petition for petition in petitions if petition.opening.origin is None]
    origins = {petition.opening.origin for petition in petitions} - {None}
    loaded = await asyncio.gather(*(office.queries.fresh_petition(origin) for origin in origins if origin))
    return {ref for letter in (*letters, *loaded) if letter is not None for ref in letter.identity_versions}


def _share_a_letter(one: Petition, other: Petition) -> bool:
    """Return True if `other` is the same petition, a matter of the same letter, or another stage of one petition.

    Such petitions are no duplicates of each other.
    """
    return (
        _letter_with_identities(one) == _letter_with_identities(other)
        or _letter_with_identities(one) == other.petition_id
    )
