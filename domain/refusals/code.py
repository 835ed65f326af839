"""Defines the form of a refusal: a code, its sentence in both languages, and what is possible instead."""

from collections.abc import Iterator
from enum import Enum
from string import Formatter
from typing import Final, NamedTuple

from domain.labels import BilingualText, Language, bilingual_text


class Instead(Enum):
    """Says why a refusal has no second sentence about what is possible instead."""

    SAID = "said"  # the sentence itself says it
    NOTHING = "nothing"  # nothing else is possible


class Wording(NamedTuple):
    """Holds the sentence of a refusal in both languages, and what is possible instead.

    The texts are templates: `{day}` is replaced by the value called `day`.
    """

    vi: str
    en: str
    instead: BilingualText | Instead


def cannot_at_stage(vi: str, en: str) -> Wording:
    """Return the wording of an act that the stage of a petition forbids: `en` completes "a petition ... cannot".

    Its values are the `stage` of the petition and the `stages` at which the act is possible.
    """
    return Wording(
        f"đơn đang ở giai đoạn “{{stage}}”, không thể {vi}",
        f"a petition that is {{stage}} cannot {en}",
        bilingual_text(
            f"chỉ có thể {vi} khi đơn ở một trong các giai đoạn: {{stages}}",
            "possible while the petition is one of: {stages}",
        ),
    )


class RefusalCode(Enum):
    """Is the base of the tables of refusals. A member's name is its code; clients know it, so it is never renamed.

    Raise ValueError for a wording whose languages do not name the same values, so that such a table cannot be imported.
    """

    _value_: Wording

    def __init__(self, vi: str, en: str, instead: BilingualText | Instead) -> None:
        in_sentence, in_instead = _value_names(vi), frozenset[str]()
        if not isinstance(instead, Instead):
            in_instead = _value_names(instead["vi"])
            if in_instead != _value_names(instead["en"]):
                raise ValueError(f"{self.name}: the languages of `instead` do not name the same values")
        if in_sentence != _value_names(en):
            raise ValueError(f"{self.name}: the languages do not name the same values")
        self.value_names: Final = in_sentence | in_instead
        """The names of the values that the refusal is raised with."""

    @property
    def code(self) -> str:
        """Return the word by which programs know the refusal."""
        return self.name.lower()

    def sentence(self, language: Language) -> str:
        """Return the template of the sentence."""
        return self.value.vi if language == "vi" else self.value.en

    def instead(self, language: Language) -> str:
        """Return the template of what is possible instead; empty where no second sentence says it."""
        return "" if isinstance(self.value.instead, Instead) else self.value.instead[language]


def every_refusal_code() -> Iterator[RefusalCode]:
    """Yield the codes of all tables that are imported, in the order in which the tables were defined."""
    for table in RefusalCode.__subclasses__():
        yield from table


def _value_names(template: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)
