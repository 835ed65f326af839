"""The law as data, read from the files of the project or of the site."""

from functools import cache
from importlib.resources import files

from domain.deadlines.calendar import parse_calendar
from domain.deadlines.policy import Law, parse_policies


@cache
def national_law() -> Law:
    """The policies and the calendar that the project ships."""
    folder = files("domain.policy")
    return Law(
        policies=parse_policies(folder.joinpath("deadlines.toml").read_text(encoding="utf-8"), "deadlines.toml"),
        calendar=parse_calendar(folder.joinpath("calendar-vn.toml").read_text(encoding="utf-8"), "calendar-vn.toml"),
    )
