"""The description of the HTTP interface, as `/openapi.json` gives it."""

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from service.api.app import described

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


@cache
def description() -> dict[str, Any]:
    """With the version of the tree: what is installed may be older, or nothing at all."""
    made = described().openapi()
    made["info"]["version"] = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return made


def openapi_page() -> str:
    return json.dumps(description(), ensure_ascii=False, indent=1) + "\n"
