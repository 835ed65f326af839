"""How a rule says no."""


class Refused(Exception):
    """A command that the rules do not allow now; the message is for the officer."""


class NotAllowed(Refused):
    """The officer's roles do not cover the command, whatever the state of the petition."""
