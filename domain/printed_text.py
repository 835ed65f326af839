"""Prints text that people typed so that it cannot look like anything else: a line of a file, a mark, a colour.

A break in a typed text begins a line of its own in the output, where a reader takes it for a line of the program. So
each further line of a text is indented and marked, and characters that hide, move or colour other text are shown by
their number. The text of an event stays as it was typed; this is how it is shown.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_WIDE_GAP = re.compile(r"[^\S\n]{21,}")
_ORDINARY = re.compile(r"(?:[!-~\u00c0-\u024f\u1e00-\u1eff—→·│⏎…]| (?! {20}))*+")
"""Matches a text of Latin letters, and of blanks that are not many: nearly every line, and nothing to be done."""
_BLANK_LETTERS = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters of other categories that are printed as nothing."""
_ESCAPED_IN_JSON = re.compile(
    f"[\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff{''.join(_BLANK_LETTERS)}]"
)
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})

QUOTED = "│ "
"""Begins each further line of a text."""
BREAK = " ⏎ "
"""Stands for a line break where there is only one line."""


def printed_line(line: str) -> str:
    """Return a line of an output with the texts that stand in it: further lines are indented deeper than it and marked.

    The blanks at its beginning are those of the output. More than 20 blanks within it become one: they would push
    what follows to where the next line begins. A line that was printed once stays as it is.
    """
    body = line.lstrip(" ")
    if _ORDINARY.fullmatch(body):
        return line
    indent = line[: len(line) - len(body)]
    first, *further = (_visible(part) for part in _LINE_BREAK.split(body))
    return "\n".join((f"{indent}{first}", *(f"{indent}  {QUOTED}{part}" for part in further)))


def printed_lines(lines: Iterable[str]) -> str:
    """Return an output of lines. A text in a line can neither begin one nor end one."""
    return "\n".join(map(printed_line, lines))


def printed_cell(text: str) -> str:
    """Return a text for one cell of a table, or one line of a log: its breaks are shown by a sign."""
    if _ORDINARY.fullmatch(text):
        return text
    return BREAK.join(_visible(part) for part in _LINE_BREAK.split(text))


def json_on_one_line(encoded: str) -> str:
    """Return JSON with what breaks, hides or moves text written as escapes: an encoder escapes the first 32 alone."""
    return encoded if encoded.isascii() else _ESCAPED_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", encoded)


def _visible(text: str) -> str:
    """Return a text without breaks, with characters that print nothing shown by their number."""
    return _WIDE_GAP.sub(" ", "".join(map(_visible_character, text.replace("\t", " "))))


@lru_cache(maxsize=4096)
def _visible_character(character: str) -> str:
    if character in _BLANK_LETTERS or unicodedata.category(character) in _UNPRINTABLE:
        return f"⟨U+{ord(character):04X}⟩"
    return character
