"""Checks contacts from files: a file is taken whole or not at all, and no address can trick a server."""

from pathlib import Path

import pytest

from domain.alerts.vocabulary import AlertChannel
from domain.vocabulary import OfficerId, UnitId
from service.alerts.contacts import (
    Contact,
    find_address_fault,
    list_contacts,
    load_contacts,
    read_contacts_file,
    save_contacts,
)
from service.files.cells import UnreadableFile
from tests.service.office_fixtures import open_office

EMAIL, WEBHOOK = AlertChannel.EMAIL, AlertChannel.WEBHOOK
HEADER = "party,code,channel,address\n"


def write_contacts_file(folder: Path, rows: str, header: str = HEADER) -> Path:
    path = folder / "contacts.csv"
    path.write_text(header + rows, encoding="utf-8")
    return path


def test_a_file_names_officers_and_units(tmp_path: Path) -> None:
    path = write_contacts_file(
        tmp_path, "officer,an,email,an@tinh.example\nunit,sở-mẫu,webhook,https://so-mau.example/x?y=1\n\n"
    )
    assert read_contacts_file(path) == [
        Contact("officer", "an", EMAIL, "an@tinh.example"),
        Contact("unit", "sở-mẫu", WEBHOOK, "https://so-mau.example/x?y=1"),
    ]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("người,an,email,an@tinh.example", "row 2: party is officer or unit"),
        ("officer,,email,an@tinh.example", "row 2: a code has 1 to 80 characters"),
        ("officer,an,fax,1", "row 2: channel is email or webhook"),
        ("officer,an,email", "row 2: 3 cells, where the header has 4"),
        ("officer,an,email,an", "row 2: this is no e-mail address"),
        ("officer,an,email,a@b.example\nofficer,an,email,b@b.example", "row 3 says again"),
        ('officer,an,email,"an@tinh.example', r"a quote is opened in row 2 \(line 2\) and never closed"),
        ('officer,an,email,"an@tinh.example"x', "row 2: not readable as CSV"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_its_address_is_not(tmp_path: Path, rows: str, says: str) -> None:
    with pytest.raises(UnreadableFile, match=says) as told:
        read_contacts_file(write_contacts_file(tmp_path, rows))
    assert "example" not in str(told.value).removeprefix(str(tmp_path))


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="the first row must be party,code,channel,address"):
        read_contacts_file(write_contacts_file(tmp_path, "", header="tên,email\n"))


def test_a_file_without_end_is_refused_and_not_read_to_it() -> None:
    with pytest.raises(UnreadableFile, match="a file of contacts has at most 20,000,000 characters"):
        read_contacts_file(Path("/dev/zero"))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "a@b.example\r\nBcc: all@b.example",
            "a b@c.example",
            "<a@b.example>",
            "a@b.example,c@d.example",
            "@b.example",
        ),
        *("a@", "a@@b.example", ".a@b.example", "a..b@c.example", '"a b"@c.example', "a@[127.0.0.1]"),
        *("a@b.example\n", "đ@b.example", "a@b\x00.example", "a" * 250 + "@b.example"),
    ],
)
def test_what_could_end_a_line_or_name_somebody_else_is_no_email_address(address: str) -> None:
    assert find_address_fault(EMAIL, address) == "this is no e-mail address"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "ftp://b.example/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "b.example",
            "//b/",
        ),
        *("https://user@b.example/", "https://u:p@b.example/", "https://b.example/#x", "https://b.example/ x"),
        *(
            "https://b.example/\r\nX: y",
            "https://b.example:99999/",
            "https://b.example:0/",
            "https://[::1/",
            "gopher://b",
        ),
        *("b.example", "//b/", "gopher://b", "https://đ.example/", "https://b.example/" + "x" * 2000),
    ],
)
def test_what_is_no_plain_address_of_the_web_is_no_webhook(url: str) -> None:
    assert find_address_fault(WEBHOOK, url) is not None


@pytest.mark.anyio
async def test_contacts_are_entered_changed_and_removed_and_the_others_stay(database: str) -> None:
    async with open_office(database) as office, office.pool.connection() as connection:
        first = [
            Contact("officer", "an", EMAIL, "an@a.example"),
            Contact("unit", "so-mau", WEBHOOK, "https://b.example/"),
        ]
        assert await save_contacts(connection, first) == (2, 0)
        changed = [Contact("officer", "an", EMAIL, "an@c.example"), Contact("unit", "so-mau", WEBHOOK, "")]
        assert await save_contacts(connection, [*changed, Contact("officer", "binh", EMAIL, "")]) == (1, 1)
        assert await list_contacts(connection) == changed[:1]


@pytest.mark.anyio
async def test_an_officer_is_reached_at_an_own_address_else_at_the_units(database: str) -> None:
    async with open_office(database) as office, office.pool.connection() as connection:
        own, units = Contact("officer", "an", EMAIL, "an@a.example"), Contact("unit", "so-mau", EMAIL, "so@a.example")
        await save_contacts(connection, [own, units])
        known = await load_contacts(connection)
    an, binh, unit = OfficerId("an"), OfficerId("binh"), UnitId("so-mau")
    assert known.address(an, unit, EMAIL) == "an@a.example"
    assert known.address(binh, unit, EMAIL) == "so@a.example"
    assert known.address(an, unit, WEBHOOK) is None
    assert known.address(binh, unit, WEBHOOK) is None
    assert {known.address(binh, UnitId("khac"), channel) for channel in AlertChannel} == {None}
