"""Defines the errors that rules raise for officers: a code, its values, and a sentence in either language."""

from collections.abc import Mapping
from datetime import date

from domain.labels import Language
from domain.refusals.code import RefusalCode
from domain.refusals.general import GeneralRefusal
from domain.refusals.values import RefusalValue, plain_value, value_in_words


class Refused(Exception):
    """Is raised for a command that the rules do not allow now.

    `values` are those that the code's sentences name, no more and no fewer: TypeError is raised otherwise.
    """

    def __init__(self, code: RefusalCode, /, **values: RefusalValue) -> None:
        if values.keys() != code.value_names:
            raise TypeError(f"{code} is raised with {sorted(code.value_names)}, and was given {sorted(values)}")
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, RefusalValue] = values

    def __str__(self) -> str:
        return self.sentence("en")

    def sentence(self, language: Language) -> str:
        """Return the reason, for the officer."""
        return self._filled(self.code.sentence(language), language)

    def instead(self, language: Language) -> str:
        """Return what is possible instead; empty where the reason says it, or nothing is."""
        return self._filled(self.code.instead(language), language)

    def plain_values(self) -> dict[str, str | int | list[str]]:
        """Return the values as plain data, for programs."""
        return {name: plain_value(value) for name, value in self.values.items()}

    def _filled(self, template: str, language: Language) -> str:
        return template.format(**{name: value_in_words(value, language) for name, value in self.values.items()})


class NotAllowed(Refused):
    """Is raised when no role of the officer permits the command, whatever the state of the petition."""


def require_not_in_future(occurred_on: date, today: date) -> None:
    """Raise Refused when `occurred_on` is later than `today`."""
    if occurred_on > today:
        raise Refused(GeneralRefusal.DAY_IN_FUTURE, day=occurred_on, today=today)
