"""Examines how far each view is behind the log, by its tables.

A running service keeps the views current by itself, and stops at a gap in the log.
"""

from projections.projection import Connection, Projection
from projections.views import VIEWS
from service.doctor.finding import Finding, Verdict
from service.event_store.log_mark import is_in_log
from service.postgres.health import find_missing_tables
from service.projector.checkpoints import TableSet, read_checkpoint
from service.projector.set_aside import select_set_aside

MOST_EVENTS_BEHIND = 10_000
"""Number of events behind the log from which on the operator should look for the reason."""


async def examine_views(connection: Connection, *, deep: bool) -> list[Finding]:
    """Examine the position of each view, inside one transaction that sees a single moment.

    `deep` also counts the events up to the position of each view: positions before it have no gaps.
    """
    cursor = await connection.execute("SELECT to_regclass('kiennghi_views.positions') IS NOT NULL")
    if not (await cursor.fetchone() or (False,))[0]:
        return [Finding("views", "none yet: they are made when the service first runs", Verdict.BEWARE)]
    head = (await (await connection.execute("SELECT position FROM kiennghi.log_head")).fetchone() or (0,))[0]
    findings = []
    for view in VIEWS:
        checkpoint = await read_checkpoint(connection, TableSet(view()))
        if checkpoint is None:
            findings.append(Finding(f"view {view.name}", "not built yet: `kiennghi rebuild`", Verdict.BEWARE))
            continue
        position = checkpoint.position
        text, verdict = _judge_view(view.version, checkpoint.version, position, head)
        if verdict is not Verdict.WRONG and not await is_in_log(connection, checkpoint.mark):
            text, verdict = f"{text}: the log has another event there than the view read", Verdict.WRONG
        if missing := await _missing_tables(connection, view()):
            text, verdict = f"{text}: {', '.join(missing)} missing: `kiennghi rebuild {view.name}`", Verdict.WRONG
        if deep:
            cursor = await connection.execute("SELECT count(*) FROM kiennghi.log WHERE position <= %s", [position])
            counted = (await cursor.fetchone() or (0,))[0]
            text += f", {counted} events counted"
            verdict = verdict if counted == position else Verdict.WRONG
        findings.append(Finding(f"view {view.name}", text, verdict))
    return findings + [
        Finding(
            "event set aside",
            f"position {position} cannot be read ({reason}): views show its petition as it was before it; restore a"
            " backup that has it, or run the version that wrote it, then `kiennghi rebuild`",
            Verdict.WRONG,
        )
        for position, reason in await select_set_aside(connection)
    ]


async def _missing_tables(connection: Connection, view: Projection) -> list[str]:
    return await find_missing_tables(connection, (TableSet(view).table_name(table.name) for table in view.tables))


def _judge_view(program_version: int, version: int, position: int, head: int) -> tuple[str, Verdict]:
    text = f"position {position} of {head}"
    if version != program_version:
        return (
            f"{text}, of version {version} while this program knows {program_version}: `kiennghi rebuild`",
            Verdict.WRONG,
        )
    if position > head:
        return f"{text}: ahead of the log, which must have lost its end", Verdict.WRONG
    if head - position > MOST_EVENTS_BEHIND:
        return f"{text}: far behind; does `/readyz` name a reason?", Verdict.BEWARE
    return text, Verdict.WELL
