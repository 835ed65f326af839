"""Keeps histories: files of JSON lines in which processes write down what they did, before anybody kills them."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class History:
    """Is a file to which several processes add lines; a line is written whole, and stays when its writer is killed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def add(self, **line: Any) -> None:
        os.write(self._file, json.dumps(line, default=str).encode() + b"\n")

    def lines(self) -> Iterator[dict[str, Any]]:
        for line in self._path.read_text().splitlines():
            yield json.loads(line)
