"""Provides a folder for a server of a test's own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.harness import make_home


@pytest.fixture
def home() -> Iterator[Path]:
    """Provide a folder that is removed with all that is in it."""
    folder = make_home()
    yield folder
    shutil.rmtree(folder)
