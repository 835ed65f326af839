"""Folds the changes of law that were proposed, approved and applied.

The law in force is the law on file with the approved changes.
"""

from contextlib import suppress
from uuid import UUID

from domain.deadlines.policy import Law
from domain.errors import Refused
from domain.law_changes.events import LawChangeApplied, LawChangeApproved, LawChangeProposed
from domain.law_changes.new_law import law_with_change, require_known_law_format
from domain.reviewed_changes import ReviewedChange, ReviewedChanges
from domain.vocabulary import LawChangeId

LAW_CHANGES_STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40002")
"""Id of the one history of all changes of law."""

LawChange = ReviewedChange[LawChangeProposed]


class LawChanges(ReviewedChanges[LawChangeProposed]):
    """Holds all changes of law."""

    stream = LAW_CHANGES_STREAM
    name = "change of law"
    vietnamese_name = "thay đổi quy định tính thời hạn"
    short_name = "change"
    proposed_fact = LawChangeProposed
    approved_fact = LawChangeApproved
    applied_fact = LawChangeApplied

    def law(self, on_file: Law, *, before: LawChangeId | None = None) -> Law:
        """Return the law on file with the approved changes, in the order of their approval.

        With `before`, only the changes approved before that one are in it. Raise Refused for a file in a format that
        this program does not know: by the law without it, dates would be wrong.
        """
        law = on_file
        for change_id in self.approved:
            if change_id == before:
                break
            proposed = self.by_id[change_id].proposed
            require_known_law_format(proposed.format)
            # Files that came later may hold a change already, or contradict it: then the later file holds.
            with suppress(Refused):
                law = law_with_change(law, proposed.subject, proposed.text, proposed.format, was_approved=True)
        return law
