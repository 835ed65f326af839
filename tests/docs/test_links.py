"""What the pages point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])

_FENCE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_FILE = re.compile(r"(?:\.ci|docs|domain|projections|service|tests)/[A-Za-z0-9_./-]*[A-Za-z0-9_/]")

_BY_THE_READER = re.compile(r"(?<![A-Za-z])[A-Z]{3,}(?![A-Za-z])")


def prose_of(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The fragments that headings of the page can be reached by, made as the common forges make them."""
    found: set[str] = set()
    for heading in _HEADING.findall(prose_of(page)):
        kept = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.lower()))
        found.add(kept.replace(" ", "-"))
    return found


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def links(page: Path) -> list[str]:
    return [
        target for target in _LINK.findall(prose_of(page)) if "://" not in target and not target.startswith("mailto")
    ]


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    lost = []
    for target in links(page):
        path, _, fragment = target.partition("#")
        goal = page if not path else page.parent / path
        if not goal.exists() or (fragment and fragment not in anchors(goal)):
            lost.append(target)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_of_the_tree_that_is_named_exists(page: Path) -> None:
    """A path with a word in capitals stands for one that the reader makes."""
    said = [code for code in _CODE.findall(prose_of(page)) if _FILE.fullmatch(code) and not _BY_THE_READER.search(code)]
    assert [code for code in said if not (ROOT / code).exists()] == []


def test_every_page_can_be_reached_from_the_first() -> None:
    """By links alone; a link to a folder reaches the pages in it."""
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        here = waiting.pop()
        if here in reached:
            continue
        reached.add(here)
        for target in links(here):
            goal = (here.parent / target.partition("#")[0]).resolve()
            if goal.is_dir():
                waiting.extend(goal.glob("*.md"))
            elif goal.suffix == ".md" and goal.is_file():
                waiting.append(goal)
    assert set(PAGES) - reached == set()
