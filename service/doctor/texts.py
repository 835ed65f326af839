"""Examines if what people typed can be opened: the keys of petitions unwrap, none is lost, and no text was changed."""

from typing import cast
from uuid import UUID

from projections.projection import Connection
from service.doctor.finding import Finding, Verdict
from service.event_store.damage import decode_rows_apart
from service.event_store.log_rows import SELECT_LOG_ROWS, LogRow
from service.security.text_sealing import UnopenableText, open_events
from service.security.text_vault import TextVault

PETITIONS_TRIED = 20
"""Number of petitions that the quick form opens: the newest."""

PETITIONS_A_PAGE = 500
"""Number of petitions that the deep form opens at once."""

_NEWEST_FIRST = """
    SELECT l.position, l.stream FROM kiennghi.log AS l JOIN kiennghi.categories AS c ON c.number = l.category
    WHERE l.version = 1 AND c.category = 'petition' AND l.position < %s ORDER BY l.position DESC LIMIT %s
"""


async def examine_texts(connection: Connection, vault_key: bytes | None, *, deep: bool) -> Finding:
    """Open every text of the newest petitions, or with `deep` of all. A text whose key was erased counts as well.

    A key whose row is missing is lost: its texts are gone, and nobody decided that.
    """
    vault = None if vault_key is None else TextVault(vault_key).uncached()
    tried, wrong = 0, dict[UUID, str]()
    before = 2**62
    while True:
        cursor = await connection.execute(_NEWEST_FIRST, [before, PETITIONS_A_PAGE if deep else PETITIONS_TRIED])
        page = await cursor.fetchall()
        if page and vault is None:
            return Finding("texts", "there are petitions, and no vault key is given here: not tried", Verdict.BEWARE)
        if page and vault is not None:
            tried += len(page)
            wrong |= await _find_unopenable(connection, vault, [stream for _, stream in page])
        if not deep or not page:
            break
        before = page[-1][0]
    if wrong:
        stream, why = next(iter(wrong.items()))
        return Finding("texts", f"of {len(wrong)} of {tried} petitions, first {stream}: {why}", Verdict.WRONG)
    return Finding("texts", f"open in all {tried} petitions that were tried" if tried else "there are no petitions yet")


async def _find_unopenable(connection: Connection, vault: TextVault, streams: list[UUID]) -> dict[UUID, str]:
    """Return why texts of these petitions do not open, for those of which some do not."""
    cursor = await connection.execute(
        f"{SELECT_LOG_ROWS} WHERE log.stream = ANY(%s) ORDER BY log.stream, log.version".encode(),
        [streams],
        binary=True,
    )
    histories: dict[UUID, list[LogRow]] = {}
    for row in cast("list[LogRow]", await cursor.fetchall()):
        histories.setdefault(row[0], []).append(row)
    keys = await vault.load_keys(connection, streams)
    wrong = {}
    for stream, rows in histories.items():
        try:
            open_events(decode_rows_apart(rows), keys[stream])
        except UnopenableText as error:
            wrong[stream] = str(error)
    return wrong
