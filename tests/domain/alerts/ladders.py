"""Ladders for the tests: the nation's, and sites that override it."""

from functools import cache
from importlib.resources import files

from domain.alerts.ladder import Ladder
from domain.alerts.ladder_file import parse_ladder, parse_local_ladder


@cache
def national() -> Ladder:
    return parse_ladder(files("domain.policy").joinpath("ladder.toml").read_text("utf-8"), "ladder.toml")


def site(text: str) -> Ladder:
    return parse_local_ladder(text, "site.toml", national())


def row(**changes: str) -> str:
    """A row of a site's file; a key that is given as nothing is left out. Values as TOML writes them."""
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
