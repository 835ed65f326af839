"""Provides a fixture that reads the cases of a file made up for a test."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service.config.law_files import national_law
from service.imports.mapping import parse_mapping
from service.imports.readings import CaseReading
from tests.service.imports.case_reading import read_cases

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Read = Callable[..., list[CaseReading]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes a file with the content and reads its cases by the text of a mapping."""

    def reading(content: str | bytes, mapping: str, name: str = "source.csv") -> list[CaseReading]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_cases(path, parse_mapping(mapping), ZONE, national_law()))

    return reading
