"""Says what a source tells otherwise than the log, and takes over what it tells more where this is asked."""

from collections.abc import Sized
from typing import NamedTuple
from uuid import UUID

from domain.actor import Credentials
from domain.evolve import fold
from domain.imported_changes import Difference, facts_to_take_over, find_differences
from domain.rules.dating_back import dates_taken_back
from domain.vocabulary import PetitionId
from service.commands.office import ApplicationService
from service.event_store.errors import VersionConflict
from service.event_store.ids import take_over_command_id
from service.files.cells import quote_cell
from service.files.words import Words
from service.imports.mapping import ImportMapping
from service.imports.readings import ReadCase
from service.imports.results import CaseOutcome

ALL_KEYS = "*"
"""Stands for the keys of all cases."""
CASE_CHANGED = Words(
    "nguồn ghi khác lần nhập đầu; nhật ký giữ bản đầu",
    "told otherwise than when it was imported: the source or the mapping has changed; the log keeps the first",
)
_DATED_BACK = Words(
    "nguồn ghi thêm việc trước thời hạn đã hết; không ai nhập một mình làm mất việc quá hạn: ghi việc đó với ngày hôm"
    " nay rồi đề nghị đính chính ngày, hoặc rút lại lần nhập (hai người) rồi nhập lại",
    "the source tells of an act before a due date that has passed; nobody alone enters what takes lateness away: record"
    " it with today's day and propose the correction of its day, or withdraw the import (two officers) and import anew",
)
_CAN_BE_TAKEN_OVER = Words(
    "nguồn chỉ ghi thêm; có thể bổ sung bằng --take-over", "the source only tells more: --take-over KEY adds it"
)


class Comparison(NamedTuple):
    """Holds what came of a case that the log was told otherwise."""

    outcome: CaseOutcome
    changes: tuple[str, ...] = ()
    reason: str = ""


class TakingOver:
    """Compares cases with the log. `keys` are those of the cases of which more is taken over."""

    def __init__(
        self,
        office: ApplicationService,
        credentials: Credentials,
        mapping: ImportMapping,
        keys: frozenset[str],
        *,
        dry_run: bool,
    ) -> None:
        self._office = office
        self._credentials = credentials
        self._mapping = mapping
        self._keys = keys
        self._dry_run = dry_run

    def is_asked_for(self, key: str) -> bool:
        """Return True if more may be taken over of the case with this key."""
        return key in self._keys or ALL_KEYS in self._keys

    def _label(self, field: str) -> str:
        return self._mapping.label_of(f"case.{field.removesuffix('_on').removesuffix('_at')}")

    async def compare(self, found: ReadCase, petition_id: PetitionId, import_id: UUID, digest: bytes) -> Comparison:
        """Return the differences; where it is asked for and possible, add what the source tells more.

        `import_id` is that of the command that recorded the case.
        """
        history = await self._office.queries.history(petition_id)
        facts = [one.fact for one in history]
        differences = find_differences(facts, found.case, self._office.today)
        if not differences:
            return Comparison(CaseOutcome.ALREADY_THERE)  # taken over before, or written otherwise and meant the same
        changes = tuple(str(difference_words(self._label(one.field), one)) for one in differences)
        more = facts_to_take_over(facts, found.case, self._office.today)
        if not more:
            return Comparison(CaseOutcome.CHANGED, changes, str(CASE_CHANGED))
        petition = fold(history)
        if petition is not None and dates_taken_back(petition.status, more, self._office.today):
            return Comparison(CaseOutcome.CHANGED, changes, str(_DATED_BACK))
        if not self.is_asked_for(found.key):
            reason = Words(f"{CASE_CHANGED.vi}; {_CAN_BE_TAKEN_OVER.vi}", f"{CASE_CHANGED.en}; {_CAN_BE_TAKEN_OVER.en}")
            return Comparison(CaseOutcome.CHANGED, changes, str(reason))
        if self._dry_run:
            return Comparison(CaseOutcome.WOULD_TAKE_OVER, changes)
        try:
            await self._office.writer.append_facts(
                petition_id,
                more,
                self._credentials,
                after=history[-1].originator_version,
                command_id=take_over_command_id(import_id, digest),
                digest=digest,
            )
        except VersionConflict:  # somebody works on it at this moment
            return Comparison(CaseOutcome.CHANGED, changes, str(CASE_CHANGED))
        return Comparison(CaseOutcome.TAKEN_OVER, changes)


def difference_words(label: str, difference: Difference) -> Words:
    """Return which field is told otherwise, from what to what."""
    if difference.field == "steps":
        was, becomes = _count(difference.was), _count(difference.becomes)
        return Words(f"số bước: {was} → {becomes}", f"steps: {was} → {becomes}")
    (was_vi, was_en), (becomes_vi, becomes_en) = _shown(difference.was), _shown(difference.becomes)
    return Words(f"{label}: {was_vi} → {becomes_vi}", f"{label}: {was_en} → {becomes_en}")


def _count(steps: object) -> int:
    return len(steps) if isinstance(steps, Sized) else 0


def _shown(value: object) -> Words:
    if value is None:
        return Words("(trống)", "(nothing)")
    return Words(quote_cell(str(value)), quote_cell(str(value)))
