"""Mappings and files made up for a test."""

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from service.config.law_files import national_law
from service.imports.cases import CaseRow
from service.imports.mapping import parse_mapping
from tests.service.imports.told import cases

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
Read = Callable[..., list[CaseRow]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The cases of a file with this content, by the mapping of this text."""

    def reading(content: str | bytes, mapping: str, name: str = "source.csv") -> list[CaseRow]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(cases(path, parse_mapping(mapping), ZONE, national_law()))

    return reading
