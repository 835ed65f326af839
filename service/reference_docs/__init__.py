"""The pages under docs/reference that are made from the code: `python -m service.reference_docs` writes them.

A page is a function that gives its text. What a page says beside names and types are the docstrings of what it
describes: a gap in a page is a gap in a docstring.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from service.reference_docs.cli import cli_page
from service.reference_docs.commands import commands_page
from service.reference_docs.events import events_page
from service.reference_docs.glossary import glossary_page
from service.reference_docs.openapi import openapi_page
from service.reference_docs.settings import settings_page
from service.reference_docs.time_limits import time_limits_page

PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "commands.md": commands_page,
    "events.md": events_page,
    "glossary.md": glossary_page,
    "openapi.json": openapi_page,
    "settings.md": settings_page,
    "time-limits.md": time_limits_page,
}
"""Each page's file in docs/reference."""

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
RENEW = "make reference"


def stale(folder: Path) -> list[str]:
    """The names of the pages that do not say what the code says."""
    return [name for name, page in PAGES.items() if not _says(folder / name, page())]


def _says(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
