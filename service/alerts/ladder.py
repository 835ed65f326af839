"""The ladder as data, read from the files of the project and of the site."""

from functools import cache

from domain.alerts.ladder import Ladder
from domain.alerts.ladder_file import parse_ladder, parse_local_ladder
from service.config.settings import Settings
from service.config.site_files import of_site, shipped


@cache
def national_ladder() -> Ladder:
    """The one that the project ships."""
    return parse_ladder(shipped("ladder.toml"), "ladder.toml")


def ladder_of(settings: Settings) -> Ladder:
    """The national ladder with what the site's file adds; UnusableSettings names file and line at fault."""
    path = settings.ladder_file
    return national_ladder() if path is None else of_site(path, "LADDER_FILE", _with_local)


def _with_local(text: str, name: str) -> Ladder:
    return parse_local_ladder(text, name, national_ladder())
