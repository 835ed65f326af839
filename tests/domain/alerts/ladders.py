"""Builds ladders for the tests: the national ladder, and sites that override it."""

from functools import cache
from importlib.resources import files

from domain.alerts.ladder import Ladder
from domain.alerts.ladder_file import parse_ladder, parse_local_ladder


@cache
def parse_national_ladder() -> Ladder:
    """Return the ladder that the project ships."""
    return parse_ladder(files("domain.policy").joinpath("ladder.toml").read_text("utf-8"), "ladder.toml")


def parse_site_ladder(text: str) -> Ladder:
    """Return the national ladder with the rows of the site's text."""
    return parse_local_ladder(text, "site.toml", parse_national_ladder())


def ladder_row(**changes: str) -> str:
    """Return a row of a site's file in TOML. Values are written as in TOML; a key with an empty value is left out."""
    keys = {
        "id": '"tinh-mot-ngay"',
        "version": "1",
        "at": '"-1wd"',
        "to": '["head"]',
        "in_force_from": "2026-07-01",
        "legal_source": '"Quy chế 12/QĐ-UBND"',
        "says": '{ vi = "còn một ngày", en = "one day left" }',
    } | changes
    return "\n".join(["[[step]]", *(f"{key} = {value}" for key, value in keys.items() if value)]) + "\n"
