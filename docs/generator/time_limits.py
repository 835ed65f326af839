"""Renders the reference page of time limits: the rules of the law row by row, as `domain/policy` has them."""

from collections import Counter

from docs.generator.markdown import render_page, render_table
from domain.deadlines.calendar import Calendar
from domain.deadlines.limit import DayKind, Limit
from domain.deadlines.policy_row import PolicyRow
from service.config.law_files import national_law

_TIME_LIMITS_HEAD = """\
From [domain/policy/deadlines.toml](../../domain/policy/deadlines.toml). The rule in force on the day of the act
applies, the one that names most conditions first. **Do not rely on a row that is not verified**: somebody must still
compare it with the official text ([what verified means](../explanation/what-is-verified.md)).

The day of the act is not counted unless the row says so (Civil Code Art 147.2); a limit that ends on a rest day ends on
the next working day. Each due date keeps the rule and the version of the calendar that it was counted by."""


def time_limits_page() -> str:
    law = national_law()
    rows = [
        (
            row.reference,
            _applies_to(row),
            row.stage.replace("_", " "),
            f"{'before ' if row.counts_back else ''}{row.trigger.replace('_', ' ')}",
            _limit_in_words(row),
            _validity_in_words(row),
            _yes_or_no(row.verified),
            row.known_from,
        )
        for row in law.policies.rows
    ]
    head = ("rule", "applies to", "limit for", "starts with", "limit", "in force", "verified", "known from")
    return render_page(
        "Time limits",
        _TIME_LIMITS_HEAD,
        render_table(head, rows),
        "## Sources and notes",
        render_table(
            ("rule", "source", "note"), [(row.reference, row.legal_source, row.note) for row in law.policies.rows]
        ),
        *_calendar_section(law.calendar),
    )


def _applies_to(row: PolicyRow) -> str:
    kind = "every kind" if row.kind == "any" else row.kind.replace("_", " ")
    conditions = [
        f"{name} {value.replace('_', ' ')}"
        for name, value in (("region", row.region), ("complexity", row.complexity))
        if value != "any"
    ]
    return ", ".join([kind, *conditions])


def _limit_in_words(row: PolicyRow) -> str:
    if row.limit is None:
        return "**none set**"
    limit = _duration_in_words(row.limit) + (", the first day counted" if row.limit.counts_start_day else "")
    if row.counts_back:
        limit = f"at least {limit} before"
    if row.times is not None:
        limit += " more" + (f", {row.times} times" if row.times > 1 else ", once")
    return limit + (f" (see also: {_duration_in_words(row.advisory)})" if row.advisory else "")


def _duration_in_words(limit: Limit) -> str:
    return f"{limit.amount} {'working days' if limit.unit is DayKind.WORKING else 'calendar days'}"


def _validity_in_words(row: PolicyRow) -> str:
    return f"from {row.in_force_from}" + (f" to {row.in_force_to}" if row.in_force_to else "")


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "**no**"


def _calendar_section(calendar: Calendar) -> list[str]:
    years = range(calendar.first.year, calendar.last.year + 1)
    rows = [
        (
            str(year),
            _yes_or_no(year not in calendar.unchecked_years),
            str(sum(day.year == year for day in calendar.days_off)),
            ", ".join(f"{day:%d/%m}" for day in sorted(calendar.days_worked) if day.year == year),
        )
        for year in years
    ]
    return [
        "## Working days",
        f"Calendar {calendar.version}, from {calendar.first} to {calendar.last}; a count beyond it is refused.\n"
        f"Provisional: {_provisional_days(calendar)}."
        " From [domain/policy/calendar-vn.toml](../../domain/policy/calendar-vn.toml).",
        render_table(
            ("year", "compared with the yearly notice", "days off besides the weekly ones", "rest days worked"), rows
        ),
    ]


def _provisional_days(calendar: Calendar) -> str:
    """Return the provisional days in words: a whole year by its number, other days one by one."""
    counts = Counter(day.year for day in calendar.provisional)
    days = [f"{day:%d/%m/%Y}" for day in sorted(calendar.provisional) if counts[day.year] < 365]
    return ", ".join([*days, *(f"the year {year}" for year, count in sorted(counts.items()) if count >= 365)]) or "none"
