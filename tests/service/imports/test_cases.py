import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.vocabulary import Channel, PetitionKind
from service.config.law_files import national_law
from service.imports.days import Moment, moment_reader
from service.imports.mapping import load_mapping
from service.imports.readings import CaseReading, ReadCase, UnreadableRows
from service.imports.spool import MOST_CASE_ROWS
from tests.examples import examples
from tests.service.imports.case_reading import english, read_cases
from tests.service.imports.conftest import Read

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
EVENTS = """
[source]
name = "s"
rows = "event"
[case]
key = "no"
received = "in"
unit = "unit"
[event]
step = "step"
at = "at"
"""
HEADER = "no,in,unit,step,at\n"
ONE_EACH = '[source]\nname = "s"\nrows = "case"\n[case]\nkey = "no"\nreceived = "in"\n'


def only_case(found: Sequence[CaseReading]) -> ReadCase:
    assert len(found) == 1
    assert isinstance(found[0], ReadCase), found[0]
    return found[0]


def only_unreadable(found: Sequence[CaseReading]) -> UnreadableRows:
    assert len(found) == 1
    assert isinstance(found[0], UnreadableRows), found[0]
    return found[0]


def test_the_example_of_one_row_a_case_is_read_but_for_the_day_that_is_none() -> None:
    mapping = load_mapping(EXAMPLES / "one-row-a-case.toml")
    found = list(read_cases(EXAMPLES / "one-row-a-case.csv", mapping, ZoneInfo("Asia/Ho_Chi_Minh"), national_law()))
    readable = [row for row in found if isinstance(row, ReadCase)]
    assert [row.key for row in readable] == ["VD-001", "VD-002", "VD-003", "VD-004"]
    second = readable[1].case
    assert (second.received_on, second.due_on, second.answered_on) == (
        date(2024, 1, 9),
        date(2024, 2, 8),
        date(2024, 2, 15),
    )
    assert (second.channel, second.kind, second.person_count) == (
        Channel.RECEPTION_PLACE,
        PetitionKind.COMPLAINT,
        12,
    )
    assert second.summary == "Khiếu nại về bồi thường (ví dụ);\nkèm hai bản vẽ"
    assert second.received_at is None
    assert (readable[2].case.person_count, readable[2].case.channel) == (None, Channel.OTHER)
    assert [english(note) for note in readable[2].notes] == ["Nguồn: “Fax” is not in the map, taken as “other”"]
    left = only_unreadable([row for row in found if isinstance(row, UnreadableRows)])
    assert (left.rows, left.key, left.reason) == (
        (6,),
        "VD-005",
        "dòng 6, Ngày đến: “31/02/2024” không phải ngày viết theo %d/%m/%Y hoặc ISO 8601"
        " / row 6, Ngày đến: “31/02/2024” is not a day written as %d/%m/%Y or ISO 8601",
    )


def test_the_rows_of_a_case_may_lie_anywhere_and_cases_keep_the_order_of_their_first_rows(read: Read) -> None:
    found = read(HEADER + "b,2024-01-05,u,one,2024-01-06\na,2024-01-05,u,one,2024-01-06\nb,,,two,2024-01-07\n", EVENTS)
    assert [(row.key, row.rows) for row in found] == [("b", (2, 4)), ("a", (3,))]
    assert isinstance(found[0], ReadCase)
    assert [step.step for step in found[0].case.steps] == ["one", "two"]


@given(st.randoms(use_true_random=False))
@examples(25)
def test_however_the_rows_are_shuffled_each_is_told_once(read: Read, chance: random.Random) -> None:
    lines = [f"c{n % 7},2024-01-05,u,step {n},2024-02-{n % 28 + 1:02}\n" for n in range(60)]
    chance.shuffle(lines)
    found = read(HEADER + "".join(lines), EVENTS)
    assert sorted(number for row in found for number in row.rows) == list(range(2, 62))
    steps = [step.step for row in found if isinstance(row, ReadCase) for step in row.case.steps]
    assert sorted(steps) == sorted(f"step {n}" for n in range(60))


def test_rows_that_differ_about_their_case_are_told_with_the_first_and_a_note(read: Read) -> None:
    found = only_case(
        read(HEADER + "a,2024-01-05,,x,2024-01-06\na,2024-01-05,u,y,2024-01-07\na,,v,z,2024-01-08\n", EVENTS)
    )
    assert found.case.unit == "u"
    assert [english(note) for note in found.notes] == ["unit differs: row 3 “u”, row 4 “v”; the first is taken"]


def test_a_case_with_one_unreadable_row_waits_as_a_whole(read: Read) -> None:
    found = only_unreadable(read(HEADER + "a,2024-01-05,u,x,2024-01-06\na,2024-01-05,u,y,soon\n", EVENTS))
    assert (found.rows, found.key) == ((2, 3), "a")
    assert english(found.reason) == "row 3, at: “soon” is not a day written as ISO 8601"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2024-01-05,u,x,2024-01-06", "row 2: there is no key"),
        ("a,,u,x,2024-01-06", "row 2: there is no day of receipt"),
        ("a,2024-01-05,u,x,", "row 2, at: the step has no day"),
        ("a,05/01/2024,u,x,2024-01-06", "row 2, in: “05/01/2024” is not a day written as ISO 8601"),
        ("a,0001-01-01T00:00:00+14:00,u,x,2024-01-06", "row 2, in: “0001-01-01T00:00:00+14:00” is not a day"),
        (f"a,2024-01-05,{'u' * 81},x,2024-01-06", f"the unit “{'u' * 60}…” has more than 80 characters"),
        (f"{'a' * 81},2024-01-05,u,x,2024-01-06", "row 2, no: more than 80 characters"),
        (f"a,2024-01-05,u,{'x' * 301},2024-01-06", "step: more than 300 characters"),
        ('a,2024-01-05,u,"x\ny",2024-01-06', "step: the text must be one line"),
        ("a,2024-01-05\x1b[2J,u,x,2024-01-06", "row 2, in: “2024-01-05\\u001b[2J” is not a day"),
    ],
)
def test_what_cannot_be_told_is_reported_by_row_and_column(read: Read, row: str, reason: str) -> None:
    assert reason in only_unreadable(read(HEADER + row + "\n", EVENTS)).reason


def test_a_key_composed_and_decomposed_is_one(read: Read) -> None:
    content = HEADER + "S\u1ed1,2024-01-05,u,x,2024-01-06\n So\u0302\u0301 ,2024-01-05,u,y,2024-01-07\n"
    assert only_case(read(content, EVENTS)).key == "Số"


def test_two_rows_of_one_case_are_one_if_alike_and_unreadable_if_not(read: Read) -> None:
    alike = only_case(read("no,in\n1,2024-01-05\n1,2024-01-05\n", ONE_EACH))
    assert (alike.rows, list(map(english, alike.notes))) == ((2, 3), ["rows 2, 3 are alike"])
    differing = only_unreadable(read("no,in\n1,2024-01-05\n1,2024-01-06\n", ONE_EACH))
    assert (differing.rows, differing.key) == ((2, 3), "1")
    assert english(differing.reason) == "rows 2, 3 have the same key and differ: which of them holds?"


def test_a_word_that_the_register_does_not_have_is_reported(read: Read) -> None:
    found = only_unreadable(read("no,in,ch\n1,2024-01-05,fax\n", ONE_EACH + 'channel = "ch"'))
    assert english(found.reason).startswith("row 2, ch: “fax” is not 'post', 'reception_place'")


def test_a_key_column_that_is_no_key_is_reported_without_gathering_its_rows(read: Read) -> None:
    content = HEADER + "a,2024-01-05,u,x,2024-01-06\n" * (MOST_CASE_ROWS + 5) + "b,2024-01-05,u,x,2024-01-06\n"
    first, second = read(content, EVENTS)
    assert isinstance(first, UnreadableRows)
    assert english(first.reason) == "more than 10,000 rows have the key “a”: is its column the right one?"
    assert second.key == "b"


READS_MANY = """
import resource, sys
from pathlib import Path
from tests.service.imports.case_reading import read_cases
from service.imports.mapping import parse_mapping
from service.config.law_files import national_law
from tests.service.imports.conftest import ZONE
from tests.service.imports.test_cases import EVENTS, HEADER

def peak(rows: int) -> int:
    path = Path(sys.argv[1])
    with path.open("w") as file:
        file.write(HEADER)  # the rows of a case lie as far from each other as they can
        file.writelines(f"c{n % (rows // 4)},2024-01-05,u,step,2024-01-06T10:00:00.{n:06}\\n" for n in range(rows))
    assert sum(len(row.rows) for row in read_cases(path, parse_mapping(EVENTS), ZONE, national_law())) == rows
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

few = peak(4_000)
print(peak(60_000) - few)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", READS_MANY, str(tmp_path / "many.csv")],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ran.stdout) < 50_000  # KiB: caches that fill once; the cases alone would be twice that


AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("text", "formats", "moment"),
    [
        ("2011-10-06", ["iso"], Moment(date(2011, 10, 6), None)),
        (
            "2011-10-06 01:06:40+02:00",
            ["iso"],
            Moment(date(2011, 10, 6), datetime(2011, 10, 5, 23, 6, 40, tzinfo=UTC)),
        ),
        ("2011-10-05T22:30:00Z", ["iso"], Moment(date(2011, 10, 6), datetime(2011, 10, 5, 22, 30, tzinfo=UTC))),
        ("2012-01-05 00:30", ["iso"], Moment(date(2012, 1, 5), datetime(2012, 1, 4, 23, 30, tzinfo=UTC))),
        ("5/1/2012", ["iso", "%d/%m/%Y"], Moment(date(2012, 1, 5), None)),
        ("05/01/2012 00:30", ["%d/%m/%Y %H:%M"], Moment(date(2012, 1, 5), datetime(2012, 1, 4, 23, 30, tzinfo=UTC))),
        # The clock shows 02:30 twice that night; the first is still summer time.
        ("2011-10-30 02:30", ["iso"], Moment(date(2011, 10, 30), datetime(2011, 10, 30, 0, 30, tzinfo=UTC))),
    ],
)
def test_a_day_is_that_of_the_sources_zone(text: str, formats: list[str], moment: Moment) -> None:
    assert moment_reader(formats, AMSTERDAM)(text) == moment


@given(st.text(max_size=30) | st.datetimes().map(str))
def test_a_day_is_read_or_refused_in_plain_words(text: str) -> None:
    read = moment_reader(["iso", "%d/%m/%Y %H:%M"], AMSTERDAM)
    try:
        moment = read(text)
    except ValueError as error:
        complaint = str(error)
    else:
        assert moment.at is None or moment.at.astimezone(AMSTERDAM).date() == moment.on
        return
    assert complaint.endswith("is not a day written as ISO 8601 or %d/%m/%Y %H:%M")
