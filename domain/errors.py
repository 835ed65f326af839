"""Defines the errors that rules raise for officers."""

from datetime import date


class Refused(Exception):
    """Is raised for a command that the rules do not allow now. The message is for the officer."""


class NotAllowed(Refused):
    """Is raised when no role of the officer permits the command, whatever the state of the petition."""


def require_not_in_future(occurred_on: date, today: date) -> None:
    """Raise Refused when `occurred_on` is later than `today`."""
    if occurred_on > today:
        raise Refused(f"{occurred_on} lies in the future; today is {today}")
