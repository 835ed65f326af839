"""A folder for a server of a test's own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kiennghi-faults-"))
    folder.chmod(0o711)  # started by root the server runs as another account, which must get in
    yield folder
    shutil.rmtree(folder)
