from pathlib import Path

import pytest

from service.files.cells import UnreadableFile
from service.files.text_files import decode_text, detect_encoding, open_source_file, read_text_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rules.toml"


def test_the_mark_and_the_line_ends_of_an_editor_are_no_part_of_the_text(path: Path) -> None:
    path.write_bytes("\ufeffnăm = 2026\r\nngày = 1\r\n".encode())
    assert read_text_file(path, 100, "a file") == "năm = 2026\nngày = 1\n"


def test_a_text_may_have_as_many_characters_as_it_may_and_not_one_more(path: Path) -> None:
    path.write_text("đ" * 10, encoding="utf-8")
    assert read_text_file(path, 10, "a file of rules") == "đ" * 10
    with pytest.raises(UnreadableFile, match=r"rules\.toml: a file of rules has at most 9 characters"):
        read_text_file(path, 9, "a file of rules")


def test_what_cannot_be_read_is_named_with_what_is_wrong(path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"rules\.toml: No such file or directory"):
        read_text_file(path, 100, "a file")
    with pytest.raises(UnreadableFile, match=r"Is a directory"):
        read_text_file(path.parent, 100, "a file")
    for content in (b"\xff\xfe\x00", b"\xd0\xf0n", "ngày".encode("utf-16-be")[1:], "ngày".encode("utf-16")):
        path.write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"rules\.toml: save the file in UTF-8"):
            read_text_file(path, 100, "a file")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_mark_of_a_table_says_its_encoding(path: Path, encoding: str) -> None:
    path.write_bytes("ngày;1\r\n".encode(encoding))
    assert decode_text(path.read_bytes(), "save it again") == "ngày;1\r\n"
    with open_source_file(path) as stream:
        found = detect_encoding(stream)
        assert stream.read().decode(found) == "ngày;1\r\n"


def test_a_text_that_does_not_decode_is_refused_with_advice() -> None:
    with pytest.raises(UnreadableFile, match=r"the file is not in utf-8: save it as \.xlsx"):
        decode_text(b"\xd0\xf0ng", "save it as .xlsx")
