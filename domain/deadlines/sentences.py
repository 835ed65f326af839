"""Writes the parts of an explanation: a sentence with its values, a label, a day."""

from collections.abc import Mapping
from datetime import date

from domain.deadlines.labels import EXPLANATION_SENTENCES, WEEKDAY_LABELS
from domain.labels import BilingualText, Language
from domain.written_forms import with_one_day


def day_in_words(day: date, language: Language) -> str:
    """Return the day of the week and the date."""
    comma = "," if language == "vi" else ""
    return f"{WEEKDAY_LABELS[day.weekday()][language]}{comma} {short_date(day)}"


def short_date(day: date) -> str:
    """Return the date as day/month/year."""
    return f"{day:%d/%m/%Y}"


def label_of(words: Mapping[str, BilingualText], key: str, language: Language) -> str:
    """Return the label of a key.

    A trigger that an installation added has no translation and is returned as it is written.
    """
    return words[key][language] if key in words else key.replace("_", " ")


def sentence_of(sentence: str, language: Language, **values: object) -> str:
    """Return a sentence in the language, with the values in its placeholders."""
    return with_one_day(EXPLANATION_SENTENCES[sentence][language].format(**values), language)


def rule_texts(policy: str | None, source: str | None, language: Language) -> list[str]:
    """Return the rule and its legal source. A reader of Vietnamese is told the source, or the code where none is on
    file.
    """
    told = (source or policy,) if language == "vi" else (policy, source)
    return [one for one in told if one]
