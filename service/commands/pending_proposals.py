"""Lists what was proposed to put a record right and waits for another officer: corrections, reversals, withdrawals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from domain.events import CorrectionProposed, EndingReversed, Fact, RecordCorrected, ReversalProposed
from domain.meetings.events import (
    MeetingCorrected,
    MeetingCorrectionProposed,
    MeetingWithdrawalProposed,
    MeetingWithdrawn,
)
from projections.projection import Connection

_OF_MEETINGS = (MeetingCorrectionProposed, MeetingWithdrawalProposed, MeetingCorrected, MeetingWithdrawn)
ENDED_BY: Mapping[type[Fact], tuple[type[Fact], ...]] = {
    CorrectionProposed: (CorrectionProposed, RecordCorrected),
    ReversalProposed: (ReversalProposed, EndingReversed),
    MeetingCorrectionProposed: _OF_MEETINGS,
    MeetingWithdrawalProposed: _OF_MEETINGS,
}
"""The proposals, each with the later events of the same stream that approve it or take its place."""

_SELECT = """
    WITH numbered AS (SELECT number, topic FROM kiennghi.topics),
    ends AS (
        SELECT proposal.number AS proposal, ending.number AS ending
        FROM unnest(%(proposals)s::text[], %(endings)s::text[]) AS pair (proposal, ending)
        JOIN numbered AS proposal ON proposal.topic = pair.proposal
        JOIN numbered AS ending ON ending.topic = pair.ending
    )
    SELECT l.stream, opening.reference, l.version, t.topic AS event, l.recorded_at AS proposed_at,
        o.officer AS proposed_by, o.unit
    FROM kiennghi.log AS l
    JOIN numbered AS t ON t.number = l.topic
    JOIN kiennghi.officers AS o ON o.number = l.officer
    JOIN kiennghi.log AS opening ON opening.stream = l.stream AND opening.version = 1
    WHERE l.topic IN (SELECT proposal FROM ends) AND NOT EXISTS (
        SELECT FROM kiennghi.log AS later
        WHERE later.stream = l.stream AND later.version > l.version
            AND later.topic IN (SELECT ending FROM ends WHERE ends.proposal = l.topic)
    )
    ORDER BY l.position LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class PendingProposal:
    """Holds a proposal that waits, the oldest first. `version` is its place in the history of the `stream`.

    `reference` is the register number of a petition, None for a meeting. `proposed_at` is in UTC.
    """

    stream: UUID
    reference: str | None
    version: int
    event: str
    proposed_at: datetime
    proposed_by: str
    unit: str


async def pending_proposals(connection: Connection, *, most: int) -> list[PendingProposal]:
    """Return at most `most` proposals that nobody has approved and no other has replaced. The log is read through."""
    pairs = [(proposal.__name__, end.__name__) for proposal, ends in ENDED_BY.items() for end in ends]
    async with connection.cursor(row_factory=class_row(PendingProposal)) as cursor:
        await cursor.execute(
            _SELECT,
            {"proposals": [one for one, _ in pairs], "endings": [one for _, one in pairs], "most": most},
        )
        return await cursor.fetchall()
