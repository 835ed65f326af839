"""How a rule says no."""

from datetime import date


class Refused(Exception):
    """A command that the rules do not allow now; the message is for the officer."""


class NotAllowed(Refused):
    """The officer's roles do not cover the command, whatever the state of the petition."""


def not_in_future(occurred_on: date, today: date) -> None:
    if occurred_on > today:
        raise Refused(f"{occurred_on} lies in the future; today is {today}")
