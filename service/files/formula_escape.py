"""Escapes texts that a spreadsheet program would run as formulas (CSV injection), and restores them when read."""

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""First characters that begin a formula (OWASP, CSV injection); some programs fold the full-width forms."""
_IGNORED = " \u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_APOSTROPHE = "'"


def escape_formula(text: str) -> str:
    """Put an apostrophe before a text that begins a formula: a CSV file has no types, and this marks it as text."""
    return _APOSTROPHE + text if _begins_formula(text) else text


def unescape_formula(text: str) -> str:
    """Remove the apostrophe that `escape_formula`, or a person who knows it, put before the text."""
    bare = text.removeprefix(_APOSTROPHE)
    return bare if _begins_formula(bare) else text


def _begins_formula(text: str) -> bool:
    """Return whether a program may run the text, also one that ignores blanks and invisible characters before it."""
    return text.startswith(_FORMULA_STARTS) or text.lstrip(_IGNORED).startswith(_FORMULA_STARTS)
