"""Texts that a spreadsheet program would run: written so that it shows them, and read back as they were."""

_RUN = tuple("=+-@\t\r\n＝＋－＠")
"""As a first character these begin a formula (OWASP, CSV injection); some programs fold the full-width forms."""
_SHOWN = "'"


def shown(text: str) -> str:
    """For a cell of a CSV file, which knows no types: an apostrophe makes a text of it."""
    return _SHOWN + text if text.startswith(_RUN) else text


def as_typed(text: str) -> str:
    """What `shown` wrote, or a person who knows the apostrophe."""
    bare = text.removeprefix(_SHOWN)
    return bare if bare.startswith(_RUN) else text
