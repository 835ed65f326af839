"""The generated pages of docs/reference say what the code says."""

import re
from pathlib import Path
from typing import get_args

import pytest

from docs.generator import (
    ARCHITECTURE,
    REFERENCE_FOLDER,
    REFERENCE_PAGES,
    RENEW_COMMAND,
    find_stale_pages,
    with_present_picture,
)
from docs.generator.__main__ import renew_pages
from docs.generator.commands import addresses_by_name, body_fields
from domain.command import Command
from domain.commands import PetitionCommand
from domain.meetings.commands import MeetingCommand, PublishAnswers
from domain.units.commands import UnitCommand


@pytest.mark.parametrize("name", REFERENCE_PAGES)
def test_a_generated_page_is_as_the_code_makes_it(name: str) -> None:
    kept = (REFERENCE_FOLDER / name).read_text(encoding="utf-8") if (REFERENCE_FOLDER / name).exists() else None
    assert kept == REFERENCE_PAGES[name](), f"docs/reference/{name} is stale: `{RENEW_COMMAND}` renews it"


def test_every_page_that_says_it_is_made_from_the_code_is() -> None:
    made = {
        page.name for page in REFERENCE_FOLDER.glob("*.md") if "Made from the code" in page.read_text(encoding="utf-8")
    }
    assert made == {page for page in REFERENCE_PAGES if page.endswith(".md")}


def test_a_page_that_was_edited_by_hand_is_found_and_renewed(tmp_path: Path) -> None:
    renew_pages(tmp_path)
    assert find_stale_pages(tmp_path) == []
    page = tmp_path / "settings.md"
    page.write_text(page.read_text(encoding="utf-8") + "A remark.\n", encoding="utf-8")
    assert find_stale_pages(tmp_path) == ["settings.md"]
    renew_pages(tmp_path)
    assert find_stale_pages(tmp_path) == []


def test_every_command_has_an_address() -> None:
    assert {command.__name__ for command in get_args(PetitionCommand)} <= addresses_by_name().keys()


def test_the_fields_of_a_command_are_told_as_its_request_takes_them() -> None:
    page = REFERENCE_PAGES["commands.md"]()
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", page, re.MULTILINE | re.DOTALL))
    for kind in (*get_args(PetitionCommand), *get_args(MeetingCommand), PublishAnswers, *get_args(UnitCommand)):
        told = set(re.findall(r"^\| `(\w+)` \|", sections[kind.__name__], re.MULTILINE))
        assert told == body_fields(kind) - Command.model_fields.keys(), kind.__name__


def test_the_picture_of_the_packages_shows_the_imports_as_they_are() -> None:
    page = ARCHITECTURE.read_text(encoding="utf-8")
    assert "service_cli --> service_api" in page
    assert page == with_present_picture(page), f"docs/explanation/architecture.md is stale: `{RENEW_COMMAND}` renews it"
