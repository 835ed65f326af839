"""How long answers took: of each petition the latest one, and of each unit the median."""

from collections.abc import Iterator
from datetime import date
from typing import LiteralString

from domain.vocabulary import UnitId
from projections.calendar_buckets import starts
from projections.case_state import Case
from projections.projection import Count, Derived, Row, Sums, Table

# With an even number of answers, the mean of the two in the middle. Unit by unit: numbers alone are sorted in half the
# time that units and numbers together take.
_MEDIANS = """
    SELECT unit, (
        SELECT (min(day) FILTER (WHERE up_to * 2 >= total) + min(day) FILTER (WHERE up_to * 2 > total)) / 2.0
        FROM (SELECT day, sum(many) OVER (ORDER BY day) AS up_to FROM unnest(days, answers) AS u (day, many)) AS c
    ) AS median_days
    FROM (
        SELECT unit, array_agg(days) AS days, array_agg(answers) AS answers, sum(answers) AS total
        FROM ({answers}) AS a GROUP BY unit
    ) AS of_units
"""
_OF_A_TIME = """
    SELECT unit, days, sum(answers)::int AS answers FROM (
        SELECT unit, days, answers FROM unit_workload_durations
        WHERE grain = 1 AND starts_on >= %(first_year)s AND starts_on < %(end_year)s
        UNION ALL
        SELECT unit, days, answers FROM unit_workload_durations
        WHERE grain = 2 AND starts_on >= %(first_month)s AND starts_on < %(first_year)s
        UNION ALL
        SELECT unit, days, answers FROM unit_workload_durations
        WHERE grain = 2 AND starts_on >= %(end_year)s AND starts_on < %(end_month)s
        UNION ALL
        SELECT answered_unit, days_taken, 1 FROM unit_workload_answers
        WHERE answered_on >= %(first)s AND answered_on < %(first_month)s
        UNION ALL
        SELECT answered_unit, days_taken, 1 FROM unit_workload_answers
        WHERE answered_on >= %(end_month)s AND answered_on < %(end)s
    ) AS d GROUP BY unit, days HAVING sum(answers) <> 0
"""
MEDIANS_OF_A_TIME: LiteralString = _MEDIANS.format(answers=_OF_A_TIME)
"""Of the answers in the `projections.calendar_buckets` of a time, in days."""

# Of all time and the units whose sums have changed: those as they are now, and their other years as they were.
_OF_CHANGED_UNITS = """
    SELECT unit, days, sum(answers)::int AS answers FROM (
        SELECT unit, days, answers FROM unit_workload_durations_now WHERE grain = 1
        UNION ALL
        SELECT unit, days, answers FROM unit_workload_durations
        WHERE grain = 1 AND unit IN (SELECT unit FROM unit_workload_durations_now)
        AND (starts_on, unit, days) NOT IN (
            SELECT starts_on, unit, days FROM unit_workload_durations_now WHERE grain = 1)
    ) AS d GROUP BY unit, days HAVING sum(answers) <> 0
"""
_KEEP = f"""
    INSERT INTO unit_workload_medians (unit, median_days)
    SELECT unit, median_days FROM (SELECT DISTINCT unit FROM unit_workload_durations_now) AS u
    LEFT JOIN ({_MEDIANS.format(answers=_OF_CHANGED_UNITS)}) AS m USING (unit)
    ON CONFLICT (unit) DO UPDATE SET median_days = excluded.median_days
"""  # noqa: S608 - made of the texts above


def _years_and_months(key: tuple[date, UnitId, int]) -> Iterator[Row]:
    on, unit, days = key
    for grain, start in starts(on)[:2]:
        yield grain, start, unit, days


ANSWERS = Table("unit_workload_answers", ("petition_id",), ("answered_unit", "answered_on", "days_taken"))
DURATIONS = Sums(
    "unit_workload_durations", ("grain", "starts_on", "unit", "days"), ("answers",), spread=_years_and_months
)
MEDIANS = Derived("unit_workload_medians", DURATIONS, _KEEP)


def rows(case: Case) -> Iterator[tuple[Table, Row]]:
    if case.answers:
        answer = case.answers[-1]
        yield ANSWERS, (case.petition_id, answer.unit, answer.on, case.days_taken)


def counts(case: Case) -> Iterator[Count]:
    if case.answers:
        answer = case.answers[-1]
        yield DURATIONS, (answer.on, answer.unit, case.days_taken), "answers", 1
