"""Tells Vietnamese text from letters that only come out of a wrong encoding.

A word counts if it has a letter or sign outside ASCII. It is plausible if it is built as a Vietnamese syllable is:
an onset, one of the rimes, and one tone. Names of places in the highlands (Đắk, Búk, Krông) are built so too.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from service.files.cells import UnreadableFile, quote_cell
from service.files.old_vietnamese import OLD_VIETNAMESE_ENCODINGS, decode_old_vietnamese

PLAUSIBLE_SHARE = 0.6
"""Share of the words that must be plausible. Text in a wrong encoding has nearly none, a register nearly all."""
MOST_WORDS_LOOKED_AT = 20_000
"""Words of a file that are looked at: an encoding holds for a whole file."""

CLEARLY_BETTER = 0.2
"""By how much more of the words must be plausible in another encoding than in the one that is stated."""
WORDS_QUOTED = 5
TCVN3_VNI_VISCII = "TCVN3 (.Vn…), VNI, VISCII"

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = "(?:ngh?|nh|ch|gh|gi|kh|ph|th|tr|qu|kr|kl|bl|br|pl|pr|đr|[bcdđghjklmnpqrstvwxyz])?"
_OPEN_RIME = (
    "(?:iêu|yêu|uya|uyu|uôi|ươi|ươu|oai|oay|oao|oeo|uây|uêu|ia|ya|ua|ưa|ai|ao|au|ay|ây|âu|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu"
    "|oa|oe|uê|uơ|uy|[aeêioôơuưy])"
)
_CLOSED_RIME = "(?:iê|yê|uyê|uô|ươ|oă|oa|oe|uâ|uê|uy|oo|ôô|[aăâeêioôơuưy])(?:nh|ng|[mnkrlhgdb]|(?P<stop>ch|[cpt]))"
_SYLLABLE = re.compile(f"{_ONSET}(?:{_OPEN_RIME}|{_CLOSED_RIME})")
_TONES_BEFORE_A_STOP = "\u0301\u0323"
_BOUNDARY = re.compile(
    r"[\s!-/:-@\[-`{-~0-9\u2010-\u2027\u2030-\u205e\u00a0\u00ab\u00b0\u00b2\u00b3\u00b7\u00bb-\u00be]+"
)


def words_that_tell(text: str) -> list[str]:
    """Return the words of the text that have a letter or sign outside ASCII."""
    return [] if text.isascii() else [word for word in _BOUNDARY.split(text) if not word.isascii() and _tells(word)]


def _tells(word: str) -> bool:
    """Return True for a word with a letter, mark or sign outside ASCII; a sign alone, such as €, tells nothing."""
    categories = {unicodedata.category(letter)[0] for letter in word if not letter.isascii()}
    return not categories.isdisjoint("LMS") and any(map(str.isalpha, word))


@lru_cache(maxsize=20_000)
def is_plausible_word(word: str) -> bool:
    """Return True if the word is built as a Vietnamese syllable, in any case and with either placement of the tone."""
    apart = unicodedata.normalize("NFD", word.lower())
    tones = [letter for letter in apart if letter in _TONES]
    without_tone = "".join(letter for letter in apart if letter not in _TONES)
    found = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", without_tone))
    if found is None or len(tones) > 1:
        return False
    return not found["stop"] or (bool(tones) and tones[0] in _TONES_BEFORE_A_STOP)


def plausible_share(texts: Iterable[str]) -> float | None:
    """Return the share of the words that tell which are plausible; None where no word tells."""
    words = [word for text in texts for word in words_that_tell(text)]
    return sum(map(is_plausible_word, words)) / len(words) if words else None


class PlausibleText:
    """Collects the words of a file, and refuses a file whose words are no Vietnamese."""

    def __init__(self) -> None:
        self._words = self._plausible = 0
        self._sample: list[str] = []

    def look_at(self, cells: Sequence[str]) -> None:
        """Take the cells of a row, until there are enough words; most rows of a log are ASCII and tell nothing."""
        if self._words >= MOST_WORDS_LOOKED_AT or "".join(cells).isascii():
            return
        for cell in cells:
            for word in words_that_tell(cell):
                self._words += 1
                if is_plausible_word(word):
                    self._plausible += 1
                elif len(self._sample) < WORDS_QUOTED:
                    self._sample.append(word)

    def require_plausible(self) -> None:
        """Raise UnreadableFile if too few words are plausible."""
        if self._plausible >= self._words * PLAUSIBLE_SHARE:
            return
        words = ", ".join(map(quote_cell, self._sample))
        raise UnreadableFile(
            f"chữ đọc được không phải tiếng Việt: {words}; bảng mã có phải {TCVN3_VNI_VISCII}?"
            " Nếu đúng là như vậy: --force"
            f" / the text reads as no Vietnamese: {words}; is the encoding {TCVN3_VNI_VISCII}?"
            " If it is meant so: --force"
        )


def better_encoding(content: bytes, stated: str) -> str | None:
    """Return an encoding in which the bytes are clearly better Vietnamese than in the one stated, if there is one."""
    best = next(iter(encodings_that_fit(content, stated)), None)
    return best if best and _share_in(content, best) > _share_in(content, stated) + CLEARLY_BETTER else None


def _share_in(content: bytes, encoding: str) -> float:
    return plausible_share([_decoded(content, encoding)]) or 0.0


def encodings_that_fit(content: bytes, tried: str) -> list[str]:
    """Return the encodings, but the one that was tried, in which the bytes are plausible Vietnamese, best first."""
    shares = {name: _share_in(content, name) for name in _CANDIDATES if name != tried}
    return sorted((name for name, share in shares.items() if share > PLAUSIBLE_SHARE), key=lambda n: -shares[n])


def advice_on_encoding(content: bytes, tried: str) -> str:
    """Return a hint in both languages: which encodings to state in the mapping. It never names the one tried."""
    fitting = encodings_that_fit(content, tried)
    named = fitting[:1] or [name for name in _CANDIDATES if name != tried]
    stated = ", ".join(f'"{name}"' for name in named)
    if fitting:
        return f"đọc được theo bảng mã khác: ghi encoding = {stated} / it reads in another: state encoding = {stated}"
    return (
        f"ghi bảng mã của tệp trong mapping, một trong {stated}"
        f" / state its encoding in the mapping, one of {stated} ({TCVN3_VNI_VISCII})"
    )


_CANDIDATES = ("utf-8", "cp1258", *OLD_VIETNAMESE_ENCODINGS)


def _decoded(content: bytes, encoding: str) -> str:
    if encoding in OLD_VIETNAMESE_ENCODINGS:
        return decode_old_vietnamese(content, encoding, "ignore")
    return content.decode(encoding, "ignore")
