"""Where officers and units are reached. Not in the log: an address is nobody's history."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast, get_args
from urllib.parse import urlsplit

from psycopg import AsyncConnection

from domain.alerts.vocabulary import AlertChannel
from domain.vocabulary import OfficerId, UnitId
from service.files.cells import UnreadableFile, tidy_all
from service.files.text_files import read_text

Party = Literal["officer", "unit"]
COLUMNS = ("party", "code", "channel", "address")
MOST_ROWS = 100_000
MOST_TEXT = 20_000_000  # characters
LONGEST_ADDRESS = 2_000
LONGEST_CODE = 80

# As far as an envelope goes (RFC 5321 4.1.2): no quoted local parts, no address literals, nothing that ends a line.
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}"
)
_URL = re.compile(r"[!-~]+")


class Contact(NamedTuple):
    """`address` is an e-mail address or the URL of a webhook; empty in a file: there is none any more."""

    party: Party
    code: str
    channel: AlertChannel
    address: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """All that there are, as they were when they were read."""

    by_party: Mapping[tuple[Party, str, AlertChannel], str] = field(default_factory=dict)

    def address(self, officer: OfficerId, unit: UnitId, channel: AlertChannel) -> str | None:
        """The officer's own; else that of the unit, where somebody will find the officer."""
        own = self.by_party.get(("officer", officer, channel))
        return own if own is not None else self.by_party.get(("unit", unit, channel))


async def all_contacts(connection: AsyncConnection[Any]) -> list[Contact]:
    """In the order of their columns."""
    cursor = await connection.execute(
        "SELECT party, code, channel, address FROM kiennghi.contacts ORDER BY party, code, channel"
    )
    return [
        Contact(party, code, AlertChannel(channel), address)
        for party, code, channel, address in await cursor.fetchall()
    ]


async def contacts(connection: AsyncConnection[Any]) -> Contacts:
    return Contacts({contact[:3]: contact.address for contact in await all_contacts(connection)})


async def take(connection: AsyncConnection[Any], given: Iterable[Contact]) -> tuple[int, int]:
    """Enter or change those with an address, remove those without: how many of each. All or nothing."""
    kept = [contact for contact in given if contact.address]
    gone = [contact[:3] for contact in given if not contact.address]
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO kiennghi.contacts (party, code, channel, address) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (party, code, channel) DO UPDATE SET address = excluded.address",
            kept,
        )
        await cursor.executemany("DELETE FROM kiennghi.contacts WHERE party = %s AND code = %s AND channel = %s", gone)
        return len(kept), max(cursor.rowcount, 0) if gone else 0


def read_contacts(path: Path) -> list[Contact]:
    """A CSV file with the header party,code,channel,address.

    UnreadableFile names the row at fault and repeats no address.
    """
    table = csv.reader(StringIO(read_text(path, MOST_TEXT, "a file of contacts")), strict=True)
    found: dict[tuple[Party, str, AlertChannel], Contact] = {}
    try:
        if tuple(tidy_all(next(table, []))) != COLUMNS:
            raise UnreadableFile(f"{path}: the first row must be {','.join(COLUMNS)}")
        for number, cells in enumerate(table, start=2):
            if number > MOST_ROWS:
                raise UnreadableFile(f"{path}: at most {MOST_ROWS:,} rows")
            if any(cells):
                contact = _contact(tidy_all(cells), f"{path}: row {number}")
                if contact[:3] in found:
                    raise UnreadableFile(f"{path}: row {number} says again what an earlier row said")
                found[contact[:3]] = contact
    except csv.Error as error:
        raise UnreadableFile(f"{path}: not readable as CSV: {error}") from None
    return list(found.values())


def _contact(cells: list[str], where: str) -> Contact:
    if len(cells) != len(COLUMNS):
        raise UnreadableFile(f"{where}: {len(cells)} cells, where the header has {len(COLUMNS)}")
    party, code, channel, address = cells
    if party not in get_args(Party):
        raise UnreadableFile(f"{where}: party is {' or '.join(get_args(Party))}")
    if not code or len(code) > LONGEST_CODE:
        raise UnreadableFile(f"{where}: a code has 1 to {LONGEST_CODE} characters")
    if channel not in {*AlertChannel}:
        raise UnreadableFile(f"{where}: channel is {' or '.join(AlertChannel)}")
    if address and (wrong := wrong_with(AlertChannel(channel), address)):
        raise UnreadableFile(f"{where}: {wrong}")
    return Contact(cast("Party", party), code, AlertChannel(channel), address)


def wrong_with(channel: AlertChannel, address: str) -> str | None:
    """Why nothing can be sent there; where a name leads to is looked at when something is sent."""
    if len(address) > LONGEST_ADDRESS:
        return f"an address has at most {LONGEST_ADDRESS} characters"
    match channel:
        case AlertChannel.EMAIL:
            return None if _EMAIL.fullmatch(address) and len(address) <= 254 else "this is no e-mail address"
        case AlertChannel.WEBHOOK:
            return _wrong_with_url(address)


def _wrong_with_url(address: str) -> str | None:
    try:
        url = urlsplit(address)
        is_whole = _URL.fullmatch(address) and url.scheme in {"https", "http"} and url.hostname and url.port != 0
    except ValueError:
        return "this is no URL"
    if not is_whole:
        return "this is no URL of a webhook, such as https://example.org/alerts"
    if url.username is not None or url.password is not None or url.fragment:
        return "the URL of a webhook has no user, no password and no fragment"
    return None
