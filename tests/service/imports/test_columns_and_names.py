"""Asks what only a whole column tells: the order of day and month, one unit in many spellings, keys that lost zeros."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.config.law_files import national_law
from service.imports.mapping import parse_mapping
from service.imports.readings import CaseReading, ReadCase, UnreadableRows
from service.imports.spool import spool_file
from tests.examples import examples
from tests.service.imports.case_reading import TODAY, english
from tests.service.imports.conftest import ZONE, Read

CASE = '[case]\nkey = "no"\nreceived = "in"\nanswered = "out"\ndue = "due"\nunit = "unit"\n'
HEADER = "no,in,out,due,unit\n"


def mapping(date_format: str = '"%d/%m/%Y"', more: str = "") -> str:
    return f'[source]\nname = "s"\nrows = "case"\ndate_format = {date_format}\n{CASE}{more}'


def days_of(found: Sequence[CaseReading]) -> dict[str, date]:
    return {one.key: one.case.received_on for one in found if isinstance(one, ReadCase)}


def held_back(found: Sequence[CaseReading]) -> dict[str, str]:
    return {one.key: english(one.reason) for one in found if isinstance(one, UnreadableRows)}


def remarks_on(folder: Path, content: str, text: str, units: Sequence[str] = ()) -> list[str]:
    path = folder / "remarked.csv"
    path.write_text(content, encoding="utf-8")
    with spool_file(path, parse_mapping(text), ZONE, national_law(), TODAY, units) as file:
        list(file)
        return list(map(english, file.remarks))


def rows(*days: str) -> str:
    return HEADER + "".join(f"{number},{day},,,\n" for number, day in enumerate(days, 1))


def test_a_column_of_another_order_is_held_back_as_a_whole(read: Read) -> None:
    found = read(rows("01/05/2024", "01/15/2024", "01/28/2024", "03/03/2024"), mapping())
    assert days_of(found) == {"4": date(2024, 3, 3)}, "the third of March is the same in both orders"
    assert held_back(found)["1"] == (
        "row 2, in: “01/05/2024” may have the day or the month first: row 3 has the month first"
    )


def test_one_column_of_another_order_holds_back_the_other_columns_of_the_file(read: Read) -> None:
    found = read(HEADER + "1,01/05/2024,,,\n2,15/01/2024,01/28/2024,,\n3,20/01/2024,,,\n", mapping())
    assert days_of(found) == {"3": date(2024, 1, 20)}


@pytest.mark.parametrize(
    ("telling", "day"), [("15/01/2024", date(2024, 5, 1)), ("01/15/2024", date(2024, 1, 5))], ids=["day", "month"]
)
def test_with_both_orders_stated_the_column_decides_and_not_the_cell(read: Read, telling: str, day: date) -> None:
    both = mapping('["%d/%m/%Y", "%m/%d/%Y"]')
    assert days_of(read(rows("01/05/2024", telling), both))["1"] == day
    undecided = read(rows("01/05/2024", "02/06/2024"), both)
    assert days_of(undecided) == {}
    assert "the mapping states both orders and no cell tells" in held_back(undecided)["1"]
    assert days_of(read(rows("01/05/2024", "15/01/2024", "01/15/2024"), both)) == {
        "2": date(2024, 1, 15),
        "3": date(2024, 1, 15),
    }


def test_a_column_in_which_every_number_could_be_a_month_is_said(tmp_path: Path) -> None:
    said = "in: no cell tells whether the day or the month stands first; read as the mapping says"
    assert remarks_on(tmp_path, rows("01/05/2024", "02/06/2024"), mapping()) == [said]
    assert remarks_on(tmp_path, rows("01/05/2024", "15/06/2024"), mapping()) == []
    assert remarks_on(tmp_path, rows("2024-01-05"), mapping('"iso"')) == []


@given(st.lists(st.dates(date(2000, 1, 1), date(2026, 1, 1)), min_size=1, max_size=12), st.randoms())
@examples(60)
def test_a_day_is_read_right_or_not_at_all(read: Read, days: list[date], chance: object) -> None:
    """Whatever order a file has, under both orders stated no day comes out wrong."""
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        found = read(rows(*(day.strftime(form) for day in days)), mapping('["%d/%m/%Y", "%m/%d/%Y"]'))
        for key, read_on in days_of(found).items():
            assert read_on == days[int(key) - 1]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("05/01/0024,,,", "lies before 1945-09-02: is the year right?"),
        ("31/12/1899,,,", "lies before 1945-09-02: is the year right?"),
        ("01/01/2027,,,", "lies after 2026-12-31: is the year right?"),
        ("05/01/2204,,,", "lies after 2026-12-31: is the year right?"),
        ("05/01/2024,01/01/2030,,", "row 2, out: “01/01/2030” lies after 2026-12-31: is the year right?"),
        ("05/01/2024,,05/01/0024,", "row 2, due: “05/01/0024” lies before 1945-09-02"),
        ("05/01/2024,,05/01/2204,", "row 2, due: “05/01/2204” lies after 2046-12-31"),
        ("05/01/24,,,", "is not a day written as %d/%m/%Y"),
    ],
)
def test_a_mistyped_year_is_unreadable(read: Read, cells: str, reason: str) -> None:
    assert reason in held_back(read(f"{HEADER}1,{cells}\n", mapping()))["1"]


def test_a_time_limit_may_end_after_today_and_two_digits_mean_the_past(read: Read) -> None:
    (found,) = read(HEADER + "1,25/01/24,,25/01/30,\n", mapping('"%d/%m/%y"'))
    assert isinstance(found, ReadCase)
    assert (found.case.received_on, found.case.due_on) == (date(2024, 1, 25), date(2030, 1, 25))
    assert "lies after" in held_back(read(HEADER + "1,25/01/68,,,\n", mapping('"%d/%m/%y"')))["1"]


SPELLINGS = [
    "UBND xã Hòa Bình",
    "UBND  xã Hòa Bình",
    "Ubnd xã hòa bình",
    "UBND xã Hòa Bình ",
    "UBND\u00a0xã Hòa Bình",
    "UBND xã\u200b Hòa Bình",
    "UBND xa\u0303 Ho\u0300a Bi\u0300nh",
]


def test_one_commune_in_many_spellings_is_one_unit_and_near_names_are_said(read: Read, tmp_path: Path) -> None:
    near = ["UBND xã Hoà Bình", "UBND xã Hòa Bình."]
    content = HEADER + "".join(f"{n},15/01/2024,,,{unit}\n" for n, unit in enumerate([*SPELLINGS, *near]))
    units = [one.case.unit for one in read(content, mapping()) if isinstance(one, ReadCase)]
    assert units == [SPELLINGS[0]] * len(SPELLINGS) + near
    assert remarks_on(tmp_path, content, mapping())[-1] == (
        "units nearly alike: “UBND xã Hoà Bình”, “UBND xã Hòa Bình”, “UBND xã Hòa Bình.”;"
        " if they are one, say so in [units] of the mapping"
    )
    aliases = "[units]\n" + "".join(f'"{one}" = "xa-hoa-binh"\n' for one in (SPELLINGS[0], *near))
    merged = read(content, mapping(more=aliases))
    assert {one.case.unit for one in merged if isinstance(one, ReadCase)} == {"xa-hoa-binh"}
    assert not any("nearly alike" in one for one in remarks_on(tmp_path, content, mapping(more=aliases)))


def test_the_spelling_of_the_register_goes_before_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(HEADER + "1,15/01/2024,,,XÃ VÍ DỤ\n2,15/01/2024,,,Xã Ví  dụ\n", encoding="utf-8")
    with spool_file(path, parse_mapping(mapping()), ZONE, national_law(), TODAY, ["Xã Ví Dụ", "XÃ VÍ DỤ"]) as file:
        found = [one.case.unit for one in file if isinstance(one, ReadCase)]
    assert found == ["XÃ VÍ DỤ", "Xã Ví Dụ"], "a unit that the register has under this very name stays apart"


def test_keys_that_lost_zeros_or_digits_are_said(read: Read, tmp_path: Path) -> None:
    content = HEADER + "".join(f'"{key}",15/01/2024,,,\n' for key in ("007", "7", "7.0", "10", "1,5E+11", "12A"))
    notes = {one.key: list(map(english, one.notes)) for one in read(content, mapping()) if isinstance(one, ReadCase)}
    assert notes == {
        "007": ["the key differs from “7”, “7.0” in zeros alone"],
        "7": ["the key differs from “007”, “7.0” in zeros alone"],
        "7.0": ["the key differs from “007”, “7” in zeros alone"],
        "10": [],
        "1,5E+11": ["the key is in scientific notation"],
        "12A": [],
    }
    assert len(remarks_on(tmp_path, content, mapping())) == 2


EVENTS = """
[source]
name = "s"
rows = "event"
[case]
key = "case:concept:name"
[event]
step = "concept:name"
at = "time:timestamp"
[event.means]
"""
STEPS = "case:concept:name,concept:name,time:timestamp\na,second,2024-01-07\na,first,2024-01-05\na,last,2024-01-09\n"


def test_the_earliest_step_is_the_receipt_whatever_its_name_and_place(read: Read) -> None:
    (found,) = read(STEPS, EVENTS + 'earliest = "received"\nlast = "answered"\nfirst = "assigned"\n')
    assert isinstance(found, ReadCase)
    assert (found.case.received_on, found.case.assigned_on, found.case.answered_on) == (
        date(2024, 1, 5),
        date(2024, 1, 5),
        date(2024, 1, 9),
    )


def test_a_case_without_a_receipt_names_the_steps_that_it_has(read: Read) -> None:
    (found,) = read(STEPS, EVENTS + 'other = "received"\n')
    assert isinstance(found, UnreadableRows)
    assert english(found.reason) == "row 2: there is no day of receipt; its steps are “second”, “first”, “last”"


def test_two_traces_of_one_name_are_said(read: Read) -> None:
    def trace(name: str, day: str) -> str:
        event = f'<string key="concept:name" value="in"/><date key="time:timestamp" value="{day}"/>'
        return f'<trace><string key="concept:name" value="{name}"/><event>{event}</event></trace>'

    log = f"<log>{trace('a', '2024-01-05')}{trace('b', '2024-01-06')}{trace('a', '2024-01-07')}</log>"
    first, second = read(log, EVENTS + 'earliest = "received"\n', "l.xes")
    assert isinstance(first, ReadCase)
    assert list(map(english, first.notes)) == ["several traces have this name; taken as one case"]
    assert isinstance(second, ReadCase)
    assert second.notes == ()


@pytest.mark.parametrize("word", ["KHIẾU NẠI", "khiếu nại", " Khiếu  nại "])
def test_a_word_of_a_map_is_known_in_any_case(read: Read, word: str) -> None:
    kind = 'kind = { column = "unit", map = { "Khiếu nại" = "complaint" } }\n'
    (found,) = read(HEADER + f"1,15/01/2024,,,{word}\n", mapping().replace('unit = "unit"\n', kind))
    assert isinstance(found, ReadCase)
    assert found.case.kind == "complaint"
