"""The page that shows the OpenAPI description in a browser."""

import hashlib
import re
from pathlib import Path

import pytest

from service.api.openapi.viewer_page import VIEWER_FILES, VIEWER_PAGE
from tests.service.api.interface import Interface

VIEWER = Path(__file__).parents[4] / "service" / "api" / "viewer"


def test_the_page_names_no_other_host() -> None:
    assert re.findall(r"(?:src|href)=\"(?!/|data:)", VIEWER_PAGE) == []


@pytest.mark.parametrize("name", ["swagger-ui-bundle.js", "swagger-ui.css"])
def test_what_was_brought_along_is_unchanged(name: str) -> None:
    digest = hashlib.sha256((VIEWER / name).read_bytes()).hexdigest()
    assert f"{name}" in VIEWER_FILES
    assert digest in (VIEWER / "README.md").read_text(encoding="utf-8")


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/docs", *(f"/docs/{name}" for name in VIEWER_FILES)])
async def test_every_part_of_the_page_is_served(interface: Interface, path: str) -> None:
    answer = await interface.client.get(path)
    assert answer.status_code == 200
    assert answer.content


@pytest.mark.anyio
async def test_another_file_is_not_served(interface: Interface) -> None:
    assert (await interface.client.get("/docs/README.md")).status_code == 404
