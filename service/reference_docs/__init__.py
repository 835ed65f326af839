"""Makes the pages under docs/reference from the code, and the picture in docs/explanation/architecture.md.

`python -m service.reference_docs` writes them.

Each page is a function that returns its text. Apart from names and types, a page shows the docstrings of what it
describes: a gap in a page is a gap in a docstring.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from service.reference_docs.cli import cli_page
from service.reference_docs.commands import commands_page
from service.reference_docs.events import events_page
from service.reference_docs.glossary import glossary_page
from service.reference_docs.openapi import openapi_page
from service.reference_docs.packages import package_diagram
from service.reference_docs.settings import settings_page
from service.reference_docs.time_limits import time_limits_page

REFERENCE_PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "commands.md": commands_page,
    "events.md": events_page,
    "glossary.md": glossary_page,
    "openapi.json": openapi_page,
    "settings.md": settings_page,
    "time-limits.md": time_limits_page,
}
"""Each page's file in docs/reference."""

REFERENCE_FOLDER = Path(__file__).parents[2] / "docs" / "reference"
ARCHITECTURE = REFERENCE_FOLDER.parent / "explanation" / "architecture.md"
RENEW_COMMAND = "make reference"
_PICTURE = re.compile(r"(?<=```mermaid\n).*?(?=\n```)", re.DOTALL)


def find_stale_pages(folder: Path) -> list[str]:
    """Return the names of the pages that differ from what the code gives."""
    return [name for name, page in REFERENCE_PAGES.items() if not _has_text(folder / name, page())]


def _has_text(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def with_present_picture(architecture: str) -> str:
    """Return the text of the page on the architecture with the packages and imports as they are now."""
    return _PICTURE.sub(package_diagram(), architecture, count=1)
