"""The law with a change in it: what a file says of days and rules joins what is on file."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from domain.deadlines.calendar_file import CalendarError, parse_local_calendar
from domain.deadlines.policy import Law, Policies, PolicyError
from domain.deadlines.policy_file import parse_policies
from domain.deadlines.policy_row import PolicyRow
from domain.errors import Refused
from domain.law_changes.events import Subject

_MAY_CHANGE = {"in_force_to", "verified", "known_from", "note", "advisory"}
"""What a rule that is on file may still have said of it: that it ended, and how sure it is."""


def with_change(law: Law, subject: Subject, text: str) -> Law:
    """As a site's own file is read (docs/how-to/add-a-provincial-limit.md): on top of what is in force.

    Raises Refused for a file that cannot be read, changes nothing, or changes what dates were counted by.
    """
    try:
        if subject is Subject.CALENDAR:
            return _with_calendar(law, text)
        changed = replace(law, policies=_joined(law.policies, parse_policies(text, "the file").rows))
    except (CalendarError, PolicyError) as error:
        raise Refused(str(error)) from error
    if digest(changed) == digest(law):
        raise Refused("the file says nothing new of what dates are counted by")
    return changed


def digest(law: Law) -> str:
    """Of all that dates are counted by: two laws of the same digest give the same dates."""
    calendar = law.calendar
    told = hashlib.sha256(f"{calendar.version} {calendar.first} {calendar.last}".encode())
    for days in (calendar.days_off, calendar.days_worked):
        told.update(" ".join(day.isoformat() for day in sorted(days)).encode() + b"\n")
    for row in sorted(law.policies.every_row, key=lambda row: row.reference):
        told.update(row.model_dump_json(exclude={"note", "verified", "known_from", "advisory"}).encode())
    return told.hexdigest()


def _with_calendar(law: Law, text: str) -> Law:
    calendar = parse_local_calendar(text, "the file", law.calendar)
    if calendar.version == law.calendar.version:
        raise Refused(f"the calendar {calendar.version} is the one in force: give the new one a version of its own")
    name = calendar.version.rpartition("+")[2]
    return replace(law, calendar=calendar, versions=law.versions.with_file(name, text))


def _joined(policies: Policies, more: Iterable[PolicyRow]) -> Policies:
    """A rule on file is ended or annotated, never edited: due dates name it."""
    national = {row.reference: row for row in policies.rows}
    local = {row.reference: row for row in policies.local}
    of_the_nation = {row.id for row in policies.rows}
    for row in more:
        home = national if row.id in of_the_nation else local
        before = home.get(row.reference)
        if before is not None and before.model_dump(exclude=_MAY_CHANGE) != row.model_dump(exclude=_MAY_CHANGE):
            raise Refused(
                f"the rule {row.reference} is on file and says something else: give the new one a new version"
            )
        home[row.reference] = row
    return Policies(tuple(national.values()), tuple(local.values()))
