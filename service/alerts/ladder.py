"""Loads the ladder (thang cảnh báo) of alert steps, from the project's file and the file of the installation (site)."""

from functools import cache

from domain.alerts.ladder import Ladder
from domain.alerts.ladder_file import parse_ladder, parse_local_ladder
from service.config.settings import Settings
from service.config.site_files import parse_site_file, read_shipped_file


@cache
def national_ladder() -> Ladder:
    """Return the national ladder, from the file of the project."""
    return parse_ladder(read_shipped_file("ladder.toml"), "ladder.toml")


def load_ladder(settings: Settings) -> Ladder:
    """Return the national ladder with the rows of the installation's file.

    Raise UnusableSettings, whose message names file and line, if the file cannot be used.
    """
    path = settings.ladder_file
    return national_ladder() if path is None else parse_site_file(path, "LADDER_FILE", _parse_site_ladder)


def _parse_site_ladder(text: str, name: str) -> Ladder:
    """Return the national ladder with the rows of the text of an installation's file."""
    return parse_local_ladder(text, name, national_ladder())
