"""Makes the pages under docs/reference from the code, and the picture in docs/explanation/architecture.md.

`python -m docs.generator` writes them, in a checkout: the generator is no part of the wheel.

Each page is a function that returns its text. Apart from names and types, a page shows the docstrings of what it
describes: a gap in a page is a gap in a docstring.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from docs.generator.cli import cli_page
from docs.generator.commands import commands_page
from docs.generator.duties import duties_page
from docs.generator.endings import endings_page
from docs.generator.events import events_page
from docs.generator.glossary import glossary_page
from docs.generator.openapi import openapi_page
from docs.generator.packages import package_diagram
from docs.generator.refusals import refusals_page
from docs.generator.settings import settings_page
from docs.generator.time_limits import time_limits_page, vietnamese_time_limits_page

REFERENCE_PAGES: Mapping[str, Callable[[], str]] = {
    "cli.md": cli_page,
    "commands.md": commands_page,
    "duties.md": duties_page,
    "endings.md": endings_page,
    "events.md": events_page,
    "glossary.md": glossary_page,
    "openapi.json": openapi_page,
    "refusals.md": refusals_page,
    "settings.md": settings_page,
    "time-limits.md": time_limits_page,
    "time-limits-vi.md": vietnamese_time_limits_page,
}
"""Each page's file in docs/reference."""

REFERENCE_FOLDER = Path(__file__).parents[1] / "reference"
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
