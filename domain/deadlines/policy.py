"""Which limit a rule sets for a kind and a stage, on a given day: the law as a whole."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import get_args

from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.calendar_versions import CalendarVersions
from domain.deadlines.counting import due_date, latest_day_before
from domain.deadlines.deadline import Clock, Deadline, start
from domain.deadlines.policy_row import Complexity, Kind, PolicyRow
from domain.deadlines.stages import LegalStage


class PolicyError(ValueError):
    """A policy file that cannot be applied; the message names the row and its line."""


@dataclass(frozen=True)
class Policies:
    """Every rule on file: `rows` of the nation, `local` ones of the site. Raises PolicyError when two clash.

    A local row overrides a national one for the same stage that names no more conditions than it does.
    """

    rows: tuple[PolicyRow, ...]
    local: tuple[PolicyRow, ...] = ()
    _of_stage: dict[str, tuple[PolicyRow, ...]] = field(init=False, repr=False, compare=False)
    _applicable: dict[tuple[str, str, str, str], tuple[PolicyRow, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        if fault := next(clashes(self.rows), None) or next(clashes(self.local), None):
            raise PolicyError(fault[2])
        national = {row.reference for row in self.rows}
        if taken := next((row.reference for row in self.local if row.reference in national), None):
            raise PolicyError(f"{taken} is the name of a national rule; a rule of the site has an id of its own")
        # Sorting keeps the order of equals: of two that name as many conditions the site's goes first.
        most_specific_first = sorted((*self.local, *self.rows), key=lambda row: -row.specificity)
        of_stage: defaultdict[str, list[PolicyRow]] = defaultdict(list)
        for row in most_specific_first:
            of_stage[row.stage].append(row)
        object.__setattr__(self, "_of_stage", {stage: tuple(rows) for stage, rows in of_stage.items()})

    @property
    def every_row(self) -> tuple[PolicyRow, ...]:
        return (*self.rows, *self.local)

    def with_local(self, local: Iterable[PolicyRow]) -> "Policies":
        return replace(self, local=tuple(local))

    def named(self, reference: str) -> PolicyRow | None:
        """The row that a deadline names, in force or not."""
        return next((row for row in self.every_row if row.reference == reference), None)

    def row_for(
        self, kind: str, stage: Clock | LegalStage, on: date, *, remote: bool = False, complexity: str = "normal"
    ) -> PolicyRow | None:
        """The most specific rule in force on the day of the act, or None when there is none.

        Rules bind per stage (Decree 155/2026 Art 22.1): `on` is the day of whatever triggers this stage, not
        the day the petition came in. `kind` "any" is a petition not yet classified. Raises ValueError for a
        word that no row can hold.
        """
        key = (kind, stage, "remote" if remote else "normal", complexity)
        rows = self._applicable.get(key)
        if rows is None:  # asked for the first time; there are too many combinations to prepare them all
            if kind not in get_args(Kind) or stage not in {*LegalStage, *Clock} or complexity not in _COMPLEXITIES:
                raise ValueError(f"the rules know no such kind, stage or complexity: {key}")
            rows = tuple(row for row in self._of_stage.get(stage, ()) if row.is_for(kind, key[2], complexity))
            self._applicable[key] = rows
        for row in rows:
            if row.is_in_force(on):
                return row
        return None


_COMPLEXITIES = frozenset(get_args(Complexity)) - {"any"}


@dataclass(frozen=True)
class Law:
    """The rules and the calendar that a decision is taken by; `versions` are calendars that decisions were taken by."""

    policies: Policies
    calendar: Calendar
    versions: CalendarVersions = field(default_factory=CalendarVersions, compare=False, repr=False)

    def calendar_named(self, version: str) -> Calendar | None:
        """The calendar that a deadline names, in force or not; None where it is not on file any more."""
        return self.calendar if version == self.calendar.version else self.versions.named(version)

    def deadline(
        self, kind: str, stage: Clock, on: date, *, remote: bool = False, complexity: str = "normal"
    ) -> Deadline | None:
        """The clock that an act on the day `on` starts; None when no rule sets a limit: not "in time".

        Raises CalendarRunsOut when the limit ends beyond the years on file.
        """
        row = self.policies.row_for(kind, stage, on, remote=remote, complexity=complexity)
        if row is None or row.limit is None:
            return None
        return start(stage, on, row, self.calendar)

    def advisory_on(self, deadline: Deadline) -> date | None:
        """The last day by a second reading of the law; None where there is none, or a decision or suspension came."""
        row = None if deadline.policy is None else self.policies.named(deadline.policy)
        if row is None or row.advisory is None or deadline.decided_due_on is not None or deadline.suspensions:
            return None
        try:
            return due_date(deadline.started_on, row.advisory, self.calendar)
        except CalendarRunsOut:
            return None

    def last_day(self, row: PolicyRow, on: date) -> date | None:
        """The last day in time by a rule, for an act or an occasion on the day `on`; None for a slot."""
        if row.limit is None:
            return None
        count = latest_day_before if row.counts_back else due_date
        return count(on, row.limit, self.calendar)


def clashes(rows: Iterable[PolicyRow]) -> Iterator[tuple[PolicyRow, PolicyRow, str]]:
    """Pairs of rows that cannot both be on file, each with the reason."""
    named: dict[str, PolicyRow] = {}
    of_stage: defaultdict[LegalStage, list[PolicyRow]] = defaultdict(list)
    for row in rows:
        if row.reference in named:
            yield named[row.reference], row, f"{row.reference} is there twice"
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
                yield one, other, reason
