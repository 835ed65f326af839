"""Reads files of law and duties: those that the project ships, and those that a site names in its settings."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from domain.alerts.ladder import LadderError
from domain.deadlines.calendar_file import CalendarError
from domain.deadlines.policy import PolicyError
from domain.meetings.duties import DutyError
from service.config.settings import SETTINGS_PREFIX, UnusableSettings
from service.files.cells import UnreadableFile
from service.files.text_files import MAX_FILE_CHARACTERS, read_text_file

_T = TypeVar("_T")


def read_shipped_file(name: str) -> str:
    """Return the text of a file in domain/policy."""
    return files("domain.policy").joinpath(name).read_text(encoding="utf-8")


def parse_site_file(path: Path, variable: str, parse: Callable[[str, str], _T]) -> _T:
    """Return what `parse` makes of the text and the path of a site's file.

    `variable` is the setting that names the file, without the prefix. UnusableSettings names the variable, the file and
    what is wrong with it.
    """
    try:
        return parse(read_text_file(path, MAX_FILE_CHARACTERS, "a file of the site"), str(path))
    except (UnreadableFile, CalendarError, DutyError, LadderError, PolicyError) as error:
        raise UnusableSettings(f"{SETTINGS_PREFIX}{variable}: {error}") from None
