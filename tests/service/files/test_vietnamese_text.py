import pytest

from service.files.cells import UnreadableFile, tidy_cell
from service.files.old_vietnamese import OLD_VIETNAMESE_ENCODINGS, decode_old_vietnamese
from service.files.plausible_vietnamese import PlausibleText, encodings_that_fit, is_plausible_word, plausible_share
from tests.service.files.old_encodings import encode_old, encode_windows_1258

TEXT = (
    "Đề nghị sửa đường liên thôn, nghiêng ngả; quyền khiếu nại, tố cáo của công dân ở xã Hoà Bình, huyện Đắk Lắk;"
    " giặt giũ, khuỷu tay, ngoằn ngoèo, giếng nước, thuở, quở trách, hươu, rượu, uống, xoong, quýt, quỳnh, khuya;"
    " NGUYỄN VĂN ĐỨC, gìn giữ, ý kiến, ỷ lại, ưu ái, oái oăm, uể oải, quyết định, đặc biệt, hoạch, luật, Huế"
)
SMALL = TEXT.lower()
WRITTEN = {name: encode_old(SMALL, name) for name in OLD_VIETNAMESE_ENCODINGS}
WRITTEN |= {"cp1258": encode_windows_1258(SMALL), "utf-8": SMALL.encode()}


@pytest.mark.parametrize("encoding", OLD_VIETNAMESE_ENCODINGS)
def test_an_old_encoding_gives_the_text_that_was_written(encoding: str) -> None:
    assert tidy_cell(decode_old_vietnamese(WRITTEN[encoding], encoding)) == SMALL
    assert tidy_cell(decode_old_vietnamese(encode_old("ĐÂY ĂN ƯƠNG", encoding), encoding)) == "ĐÂY ĂN ƯƠNG"


def test_vietnamese_is_plausible_in_every_word() -> None:
    assert plausible_share([TEXT]) == 1.0


@pytest.mark.parametrize("written", WRITTEN)
def test_text_read_in_any_other_encoding_is_not_plausible_and_the_right_one_is_named(written: str) -> None:
    for read_as in ("cp1258", "windows-1252", "latin-1", *OLD_VIETNAMESE_ENCODINGS):
        if read_as == written:
            continue
        old = read_as in OLD_VIETNAMESE_ENCODINGS
        text = (
            decode_old_vietnamese(WRITTEN[written], read_as, "ignore")
            if old
            else WRITTEN[written].decode(read_as, "ignore")
        )
        guard = PlausibleText()
        guard.look_at([tidy_cell(text)])
        with pytest.raises(UnreadableFile, match="TCVN3"):
            guard.require_plausible()
        assert encodings_that_fit(WRITTEN[written], read_as)[0] == written


@pytest.mark.parametrize("word", ["söa", "®­êng", "nghÞ", "ñöôøng", "Äá»", "nghá»‹", "Müller", "câc", "đướng̀", "hât"])
def test_what_is_no_syllable_is_not_plausible(word: str) -> None:
    assert not is_plausible_word(word)


def test_a_file_without_letters_outside_ascii_is_taken() -> None:
    guard = PlausibleText()
    guard.look_at(["Environmental permit", "m² 5 € “ok” 10 °C – a\u202eb"])
    guard.require_plausible()
