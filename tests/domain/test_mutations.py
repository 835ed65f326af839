"""Tests the guards of the stored forms: each change below alters or loses stored history, and must fail a test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import PROFILE

ROOT = Path(__file__).parents[2]
COPIED = ("domain", "tests/domain/stored_forms", "tests/domain/golden.py", "tests/domain/stored.py",
          "tests/domain/test_stored_events.py", "pyproject.toml")  # fmt: skip

MUTATIONS: dict[str, tuple[str, str, str]] = {
    "silence on the number of persons is read as two": (
        "domain/unsaid.py", "PERSON_COUNT_UNSAID = 1", "PERSON_COUNT_UNSAID = 2"),
    "the number of persons gets a default": (
        "domain/events/intake.py", "person_count: CountFromOne | UnsetType = UNSET", "person_count: CountFromOne = 2"),
    "silence on the citizen's presence is read as presence": (
        "domain/unsaid.py", "CITIZEN_PRESENT_UNSAID = False", "CITIZEN_PRESENT_UNSAID = True"),
    "eligibility gets a default": (
        "domain/events/intake.py", "is_eligible: bool | UnsetType = UNSET", "is_eligible: bool = True"),
    "the word for the hotline is renamed": (
        "domain/vocabulary.py", 'HOTLINE = "hotline"', 'HOTLINE = "hot_line"'),
    "the word for a deputy head is renamed": (
        "domain/units/events.py", 'DEPUTY_HEAD = "deputy_head"', 'DEPUTY_HEAD = "deputy"'),
    "a field of every limit is renamed": ("domain", "counts_start_day", "counts_first_day"),
    "a field of every correction is renamed": (
        "domain/events/records.py", "    path: NonEmptyStr", "    field: NonEmptyStr"),
    "an optional field is renamed": (
        "domain/events/intake.py", "    is_eligible: bool | UnsetType", "    eligible: bool | UnsetType"),
    "a field changes its type": ("domain/deadlines/limit.py", "unit: DayKind", "unit: str"),
    "a field is taken away": ("domain/events/answers.py", "    minutes_page: NonEmptyStr\n", ""),
    "a required field joins": (
        "domain/events/referral.py", "class PetitionReturned(Fact):", "class PetitionReturned(Fact):\n    mood: str\n"),
    "an event gets another name": ("domain", "PetitionArchived", "PetitionShelved"),
}  # fmt: skip
"""For each: a file or folder, the text that is changed, and what it becomes."""


def guards_pass(folder: Path) -> bool:
    run = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests/domain/test_stored_events.py"]
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the plugins take longer to load than the guards
    return subprocess.run(run, cwd=folder, env=alone, capture_output=True, check=False).returncode == 0


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Provide a copy of the domain and of its guards."""
    for name in COPIED:
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return tmp_path


def test_the_guards_pass_where_nothing_is_changed(copy: Path) -> None:
    assert guards_pass(copy)


TRIED = list(MUTATIONS)[:: 1 if PROFILE == "deep" else 4]
"""All of them in `make test-deep`, some in every run: each takes a process of its own."""


@pytest.mark.parametrize("name", TRIED)
def test_a_change_that_alters_stored_history_fails(copy: Path, name: str) -> None:
    place, text, changed = MUTATIONS[name]
    files = [copy / place] if (copy / place).is_file() else sorted((copy / place).rglob("*.py"))
    mutated = [path for path in files if text in path.read_text(encoding="utf-8")]
    assert mutated, "the text is not there any more: the mutation changes nothing"
    for path in mutated:
        path.write_text(path.read_text(encoding="utf-8").replace(text, changed), encoding="utf-8")
    assert not guards_pass(copy)
