"""Writes numbers as officials of each language write them."""

import re

from domain.labels import Language

_ONE_DAY = re.compile(r"(?<![\w.,/-])1 ((?:[a-z]+ )?)days( do not)?\b")


def written_number(number: int, language: Language) -> str:
    """Return the number with its thousands apart: `1.733` in Vietnamese, `1,733` in English."""
    written = f"{number:,}"
    return written.replace(",", ".") if language == "vi" else written


def written_count(count: int, language: Language) -> str:
    """Return a number of days or things: laws write `05 ngày làm việc`, with a zero before one digit."""
    return f"{count:02}" if language == "vi" and 0 < count < 10 else written_number(count, language)


def with_one_day(text: str, language: Language) -> str:
    """Return a sentence whose number is in place; in English a single day is `1 day`, as Vietnamese has one form."""
    if language == "vi":
        return text
    return _ONE_DAY.sub(lambda found: f"1 {found[1]}day{' does not' if found[2] else ''}", text)
