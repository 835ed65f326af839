"""Reads and stores the addresses of officers and units.

They are not in the log, because nobody needs the history of an address.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast, get_args
from urllib.parse import urlsplit

from psycopg import AsyncConnection

from domain.alerts.vocabulary import AlertChannel
from domain.vocabulary import OfficerId, UnitId
from service.files.cells import UnreadableFile, tidy_cells
from service.files.csv_table import CsvTable
from service.files.text_files import read_text_file

ContactParty = Literal["officer", "unit"]
CONTACT_COLUMNS = ("party", "code", "channel", "address")
MAX_CONTACT_ROWS = 100_000
MAX_CONTACT_FILE_CHARACTERS = 20_000_000
"""The size limit of a file of contacts, in characters."""
MAX_ADDRESS_CHARACTERS = 2_000
MAX_CODE_CHARACTERS = 80

# The addresses of an SMTP envelope (RFC 5321 4.1.2) without quoted local parts, address literals and line ends.
_EMAIL_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}"
)
_URL_CHARACTERS = re.compile(r"[!-~]+")


class Contact(NamedTuple):
    """Holds one address of an officer or a unit: an e-mail address or the URL of a webhook.

    In a file an empty `address` removes the contact.
    """

    party: ContactParty
    code: str
    channel: AlertChannel
    address: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """Holds all contacts as they were when they were read."""

    by_party: Mapping[tuple[ContactParty, str, AlertChannel], str] = field(default_factory=dict)

    def address(self, officer: OfficerId, unit: UnitId | None, channel: AlertChannel) -> str | None:
        """Return the officer's own address, or else the address of the unit, where somebody can inform the officer."""
        own = self.by_party.get(("officer", officer, channel))
        return own if own is not None or unit is None else self.by_party.get(("unit", unit, channel))


async def list_contacts(connection: AsyncConnection[Any]) -> list[Contact]:
    """Return all contacts, sorted by their columns."""
    cursor = await connection.execute(
        "SELECT party, code, channel, address FROM kiennghi.contacts ORDER BY party, code, channel"
    )
    return [
        Contact(party, code, AlertChannel(channel), address)
        for party, code, channel, address in await cursor.fetchall()
    ]


async def load_contacts(connection: AsyncConnection[Any]) -> Contacts:
    """Return all contacts for lookup."""
    return Contacts({contact[:3]: contact.address for contact in await list_contacts(connection)})


async def save_contacts(connection: AsyncConnection[Any], contacts: Iterable[Contact]) -> tuple[int, int]:
    """Save the contacts with an address and remove those without, in one transaction; return the number of each."""
    saved = [contact for contact in contacts if contact.address]
    removed = [contact[:3] for contact in contacts if not contact.address]
    async with connection.transaction(), connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO kiennghi.contacts (party, code, channel, address) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (party, code, channel) DO UPDATE SET address = excluded.address",
            saved,
        )
        await cursor.executemany(
            "DELETE FROM kiennghi.contacts WHERE party = %s AND code = %s AND channel = %s", removed
        )
        return len(saved), max(cursor.rowcount, 0) if removed else 0


def read_contacts_file(path: Path) -> list[Contact]:
    """Return the contacts of a CSV file with the header party,code,channel,address.

    Raise UnreadableFile. Its message names the wrong row and repeats no address.
    """
    rows = _read_contact_rows(path)
    if tuple(next(rows, (1, []))[1]) != CONTACT_COLUMNS:
        raise UnreadableFile(f"{path}: the first row must be {','.join(CONTACT_COLUMNS)}")
    found: dict[tuple[ContactParty, str, AlertChannel], Contact] = {}
    for number, cells in rows:
        if number > MAX_CONTACT_ROWS:
            raise UnreadableFile(f"{path}: at most {MAX_CONTACT_ROWS:,} rows")
        if any(cells):
            contact = _parse_contact_row(cells, f"{path}: row {number}")
            if contact[:3] in found:
                raise UnreadableFile(f"{path}: row {number} says again what an earlier row said")
            found[contact[:3]] = contact
    return list(found.values())


def _read_contact_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of each row. UnreadableFile names the file."""
    table = CsvTable(StringIO(read_text_file(path, MAX_CONTACT_FILE_CHARACTERS, "a file of contacts")))
    try:
        for row in table:
            if row.fault:
                raise UnreadableFile(f"row {row.number}: {row.fault}")
            yield row.number, tidy_cells(row.cells)
    except UnreadableFile as error:
        raise UnreadableFile(f"{path}: {error}") from None


def _parse_contact_row(cells: list[str], where: str) -> Contact:
    """Return the contact of one row. Raise UnreadableFile with a message that begins with `where`."""
    if len(cells) != len(CONTACT_COLUMNS):
        raise UnreadableFile(f"{where}: {len(cells)} cells, where the header has {len(CONTACT_COLUMNS)}")
    party, code, channel, address = cells
    if party not in get_args(ContactParty):
        raise UnreadableFile(f"{where}: party is {' or '.join(get_args(ContactParty))}")
    if not code or len(code) > MAX_CODE_CHARACTERS:
        raise UnreadableFile(f"{where}: a code has 1 to {MAX_CODE_CHARACTERS} characters")
    if channel not in {*AlertChannel}:
        raise UnreadableFile(f"{where}: channel is {' or '.join(AlertChannel)}")
    if address and (fault := find_address_fault(AlertChannel(channel), address)):
        raise UnreadableFile(f"{where}: {fault}")
    return Contact(cast("ContactParty", party), code, AlertChannel(channel), address)


def find_address_fault(channel: AlertChannel, address: str) -> str | None:
    """Return the reason why the address cannot be used; None if it is well formed.

    The host of a URL is resolved and checked only when a message is sent.
    """
    if len(address) > MAX_ADDRESS_CHARACTERS:
        return f"an address has at most {MAX_ADDRESS_CHARACTERS} characters"
    match channel:
        case AlertChannel.EMAIL:
            return None if _EMAIL_ADDRESS.fullmatch(address) and len(address) <= 254 else "this is no e-mail address"
        case AlertChannel.WEBHOOK:
            return _find_url_fault(address)


def _find_url_fault(address: str) -> str | None:
    """Return the reason why the URL cannot be a webhook; None if it can be one."""
    try:
        url = urlsplit(address)
        is_whole = (
            _URL_CHARACTERS.fullmatch(address) and url.scheme in {"https", "http"} and url.hostname and url.port != 0
        )
    except ValueError:
        return "this is no URL"
    if not is_whole:
        return "this is no URL of a webhook, such as https://example.org/alerts"
    if url.username is not None or url.password is not None or url.fragment:
        return "the URL of a webhook has no user, no password and no fragment"
    return None
