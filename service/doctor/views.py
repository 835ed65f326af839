"""How far each view is behind the log. The service follows by itself and stops at a hole; this asks the tables."""

from projections.projection import Connection
from projections.views import VIEWS
from service.doctor.finding import Finding, Verdict

FAR_BEHIND = 10_000
"""Events; who keeps the service should ask why."""


async def examine_views(connection: Connection, *, deep: bool) -> list[Finding]:
    """As of one moment; `deep` counts the events up to each view's position, which has no holes before it."""
    cursor = await connection.execute("SELECT to_regclass('kiennghi_views.positions') IS NOT NULL")
    if not (await cursor.fetchone() or (False,))[0]:
        return [Finding("views", "none yet: they are made when the service first runs", Verdict.BEWARE)]
    cursor = await connection.execute(
        "SELECT view, version, position, (SELECT position FROM kiennghi.log_head) FROM kiennghi_views.positions"
    )
    standing = {view: (version, position, head) for view, version, position, head in await cursor.fetchall()}
    found = []
    for view in VIEWS:
        if view.name not in standing:
            found.append(Finding(f"view {view.name}", "not built yet: `kiennghi rebuild`", Verdict.BEWARE))
            continue
        version, position, head = standing[view.name]
        told, verdict = _judge(view.version, version, position, head)
        if deep:
            cursor = await connection.execute(
                "SELECT count(*) FROM kiennghi.log WHERE notification_id <= %s", [position]
            )
            counted = (await cursor.fetchone() or (0,))[0]
            told += f", {counted} events counted"
            verdict = verdict if counted == position else Verdict.WRONG
        found.append(Finding(f"view {view.name}", told, verdict))
    return found


def _judge(known: int, version: int, position: int, head: int) -> tuple[str, Verdict]:
    told = f"position {position} of {head}"
    if version != known:
        return f"{told}, of version {version} while this program knows {known}: `kiennghi rebuild`", Verdict.WRONG
    if position > head:
        return f"{told}: ahead of the log, which must have lost its end", Verdict.WRONG
    if head - position > FAR_BEHIND:
        return f"{told}: far behind; does `/readyz` name a reason?", Verdict.BEWARE
    return told, Verdict.WELL
