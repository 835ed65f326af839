"""How often heads must meet the people, read from the files of the project and of the site."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from domain.meetings.duties import Duties, DutyError, parse_duties
from service.settings import PREFIX, Settings, UnusableSettings


@cache
def national_duties() -> Duties:
    text = files("domain.policy").joinpath("heads-duties.toml").read_text(encoding="utf-8")
    return parse_duties(text, "heads-duties.toml")


def duties_of(settings: Settings) -> Duties:
    """The national duties and those that the site's own file adds; UnusableSettings says what is wrong with it."""
    path = settings.duties_file
    return national_duties() if path is None else _with_local(path)


@cache
def _with_local(path: Path) -> Duties:
    try:
        local = parse_duties(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError:
        raise UnusableSettings(f"{PREFIX}DUTIES_FILE: {path}: save the file in UTF-8") from None
    except OSError as error:
        raise UnusableSettings(f"{PREFIX}DUTIES_FILE: {path}: {error.strerror or error}") from None
    except DutyError as error:
        raise UnusableSettings(f"{PREFIX}DUTIES_FILE: {error}") from None
    national = national_duties()
    if taken := {row.id for row in national.rows} & {row.id for row in local.rows}:
        raise UnusableSettings(f"{PREFIX}DUTIES_FILE: {path}: {min(taken)} is the name of a national duty")
    return Duties((*national.rows, *local.rows))
