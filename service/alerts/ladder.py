"""The ladder as data, read from the files of the project and of the site."""

from functools import cache
from importlib.resources import files

from domain.alerts.ladder import Ladder, LadderError
from domain.alerts.ladder_file import parse_ladder, parse_local_ladder
from service.settings import PREFIX, Settings, UnusableSettings


@cache
def national_ladder() -> Ladder:
    """The one that the project ships."""
    text = files("domain.policy").joinpath("ladder.toml").read_text(encoding="utf-8")
    return parse_ladder(text, "ladder.toml")


def ladder_of(settings: Settings) -> Ladder:
    """The national ladder with what the site's file adds; UnusableSettings names file and line at fault."""
    path = settings.ladder_file
    if path is None:
        return national_ladder()
    try:
        return parse_local_ladder(path.read_text(encoding="utf-8-sig"), str(path), national_ladder())
    except UnicodeDecodeError:
        raise UnusableSettings(f"{PREFIX}LADDER_FILE: {path}: save the file in UTF-8") from None
    except OSError as error:
        raise UnusableSettings(f"{PREFIX}LADDER_FILE: {path}: {error.strerror or error}") from None
    except LadderError as error:
        raise UnusableSettings(f"{PREFIX}LADDER_FILE: {error}") from None
