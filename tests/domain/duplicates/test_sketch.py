"""Tests that what was sent again is found among many letters that are much alike."""

from collections import defaultdict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.duplicates.content import ComparableText
from domain.duplicates.normal_form import MAX_COMPARED_CHARACTERS, normal_name, normal_number, normal_words
from domain.duplicates.sketch import BANDS_A_SKETCH, POINTS_A_SKETCH, Sketch, shared_places, sketch_of
from tests.domain.duplicates.letters import bare, decomposed, letters, sent_again

TEXT = "Đề nghị sửa đoạn đường liên thôn bị hư hỏng, nước đọng sau mưa."


def sketched(text: str) -> Sketch:
    sketch = ComparableText.of(text).sketch
    assert sketch is not None
    return sketch


@pytest.mark.parametrize("typed", [bare(TEXT), decomposed(TEXT), TEXT.upper(), TEXT.replace(" ", "\n "), f"«{TEXT}»"])
def test_however_it_is_typed_it_is_the_same_text(typed: str) -> None:
    assert " ".join(normal_words(typed)) == "de nghi sua doan duong lien thon bi hu hong nuoc dong sau mua"
    assert sketched(typed) == sketched(TEXT)


@pytest.mark.parametrize("typed", ["Nguyễn Thị Ví Dụ", "BÀ NGUYEN THI VI DU", " ông  nguyễn thị ví dụ."])
def test_a_name_is_the_same_without_accents_and_titles(typed: str) -> None:
    assert normal_name(typed) == "nguyen thi vi du"


def test_who_is_called_like_a_title_keeps_the_name() -> None:
    assert normal_name("Bà Anh") == "ba anh"


def test_a_number_is_the_same_without_blanks() -> None:
    assert normal_number(" 001 000.000 000") == normal_number("001000000000") == "001000000000"


@given(st.text(max_size=300))
def test_every_text_has_a_sketch_of_the_stored_form_or_no_words(text: str) -> None:
    sketch = ComparableText.of(text).sketch
    if sketch is None:
        assert not normal_words(text)
    else:
        assert (len(sketch.bands), len(sketch.places)) == (BANDS_A_SKETCH, POINTS_A_SKETCH)
        assert all(0 <= band < 2**31 for band in sketch.bands)
        assert len(set(sketch.bands)) == BANDS_A_SKETCH
        other = bytes(byte ^ 1 for byte in sketch.places[:30]) + sketch.places[30:]
        assert shared_places(sketch.places, sketch.places + other) == [POINTS_A_SKETCH, 30]


def test_what_is_stored_is_found_by_later_programs() -> None:
    """A sketch that is made otherwise would find none of those in the tables; raise the view's version then."""
    sketch = sketched(TEXT)
    places = "0a0a1d0a0a1d0a0a1d0a0a1d0a0a1d0a275e0a275e0a275e0a27200a1420"
    assert sketch.places.hex() == places + "0a55200acd200acd200acd200acd910ab7910ab7080ab70a0a860a0a860a"
    assert sketch.bands[:3] == (0x1D0A0A, 0x11D0A0A, 0x21D0A0A)


def test_one_word_alone_is_a_text() -> None:
    assert sketch_of(["duong"]) == sketch_of(["duong"])
    assert sketch_of(["duong"]) != sketch_of(["cau"])
    assert sketch_of([]) is None


def test_of_a_giant_the_beginning_counts() -> None:
    assert ComparableText.of("đường " * 3_000) == ComparableText.of(("đường " * 3_000)[:MAX_COMPARED_CHARACTERS])


def test_of_letters_that_were_sent_again_more_than_95_in_a_hundred_share_a_band_with_the_first() -> None:
    random, firsts = Random(1), letters(2_000, seed=2)
    of_band = defaultdict(set)
    for n, one in enumerate(firsts):
        for band in sketched(one.text).bands:
            of_band[band].add(n)
    found = looked_at = 0
    for n, one in enumerate(firsts[:400]):
        near = set().union(*(of_band[band] for band in sketched(sent_again(one, random).text).bands if band in of_band))
        found += n in near
        looked_at += len(near)
    assert found / 400 > 0.95
    assert looked_at / 400 < len(firsts) * 0.1  # or there would be no need of an index
