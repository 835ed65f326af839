"""How long answers took: of each petition the latest one, and of each unit the median."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import json

from domain.vocabulary import UnitId
from projections.parts import Grain, parts
from projections.projection import Connection
from projections.workload_account import Account

_ADD = """
    INSERT INTO unit_workload_durations AS d (grain, starts_on, unit, days, answers)
    SELECT grain, starts_on, unit, days, answers FROM json_populate_recordset(NULL::unit_workload_durations, %s)
    ON CONFLICT (grain, starts_on, unit, days) DO UPDATE SET answers = d.answers + excluded.answers
"""

# With an even number of answers, the mean of the two in the middle.
_MEDIANS = """
    SELECT unit,
        (min(days) FILTER (WHERE up_to * 2 >= total) + min(days) FILTER (WHERE up_to * 2 > total)) / 2.0 AS median_days
    FROM (
        SELECT unit, days, sum(answers) OVER (PARTITION BY unit ORDER BY days) AS up_to,
            sum(answers) OVER (PARTITION BY unit) AS total
        FROM ({answers}) AS a
    ) AS c GROUP BY unit
"""
_OF_ALL_TIME = """
    SELECT unit, days, sum(answers) AS answers FROM unit_workload_durations
    WHERE grain = 1 AND unit = ANY(%(units)s) GROUP BY unit, days HAVING sum(answers) <> 0
"""
_OF_A_TIME = """
    SELECT unit, days, sum(answers) AS answers FROM (
        SELECT unit, days, answers FROM unit_workload_durations
        WHERE grain = 1 AND starts_on >= %(first_year)s AND starts_on < %(end_year)s
        UNION ALL
        SELECT unit, days, answers FROM unit_workload_durations
        WHERE grain = 2 AND starts_on >= %(first_month)s AND starts_on < %(first_year)s
        UNION ALL
        SELECT unit, days, answers FROM unit_workload_durations
        WHERE grain = 2 AND starts_on >= %(end_year)s AND starts_on < %(end_month)s
        UNION ALL
        SELECT answered_unit, days_taken, 1 FROM unit_workload_petitions
        WHERE answered_on >= %(first)s AND answered_on < %(first_month)s
        UNION ALL
        SELECT answered_unit, days_taken, 1 FROM unit_workload_petitions
        WHERE answered_on >= %(end_month)s AND answered_on < %(end)s
    ) AS d GROUP BY unit, days HAVING sum(answers) <> 0
"""
_KEEP = f"""
    INSERT INTO unit_workload_medians (unit, median_days)
    SELECT unit, median_days FROM unnest(%(units)s::text[]) AS u (unit)
    LEFT JOIN ({_MEDIANS.format(answers=_OF_ALL_TIME)}) AS m USING (unit)
    ON CONFLICT (unit) DO UPDATE SET median_days = excluded.median_days
"""  # noqa: S608 - made of the texts above
_MEDIANS_OF_A_TIME = _MEDIANS.format(answers=_OF_A_TIME)


async def add(connection: Connection, changed: Iterable[tuple[Account | None, Account]]) -> None:
    """Each petition's latest answer counts, in the place of the one before; `changed` is before and after."""
    moved: Counter[tuple[Grain, date, UnitId, int]] = Counter()
    for before, now in changed:
        for account, by in ((before, -1), (now, 1)):
            if account is not None and account.answer is not None and account.days_taken is not None:
                for grain in (Grain.YEAR, Grain.MONTH):
                    starts_on = grain.start(account.answer.on)
                    moved[grain, starts_on, account.answer.unit, account.days_taken] += by
    rows = [
        {"grain": grain, "starts_on": starts_on, "unit": unit, "days": days, "answers": answers}
        for (grain, starts_on, unit, days), answers in moved.items()
        if answers
    ]
    if rows:
        await connection.execute(_ADD, [json.encode(rows).decode()])
        await connection.execute(_KEEP, {"units": sorted({unit for _, _, unit, _ in moved})})


async def medians(connection: Connection, first: date | None, last: date) -> dict[str, float]:
    """In days, of the answers from the first to the last day, both inclusive; `first` None is the beginning."""
    cursor = await connection.execute("SELECT max(answered_on) <= %s FROM unit_workload_petitions", [last])
    is_all_time = first is None and (await cursor.fetchone() or (None,))[0]
    if is_all_time:
        cursor = await connection.execute("SELECT unit, median_days FROM unit_workload_medians")
    else:
        time = parts(first or date.min, last + timedelta(days=1))
        cursor = await connection.execute(_MEDIANS_OF_A_TIME, time)
    return {unit: float(median) async for unit, median in cursor if median is not None}
