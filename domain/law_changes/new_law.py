"""Builds the law with a change in it: the days and rules of a file join what is on file.

Review, approval and serving build it in the same way.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple, Protocol, get_args

from domain.deadlines.calendar import Calendar
from domain.deadlines.calendar_file import CalendarError, parse_local_calendar
from domain.deadlines.policy import Law, Policies, PolicyError
from domain.deadlines.policy_file import parse_policies
from domain.deadlines.policy_row import PolicyComplexity, PolicyRow
from domain.errors import Refused
from domain.law_changes.events import LAW_FILE_FORMAT, Subject
from domain.refusals.law_changes import LawChangeRefusal

_REMARKS = {"verified", "known_from", "note", "advisory", "reference_only", "without_successor"}
"""Fields of a rule that say something about it, and by which no date is counted."""

_CHANGEABLE_FIELDS = {"in_force_to", *_REMARKS}
"""Fields of a rule on file that a change may still set: that the rule ended, and what is said about it."""


class DaysParser(Protocol):
    """Reads a file of days on top of a calendar, as `parse_local_calendar` does."""

    def __call__(self, text: str, calendar: Calendar, *, was_approved: bool = False) -> Calendar: ...


class LawFileParsers(NamedTuple):
    """Holds what reads the files of one format: a file of rules, and a file of days on top of a calendar."""

    rules: Callable[[str], tuple[PolicyRow, ...]]
    days: DaysParser


LAW_FILE_PARSERS: Mapping[int, LawFileParsers] = {
    1: LawFileParsers(
        rules=lambda text: parse_policies(text, "the file").rows,
        days=lambda text, calendar, *, was_approved=False: parse_local_calendar(
            text, "the file", calendar, was_approved=was_approved
        ),
    )
}
"""The parsers of each format in which a file was ever proposed. A format is never removed or read differently."""


def require_known_law_format(file_format: int) -> LawFileParsers:
    """Return the parsers of a format. Raise Refused if this program does not know it."""
    parsers = LAW_FILE_PARSERS.get(file_format)
    if parsers is None:
        newest = max(LAW_FILE_PARSERS)
        raise Refused(LawChangeRefusal.LAW_FILE_OF_NEWER_PROGRAM, file_format=file_format, newest=newest)
    return parsers


def law_with_change(
    law: Law, subject: Subject, text: str, file_format: int = LAW_FILE_FORMAT, *, was_approved: bool = False
) -> Law:
    """Return the law in force with the file on top of it, as a site's own file is read.

    See docs/how-to/add-a-provincial-limit.md. A file that is proposed now is in the present format. Raise Refused for a
    file that cannot be read, changes nothing, or changes what dates were counted by, and for an unknown format. Unless
    the file `was_approved` already, also raise it for one that drops days or ends a rule and does not say that it means
    that.
    """
    parsers = require_known_law_format(file_format)
    try:
        if subject is Subject.CALENDAR:
            return _law_with_calendar(law, text, parsers.days(text, law.calendar, was_approved=was_approved))
        changed = replace(law, policies=_merge_policies(law.policies, parsers.rules(text)))
    except (CalendarError, PolicyError) as error:
        raise Refused(LawChangeRefusal.LAW_FILE_HAS_FAULTS, reason=str(error)) from error
    if digest_of_law(changed) == digest_of_law(law):
        raise Refused(LawChangeRefusal.LAW_FILE_SAYS_NOTHING_NEW)
    if not was_approved:
        _require_successors(law.policies, changed.policies)
    return changed


def digest_of_law(law: Law) -> str:
    """Return the SHA-256 (hex) of all by which dates are counted: two laws with the same digest give the same dates."""
    calendar = law.calendar
    digest = hashlib.sha256(f"{calendar.version} {calendar.first} {calendar.last}".encode())
    for days in (calendar.days_off, calendar.days_worked):
        digest.update(" ".join(day.isoformat() for day in sorted(days)).encode() + b"\n")
    for row in sorted(law.policies.every_row, key=lambda row: row.reference):
        digest.update(row.model_dump_json(exclude=_REMARKS).encode())
    return digest.hexdigest()


def _law_with_calendar(law: Law, text: str, calendar: Calendar) -> Law:
    """Return the law with the calendar of the file. Raise Refused if its version is that of the calendar in force."""
    if calendar.version == law.calendar.version:
        raise Refused(LawChangeRefusal.CALENDAR_VERSION_IN_FORCE, calendar=calendar.version)
    name = calendar.version.rpartition("+")[2]
    return replace(law, calendar=calendar, versions=law.versions.with_file(name, text))


def _merge_policies(policies: Policies, more: Iterable[PolicyRow]) -> Policies:
    """Return the rules on file with `more`. Raise Refused for another text of a rule on file.

    A rule on file is ended or annotated, never edited: due dates name it.
    """
    national = {row.reference: row for row in policies.rows}
    local = {row.reference: row for row in policies.local}
    of_the_nation = {row.id for row in policies.rows}
    for row in more:
        home = national if row.id in of_the_nation else local
        before = home.get(row.reference)
        if before is not None and before.model_dump(exclude=_CHANGEABLE_FIELDS) != row.model_dump(
            exclude=_CHANGEABLE_FIELDS
        ):
            raise Refused(LawChangeRefusal.RULE_SAYS_SOMETHING_ELSE, rule=row.reference)
        home[row.reference] = row
    return Policies(tuple(national.values()), tuple(local.values()))


def _require_successors(before: Policies, after: Policies) -> None:
    """Raise Refused for a rule that ends by the change while no rule takes its place on the next day.

    A rule that says that it has no successor may end so.
    """
    former = {row.reference: row for row in before.every_row}
    for row in after.every_row:
        known_before = former.get(row.reference)
        ends_now = row.in_force_to is not None and (known_before is None or known_before.in_force_to != row.in_force_to)
        if ends_now and not row.without_successor and not _has_successor(row, after):
            assert row.in_force_to is not None
            raise Refused(LawChangeRefusal.RULE_ENDS_WITHOUT_SUCCESSOR, rule=row.reference, last=row.in_force_to)


def _has_successor(row: PolicyRow, policies: Policies) -> bool:
    """Return True if on the day after the last a rule is in force for all that the row is for.

    A slot for the province does not follow a rule that sets a limit.
    """
    if row.in_force_to is None or row.in_force_to == date.max:
        return True
    on = row.in_force_to + timedelta(days=1)
    # A rule for any petition is followed by rules for any petition: of kinds alone, a new one would have none.
    remote = [False, True] if row.region == "any" else [row.region == "remote"]
    complexities = [one for one in get_args(PolicyComplexity) if one != "any"]
    following = [
        policies.row_for(row.kind, row.stage, on, remote=is_remote, complexity=complexity)
        for is_remote in remote
        for complexity in (complexities if row.complexity == "any" else [row.complexity])
    ]
    return all(one is not None and (one.limit is not None or row.limit is None) for one in following)
