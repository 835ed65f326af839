"""The generated pages of docs/reference say what the code says."""

from pathlib import Path
from typing import get_args

import pytest

from domain.commands import PetitionCommand
from service.reference_docs import FOLDER, PAGES, RENEW, stale
from service.reference_docs.__main__ import renew
from service.reference_docs.commands import addresses_by_name


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_as_the_code_makes_it(name: str) -> None:
    kept = (FOLDER / name).read_text(encoding="utf-8") if (FOLDER / name).exists() else None
    assert kept == PAGES[name](), f"docs/reference/{name} is stale: `{RENEW}` renews it"


def test_every_page_that_says_it_is_made_from_the_code_is() -> None:
    made = {page.name for page in FOLDER.glob("*.md") if "Made from the code" in page.read_text(encoding="utf-8")}
    assert made == {page for page in PAGES if page.endswith(".md")}


def test_a_page_that_was_edited_by_hand_is_found_and_renewed(tmp_path: Path) -> None:
    renew(tmp_path)
    assert stale(tmp_path) == []
    page = tmp_path / "settings.md"
    page.write_text(page.read_text(encoding="utf-8") + "A remark.\n", encoding="utf-8")
    assert stale(tmp_path) == ["settings.md"]
    renew(tmp_path)
    assert stale(tmp_path) == []


def test_every_command_has_an_address() -> None:
    assert {command.__name__ for command in get_args(PetitionCommand)} <= addresses_by_name().keys()
