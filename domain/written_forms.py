"""Writes numbers as officials of each language write them."""

from domain.labels import Language


def written_number(number: int, language: Language) -> str:
    """Return the number with its thousands apart: `1.733` in Vietnamese, `1,733` in English."""
    written = f"{number:,}"
    return written.replace(",", ".") if language == "vi" else written


def written_count(count: int, language: Language) -> str:
    """Return a number of days or things: laws write `05 ngày làm việc`, with a zero before one digit."""
    return f"{count:02}" if language == "vi" and 0 < count < 10 else written_number(count, language)
