"""Examines how far each view is behind the log, by its tables.

A running service keeps the views current by itself, and stops at a gap in the log.
"""

from projections.projection import Connection
from projections.views import VIEWS
from service.doctor.finding import Finding, Verdict

MOST_EVENTS_BEHIND = 10_000
"""Number of events behind the log from which on the operator should look for the reason."""


async def examine_views(connection: Connection, *, deep: bool) -> list[Finding]:
    """Examine the position of each view, inside one transaction that sees a single moment.

    `deep` also counts the events up to the position of each view: positions before it have no gaps.
    """
    cursor = await connection.execute("SELECT to_regclass('kiennghi_views.positions') IS NOT NULL")
    if not (await cursor.fetchone() or (False,))[0]:
        return [Finding("views", "none yet: they are made when the service first runs", Verdict.BEWARE)]
    cursor = await connection.execute(
        "SELECT view, version, position, (SELECT position FROM kiennghi.log_head) FROM kiennghi_views.positions"
    )
    checkpoints = {view: (version, position, head) for view, version, position, head in await cursor.fetchall()}
    findings = []
    for view in VIEWS:
        if view.name not in checkpoints:
            findings.append(Finding(f"view {view.name}", "not built yet: `kiennghi rebuild`", Verdict.BEWARE))
            continue
        version, position, head = checkpoints[view.name]
        text, verdict = _judge_view(view.version, version, position, head)
        if deep:
            cursor = await connection.execute("SELECT count(*) FROM kiennghi.log WHERE position <= %s", [position])
            counted = (await cursor.fetchone() or (0,))[0]
            text += f", {counted} events counted"
            verdict = verdict if counted == position else Verdict.WRONG
        findings.append(Finding(f"view {view.name}", text, verdict))
    return findings


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
