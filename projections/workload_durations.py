"""Counts how many calendar days the latest answer of each petition took, and keeps the median of each unit."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import LiteralString

from domain.vocabulary import UnitId
from projections.calendar_buckets import bucket_starts, in_ranges_sql
from projections.counted_lines import CountedLine
from projections.projection import CounterDelta, CounterTable, DerivedTable, TableRow

# If the number of answers is even, the median is the mean of the two in the middle. It is computed unit by unit, since
# sorting numbers alone takes half the time of sorting units and numbers together.
_SELECT_MEDIANS = """
    SELECT unit, (
        SELECT (min(day) FILTER (WHERE up_to * 2 >= total) + min(day) FILTER (WHERE up_to * 2 > total)) / 2.0
        FROM (SELECT day, sum(many) OVER (ORDER BY day) AS up_to FROM unnest(days, answers) AS u (day, many)) AS c
    ) AS median_days
    FROM (
        SELECT unit, array_agg(days) AS days, array_agg(answers) AS answers, sum(answers) AS total
        FROM ({answers}) AS a GROUP BY unit
    ) AS of_units
"""
_DAYS_OF_BUCKETS = in_ranges_sql("within", "SELECT unit, days, answers FROM unit_workload_durations")
_DAYS_OF_LINES = in_ranges_sql(
    "within",
    "SELECT unit, days_taken FROM"
    " (SELECT 3 AS grain, counted_on AS starts_on, unit, days_taken FROM unit_workload_lines"
    " WHERE days_taken IS NOT NULL) AS l",
)
_ANSWERS_OF_PERIOD = f"""
    SELECT unit, days, sum(answers)::int AS answers FROM (
        SELECT unit, days, answers * sign AS answers FROM {_DAYS_OF_BUCKETS}
        UNION ALL SELECT unit, days_taken, sign FROM {_DAYS_OF_LINES}
    ) AS d GROUP BY unit, days HAVING sum(answers) <> 0
"""  # noqa: S608 - names of this module
MEDIANS_OF_PERIOD: LiteralString = _SELECT_MEDIANS.format(answers=_ANSWERS_OF_PERIOD)
"""SQL for the median days of each unit in a period; `within` are its ranges of buckets."""

# The greatest day, not EXISTS: a plan without the day would expect many later answers, and look at every line for one.
_IS_AHEAD = "(SELECT max(counted_on) FROM unit_workload_lines WHERE days_taken IS NOT NULL) > %(last)s"
MEDIANS_NOW: LiteralString = f"""
    SELECT unit, median_days FROM unit_workload_medians WHERE ({_IS_AHEAD}) IS NOT TRUE
    UNION ALL SELECT unit, median_days FROM ({MEDIANS_OF_PERIOD}) AS m WHERE {_IS_AHEAD}
"""  # noqa: S608 - made of the texts above
"""SQL for the median days of each unit up to the day `last`, which is today or later.

The kept medians have all answers. They are those of the day as long as no answer is dated after it.
"""

# All answers of the units whose counters changed: changed rows with their new values, and the other years as stored.
_ANSWERS_OF_CHANGED_UNITS = """
    SELECT unit, days, sum(answers)::int AS answers FROM (
        SELECT unit, days, answers FROM unit_workload_durations_now WHERE grain = 1
        UNION ALL
        SELECT unit, days, answers FROM unit_workload_durations
        WHERE grain = 1 AND unit IN (SELECT unit FROM unit_workload_durations_now)
        AND (starts_on, unit, days) NOT IN (
            SELECT starts_on, unit, days FROM unit_workload_durations_now WHERE grain = 1)
    ) AS d GROUP BY unit, days HAVING sum(answers) <> 0
"""
_MEDIANS_OF_CHANGED_UNITS = f"""
    SELECT unit, median_days FROM (SELECT DISTINCT unit FROM unit_workload_durations_now) AS u
    LEFT JOIN ({_SELECT_MEDIANS.format(answers=_ANSWERS_OF_CHANGED_UNITS)}) AS m USING (unit)
"""  # noqa: S608 - made of the texts above


def _fan_out_to_years_and_months(key: tuple[date, UnitId, int]) -> Iterator[TableRow]:
    """Return the keys (grain, starts_on, unit, days) of the year and the month."""
    on, unit, days = key
    for grain, start in bucket_starts(on)[:2]:
        yield grain, start, unit, days


DURATION_COUNTERS = CounterTable(
    "unit_workload_durations",
    ("grain", "starts_on", "unit", "days"),
    ("answers",),
    fan_out=_fan_out_to_years_and_months,
)
MEDIANS_TABLE = DerivedTable(
    "unit_workload_medians", DURATION_COUNTERS, ("unit",), ("median_days",), _MEDIANS_OF_CHANGED_UNITS
)


def duration_counter_deltas(lines: Iterable[CountedLine]) -> Iterator[CounterDelta]:
    """Return the delta of the latest answer, if there is one whose days are in a possible order."""
    for line in lines:
        if line.days_taken is not None:
            yield DURATION_COUNTERS, (line.on, line.unit, line.days_taken), "answers", 1
