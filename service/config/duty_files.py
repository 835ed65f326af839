"""How often heads must meet the people, read from the files of the project and of the site."""

from functools import cache
from pathlib import Path

from domain.meetings.duties import Duties, DutyError, parse_duties
from service.config.settings import Settings
from service.config.site_files import of_site, shipped


@cache
def national_duties() -> Duties:
    return parse_duties(shipped("heads-duties.toml"), "heads-duties.toml")


def duties_of(settings: Settings) -> Duties:
    """The national duties and those that the site's own file adds; UnusableSettings says what is wrong with it."""
    path = settings.duties_file
    return national_duties() if path is None else _with_file(path)


@cache
def _with_file(path: Path) -> Duties:
    return of_site(path, "DUTIES_FILE", _with_local)


def _with_local(text: str, name: str) -> Duties:
    national, local = national_duties(), parse_duties(text, name)
    if taken := {row.id for row in national.rows} & {row.id for row in local.rows}:
        raise DutyError(f"{name}: {min(taken)} is the name of a national duty")
    return Duties((*national.rows, *local.rows))
