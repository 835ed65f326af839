"""Escapes texts that a spreadsheet program would run as formulas (CSV injection), and restores them when read."""

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""First characters that begin a formula (OWASP, CSV injection); some programs fold the full-width forms."""
_APOSTROPHE = "'"


def escape_formula(text: str) -> str:
    """Put an apostrophe before a text that begins a formula: a CSV file has no types, and this marks it as text."""
    return _APOSTROPHE + text if text.startswith(_FORMULA_STARTS) else text


def unescape_formula(text: str) -> str:
    """Remove the apostrophe that `escape_formula`, or a person who knows it, put before the text."""
    bare = text.removeprefix(_APOSTROPHE)
    return bare if bare.startswith(_FORMULA_STARTS) else text
