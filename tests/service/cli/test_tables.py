"""Tests that a table loses nothing: every value and heading stands in it, whatever the width of the terminal."""

from random import Random

import pytest
from rich.cells import cell_len

from domain.printed_text import QUOTED
from service.cli.lists import LIST_HEADINGS
from service.cli.tables import BETWEEN, CUT_AT, lay_out_table, shortened
from tests.examples import seeds

WIDTHS = (20, 60, 80, 100, 120, 200, None)
WORDS = ("đường", "hỏng,", "TD-2026-000576", "5", "Ủy", "ban", "12/10/2026", "会議", "so-tai-nguyen-va-moi-truong", "")


def words_of(text: str) -> str:
    return " ".join(text.replace(QUOTED, "").split())


def text_of(random: Random, most: int) -> str:
    return " ".join(random.choice(WORDS) for _ in range(random.randint(0, most)))


@pytest.mark.parametrize("seed", seeds(40))
def test_every_value_and_heading_stands_in_a_table_of_any_width(seed: int) -> None:
    random = Random(seed)
    headings = [one["vi"] for one in random.sample(list(LIST_HEADINGS.values()), random.randint(1, 14))]
    rows = [[text_of(random, random.choice((1, 3, 40))) for _ in headings] for _ in range(random.randint(1, 5))]
    for width in WIDTHS:
        lines = lay_out_table(headings, rows, [random.random() < 0.5 for _ in headings], width)
        printed = words_of("\n".join(lines))
        for row in rows:
            for cell in row:
                assert words_of(cell) in printed, width
        for word in words_of(" ".join(headings)).split():
            assert word in printed.split() or f"{word}:" in printed.split(), width
        if width is not None:
            longest_word = max(map(cell_len, WORDS)) + len(BETWEEN * 2)
            assert max(map(cell_len, lines)) <= max(width, longest_word)


def test_a_table_that_has_room_has_one_line_a_record() -> None:
    table = lay_out_table(["số", "nội dung"], [["7", "đèn đường"], ["12", "ngập\nnước"]], [True, False], 80)
    assert table == ["số  nội dung", "─" * 13, " 7  đèn đường", "12  ngập nước"]


def test_the_last_column_alone_is_wrapped() -> None:
    text = "máy chủ không ghi xuống đĩa: dữ liệu có thể mất; đặt lại tham số"
    table = lay_out_table(["verdict", "what", "found"], [["WRONG", "fsync", text]], [False] * 3, 40)
    assert table[0].split() == ["verdict", "what", "found"]
    assert table[2].startswith("WRONG    fsync  máy chủ")
    assert words_of(" ".join(table[3:])) in text


def test_a_table_without_room_is_a_paragraph_a_record() -> None:
    long = "x" * 30
    assert lay_out_table(["a", "b"], [[long, long], ["1", ""]], [False, True], 40) == [
        f"a: {long}", f"b: {long}", "", "a: 1", "b:", "",
    ]  # fmt: skip


def test_a_text_that_is_cut_says_so() -> None:
    assert shortened("n" * CUT_AT) == "n" * CUT_AT
    assert shortened("n" * (CUT_AT + 1)) == "n" * (CUT_AT - 1) + "…"
