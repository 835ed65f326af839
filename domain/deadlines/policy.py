"""Finds the limit that the rules set for a kind of petition and a stage on a given day.

Decisions use it for every clock that they start.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import NamedTuple, get_args

from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.calendar_versions import CalendarVersions
from domain.deadlines.clock import Clock
from domain.deadlines.counting import due_date, latest_day_before
from domain.deadlines.deadline import Deadline, start_clock
from domain.deadlines.policy_row import PolicyComplexity, PolicyKind, PolicyRow
from domain.deadlines.stages import LegalStage
from domain.value import UNSET, UnsetType


class PolicyError(ValueError):
    """Is raised for a policy file that cannot be applied; the message names the row and its line."""


@dataclass(frozen=True)
class Policies:
    """Holds every rule on file: `rows` are national, `local` are those of the installation.

    Raises PolicyError if two clash. A local row overrides a national row for the same stage if the national row does
    not name more conditions.
    """

    rows: tuple[PolicyRow, ...]
    local: tuple[PolicyRow, ...] = ()
    _of_stage: dict[str, tuple[PolicyRow, ...]] = field(init=False, repr=False, compare=False)
    _applicable: dict[tuple[str, str, str, str], tuple[PolicyRow, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if fault := next(policy_clashes(self.rows), None) or next(policy_clashes(self.local), None):
            raise PolicyError(fault.reason)
        national = {row.reference for row in self.rows}
        if taken := next((row.reference for row in self.local if row.reference in national), None):
            raise PolicyError(f"{taken} is the name of a national rule; a rule of the site has an id of its own")
        # Sorting keeps the order of equals: of two rows that name as many conditions, the installation's comes first.
        most_specific_first = sorted((*self.local, *self.rows), key=lambda row: -row.specificity)
        of_stage: defaultdict[str, list[PolicyRow]] = defaultdict(list)
        for row in most_specific_first:
            of_stage[row.stage].append(row)
        object.__setattr__(self, "_of_stage", {stage: tuple(rows) for stage, rows in of_stage.items()})

    @property
    def every_row(self) -> tuple[PolicyRow, ...]:
        """Return the national rows, then the local ones."""
        return (*self.rows, *self.local)

    def with_local(self, local: Iterable[PolicyRow]) -> "Policies":
        """Return the national rows with `local` in place of the present local rows.

        Raise PolicyError when two clash.
        """
        return replace(self, local=tuple(local))

    def find_row(self, reference: str) -> PolicyRow | None:
        """Return the row that a deadline names ("id@version"), even if not in force; None if it is not on file."""
        return next((row for row in self.every_row if row.reference == reference), None)

    def legal_source(self, reference: str | UnsetType | None) -> str | None:
        """Return the legal source of the row that a deadline names; None if it names none, or one that is not on file.

        The rows of every version are on file, also those that have ended.
        """
        row = self.find_row(reference) if isinstance(reference, str) else None
        return None if row is None else row.legal_source

    def row_for(
        self, kind: str, stage: Clock | LegalStage, on: date, *, remote: bool = False, complexity: str = "normal"
    ) -> PolicyRow | None:
        """Return the most specific rule in force on the day `on`, or None if there is none.

        Each stage has its own rule (Decree 155/2026 Art 22.1): `on` is the day of the action that starts this stage,
        not the day on which the petition was received. `kind` "any" means a petition that is not yet classified. Raise
        ValueError for a word that no row can have.
        """
        key = (kind, stage, "remote" if remote else "normal", complexity)
        rows = self._applicable.get(key)
        if rows is None:  # first request: there are too many combinations to prepare them all
            if (
                kind not in get_args(PolicyKind)
                or stage not in {*LegalStage, *Clock}
                or complexity not in _COMPLEXITIES
            ):
                raise ValueError(f"the rules know no such kind, stage or complexity: {key}")
            rows = tuple(row for row in self._of_stage.get(stage, ()) if row.is_for(kind, key[2], complexity))
            self._applicable[key] = rows
        for row in rows:
            if row.is_in_force(on):
                return row
        return None


_COMPLEXITIES = frozenset(get_args(PolicyComplexity)) - {"any"}


@dataclass(frozen=True)
class Law:
    """Holds the rules and the calendar that a decision applies.

    `versions` are the calendars that earlier decisions applied.
    """

    policies: Policies
    calendar: Calendar
    versions: CalendarVersions = field(default_factory=CalendarVersions, compare=False, repr=False)

    def find_calendar(self, version: str) -> Calendar | None:
        """Return the calendar that a deadline names, even if it is not in force; None if it is not on file any more."""
        return self.calendar if version == self.calendar.version else self.versions.find_calendar(version)

    def deadline(
        self, kind: str, stage: Clock, on: date, *, remote: bool = False, complexity: str = "normal"
    ) -> Deadline | None:
        """Return the clock that starts with an action on the day `on`; None if no rule sets a limit.

        None does not mean "in time". Raise CalendarRunsOut when the limit ends beyond the years on file.
        """
        row = self.policies.row_for(kind, stage, on, remote=remote, complexity=complexity)
        if row is None or row.limit is None:
            return None
        return start_clock(stage, on, row, self.calendar)

    def advisory_on(self, deadline: Deadline) -> date | None:
        """Return the last day by a second reading of the law.

        The result is None if there is no such reading, if a decision or a suspension moved the date, or if the day lies
        beyond the years on file.
        """
        row = None if deadline.policy is UNSET else self.policies.find_row(deadline.policy)
        if row is None or row.advisory is None or deadline.decided_due_on is not UNSET or deadline.suspensions:
            return None
        try:
            return due_date(deadline.started_on, row.advisory, self.calendar)
        except CalendarRunsOut:
            return None

    def last_day(self, row: PolicyRow, on: date) -> date | None:
        """Return the last day in time by a rule, if the action or occasion that it counts from is on the day `on`.

        Return None for a row without a limit.

        Raise CalendarRunsOut when it lies beyond the years on file.
        """
        if row.limit is None:
            return None
        count = latest_day_before if row.counts_back else due_date
        return count(on, row.limit, self.calendar)


class PolicyClash(NamedTuple):
    """Holds two rows that cannot both be on file, and the reason."""

    one: PolicyRow
    other: PolicyRow
    reason: str


def policy_clashes(rows: Iterable[PolicyRow]) -> Iterator[PolicyClash]:
    """Yield the pairs of rows that cannot both be on file, each with the reason."""
    named: dict[str, PolicyRow] = {}
    of_stage: defaultdict[LegalStage, list[PolicyRow]] = defaultdict(list)
    for row in rows:
        if row.reference in named:
            yield PolicyClash(named[row.reference], row, f"{row.reference} is there twice")
            continue
        named[row.reference] = row
        of_stage[row.stage].append(row)
    for of_one in of_stage.values():
        for one, other in combinations(of_one, 2):
            if one.competes_with(other):
                reason = (
                    f"{one.reference} and {other.reference} are in force together for the same {one.stage} and neither"
                    " is the more specific; end one the day before the other begins, or name kind, region or"
                    " complexity"
                )
                yield PolicyClash(one, other, reason)
