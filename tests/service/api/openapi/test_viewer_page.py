"""The page that shows the OpenAPI description in a browser."""

import hashlib
import re
import subprocess
import sys

import pytest

from service.api.openapi.viewer_page import (
    SWAGGER_UI_FILES,
    VIEWER_CONTENT_SECURITY_POLICY,
    VIEWER_FILES,
    VIEWER_PAGE,
)
from tests.service.api.interface import Interface

SWAGGER_UI_DIGESTS = {
    "swagger-ui-bundle.js": "3f6abf70480db7e07914df4c98a77385f22ea585eaf457a3e6415ba0eae2d167",
    "swagger-ui.css": "c3cfe8248c4b0b89673600fb829924eafbac6de4bc4b2b06f5f5243483074d0a",
}
"""SHA-256 of the files in npm's swagger-ui-dist 5.34.0. Take a later release's from there, not from what is served."""


def test_the_page_names_no_other_host() -> None:
    assert re.findall(r"(?:src|href)=\"(?!/|data:)", VIEWER_PAGE) == []


def test_the_policy_lets_no_other_host_and_no_inline_script_in() -> None:
    policy = dict(part.strip().split(" ", 1) for part in VIEWER_CONTENT_SECURITY_POLICY.split(";"))
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == ("'none'", "'self'", "'self'")
    assert "<script>" not in VIEWER_PAGE
    assert "http" not in VIEWER_CONTENT_SECURITY_POLICY


@pytest.mark.anyio
@pytest.mark.parametrize("name", SWAGGER_UI_FILES)
async def test_swagger_ui_is_served_as_its_makers_released_it(interface: Interface, name: str) -> None:
    answer = await interface.client.get(f"/docs/{name}")
    assert hashlib.sha256(answer.content).hexdigest() == SWAGGER_UI_DIGESTS[name]
    assert answer.headers["Content-Type"].partition(";")[0] == SWAGGER_UI_FILES[name]


def test_the_code_beside_swagger_ui_is_not_imported() -> None:
    shown = "from service.api.openapi import viewer_page; viewer_page._read_viewer_file('swagger-ui.css')"
    script = f"{shown}; import sys; sys.exit('fastapi_swagger' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/docs", *(f"/docs/{name}" for name in VIEWER_FILES)])
async def test_every_part_of_the_page_is_served(interface: Interface, path: str) -> None:
    answer = await interface.client.get(path)
    assert answer.status_code == 200
    assert answer.content


@pytest.mark.anyio
async def test_another_file_is_not_served(interface: Interface) -> None:
    assert (await interface.client.get("/docs/README.md")).status_code == 404
