"""Law and duties as data: the files that the project ships, and those that a site adds by its settings."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from domain.alerts.ladder import LadderError
from domain.deadlines.calendar_file import CalendarError
from domain.deadlines.policy import PolicyError
from domain.meetings.duties import DutyError
from service.config.settings import PREFIX, UnusableSettings
from service.files.cells import UnreadableFile
from service.files.text_files import MOST_TEXT, read_text

_T = TypeVar("_T")


def shipped(name: str) -> str:
    """The text of a file of domain/policy."""
    return files("domain.policy").joinpath(name).read_text(encoding="utf-8")


def of_site(path: Path, variable: str, parse: Callable[[str, str], _T]) -> _T:
    """What `parse` makes of the text and the name of the file that the variable names, without its prefix.

    UnusableSettings names the variable, the file and what is wrong with it.
    """
    try:
        return parse(read_text(path, MOST_TEXT, "a file of the site"), str(path))
    except (UnreadableFile, CalendarError, DutyError, LadderError, PolicyError) as error:
        raise UnusableSettings(f"{PREFIX}{variable}: {error}") from None
