"""Makes the edits of the how-to pages in a copy of the product: that many files, and the addition works over HTTP."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
HOW_TO = ROOT / "docs" / "how-to"
PACKAGES = ("domain", "projections", "service")

_DIFF = re.compile(r"^( *)```diff\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


class Edit(NamedTuple):
    """Says that the lines `before` of a file, which are there once, become `after`. A new file has none before."""

    path: str
    before: str
    after: str


def edits_of(page: Path) -> list[Edit]:
    """Return the edits that the diffs of a page show; `+++` begins a file, and `@@` another place in it."""
    edits: list[Edit] = []
    for indent, block in _DIFF.findall(page.read_text(encoding="utf-8")):
        lines = [line.removeprefix(indent) for line in block.splitlines()]
        path = lines.pop(0).removeprefix("+++ ")
        for hunk in "\n".join(lines).split("\n@@\n"):
            edits.append(Edit(path, _side(hunk, "-"), _side(hunk, "+")))
    return edits


def _side(hunk: str, sign: str) -> str:
    """Return the lines of one side of a hunk, without their signs."""
    return "".join(f"{line[1:]}\n" for line in hunk.split("\n") if line[:1] in {"", " ", sign})


def make(edits: Iterable[Edit], product: Path) -> None:
    for edit in edits:
        file = product / edit.path
        if not edit.before:
            assert not file.exists(), f"{edit.path} is there already"
            file.write_text(edit.after, encoding="utf-8")
            continue
        text = file.read_text(encoding="utf-8")
        assert text.count(edit.before) == 1, f"{edit.path} has these lines {text.count(edit.before)} times:\n{edit}"
        file.write_text(text.replace(edit.before, edit.after), encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "most_files", "trial"),
    [("add-an-event.md", 6, "send_new_command"), ("add-a-view.md", 4, "ask_new_view")],
    ids=["event", "view"],
)
def test_what_a_page_adds_takes_few_files_and_works(
    database: str, tmp_path: Path, page: str, most_files: int, trial: str
) -> None:
    edits = edits_of(HOW_TO / page)
    assert 1 < len({edit.path for edit in edits}) <= most_files
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)  # with what is compiled already
    make(edits, tmp_path)
    edited = [tmp_path / path for path in sorted({edit.path for edit in edits}) if path.endswith(".py")]
    for check in (["check"], ["format", "--check"]):
        run([sys.executable, "-m", "ruff", *check, "--no-cache", "--config", ROOT / "pyproject.toml", *edited], ROOT)
    run([sys.executable, "-c", TRY, str(tmp_path), str(ROOT), trial, database], tmp_path)


TRY = dedent("""
    import asyncio, sys
    product, root, trial, dsn = sys.argv[1:]
    sys.path[:0] = [product, root]
    import domain
    from tests.docs import additions
    assert domain.__file__.startswith(product), domain.__file__
    asyncio.run(getattr(additions, trial)(dsn))
""")
"""Imports the product from the copy and the tests from where they are, and tries the addition."""


def run(command: list[str | Path], folder: Path) -> None:
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
