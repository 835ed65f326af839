"""Renders the OpenAPI description of the HTTP interface, as `/openapi.json` gives it."""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from service.api.server.app import documented_app

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


@cache
def openapi_description() -> dict[str, Any]:
    """Return the description with the version of the checkout: the installed package may be older or missing."""
    described = documented_app().openapi()
    described["info"]["version"] = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return described


def openapi_page() -> str:
    return json.dumps(openapi_description(), ensure_ascii=False, indent=1) + "\n"
