from pathlib import Path

import pytest

from service.imports.mapping import (
    CaseSection,
    EventSection,
    MappedDay,
    SourceSection,
    UnusableMapping,
    load_mapping,
    parse_mapping,
)

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "docs" / "examples").glob("*.toml"))
SOURCE = '[source]\nname = "s"\nrows = "case"\n'
CASE = '[case]\nkey = "no"\nreceived = "day"\n'


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_a_mapping(path: Path) -> None:
    assert load_mapping(path).source.name


def test_the_columns_are_named_once_and_in_order() -> None:
    mapping = parse_mapping(
        SOURCE + CASE + 'assigned = "day"\nsummary = { template = "{a} of {no}" }\nbook = { constant = "NK" }'
    )
    assert mapping.columns == ("no", "day", "a")
    assert mapping.keys_naming("day") == "case.received, case.assigned"


def test_a_column_named_in_decomposed_letters_is_the_composed_one() -> None:
    decomposed = "So\u0302\u0301 đe\u0302\u0301n"
    assert parse_mapping(SOURCE + f'[case]\nkey = "{decomposed}"\nreceived = "day"').columns[0] == "Số đến"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SOURCE + CASE + 'recieved = "x"', "case.recieved is not a key; is received meant?"),
        (SOURCE + CASE + '[cases]\nkey = "no"', "cases is not a key; is case meant?"),
        (SOURCE + '[case]\nreceived = "day"', "case.key is missing"),
        (SOURCE + '[case]\nkey = "no"', 'case.received names no column, and no step in [event.means] is "received"'),
        (SOURCE + CASE + "unit = {}", "case.unit: names no column: give one of column, constant, template"),
        (SOURCE + CASE + "unit = 7", "case.unit names no column"),
        (SOURCE + CASE + 'unit = ""', "case.unit.column: để trống / is missing"),
        (SOURCE + CASE + 'unit = { column = "a", constant = "b" }', "case.unit: names no column"),
        (SOURCE + CASE + 'unit = { constant = "a", default = "b" }', "case.unit: map and default belong to a column"),
        (SOURCE + CASE + 'summary = { template = "no braces" }', "case.summary: the template names no column"),
        (SOURCE + '[case]\nkey = { constant = "1" }\nreceived = "day"', "case.key names no column: a constant"),
        (SOURCE + CASE + 'channel = { constant = "telegraph" }', "case.channel: “telegraph” is none of post, "),
        (SOURCE + CASE + 'kind = { column = "k", map = { a = "plea" } }', "case.kind: “plea” is none of complaint"),
        (SOURCE + CASE + 'unit = { column = "a", date_format = "iso" }', "case.unit.date_format is not a key"),
        (SOURCE + 'zone = "Asia/Hanoi"\n' + CASE, "source.zone: “Asia/Hanoi” is not an IANA time zone"),
        (SOURCE + 'encoding = "vps"\n' + CASE, "source.encoding: “vps” is not an encoding that is read here"),
        (SOURCE + 'encoding = "utf-7"\n' + CASE, "source.encoding: “utf-7” is not an encoding that is read here"),
        (SOURCE + 'date_format = "dd/mm/yyyy"\n' + CASE, "“dd/mm/yyyy” is neither iso nor excel nor a pattern"),
        (SOURCE + "delimiter = ';;'\n" + CASE, "source.delimiter: “;;” không theo mẫu"),
        (SOURCE + CASE + '[event]\nstep = "s"\nat = "t"', '[event] belongs to rows = "event", and to it only'),
        ('[source]\nname = "s"\nrows = "event"\n' + CASE, '[event] belongs to rows = "event", and to it only'),
        (
            '[source]\nname = "s"\nrows = "day"\n' + CASE,
            "source.rows: “day” không phải là một trong: 'event' or 'case' / “day” is not",
        ),
        (CASE, "source is missing"),
        ("[case]\nkey = \nreceived", "mapping: Invalid value (at line 2, column 7)"),
        ('[case]\nkey = "a"\nkey = "b"', "mapping: Cannot overwrite a value (at end of document)"),
    ],
)
def test_a_mapping_that_is_wrong_is_refused_by_naming_the_key(text: str, complaint: str) -> None:
    with pytest.raises(UnusableMapping) as refusal:
        parse_mapping(text)
    assert complaint in str(refusal.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(UnusableMapping) as refusal:
        parse_mapping('[source]\nnam = "s"\nrows = "case"\n[case]\nreceived = "day"')
    assert len(str(refusal.value).splitlines()) == 3


def test_a_file_saved_with_a_mark_is_read_and_one_in_utf_16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(SOURCE + CASE, encoding="utf-8-sig")
    assert load_mapping(path).source.name == "s"
    path.write_text(SOURCE + CASE, encoding="utf-16")
    with pytest.raises(UnusableMapping, match="save the file in UTF-8"):
        load_mapping(path)
    with pytest.raises(UnusableMapping, match="No such file"):
        load_mapping(tmp_path / "absent.toml")


def test_the_reference_explains_every_key() -> None:
    reference = (ROOT / "docs" / "reference" / "import-mapping.md").read_text(encoding="utf-8")
    for section in (SourceSection, CaseSection, EventSection):
        for key in section.model_fields:
            assert f"| `{key}` |" in reference, f"{key} is not in the reference"
    for key in MappedDay.model_fields:
        assert f"{key} =" in reference, f"{key} is not in the reference"
