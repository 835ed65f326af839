"""Reads how often heads must meet the people, from the file of the project and that of the site."""

from functools import cache
from pathlib import Path

from domain.meetings.duties import Duties, DutyError, parse_duties
from service.config.settings import Settings
from service.config.site_files import parse_site_file, read_shipped_file


@cache
def national_duties() -> Duties:
    """Return the duties that the project ships, read once."""
    return parse_duties(read_shipped_file("heads-duties.toml"), "heads-duties.toml")


def duties_of(settings: Settings) -> Duties:
    """Return the national duties and those that the site's own file adds; UnusableSettings names the fault in it."""
    path = settings.duties_file
    return national_duties() if path is None else _duties_with_file(path)


@cache
def _duties_with_file(path: Path) -> Duties:
    return parse_site_file(path, "DUTIES_FILE", _add_local_duties)


def _add_local_duties(text: str, name: str) -> Duties:
    national, local = national_duties(), parse_duties(text, name)
    if taken := {row.id for row in national.rows} & {row.id for row in local.rows}:
        raise DutyError(f"{name}: {min(taken)} is the name of a national duty")
    return Duties((*national.rows, *local.rows))
