"""Runs the command line as a person does: in this process, or in one of its own where that is what is tested."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.cli import errors
from tests.conftest import SHARED_HOME, login_of_service

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-c", "from service.cli import main; main()"]
KEY = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s"
EXAMPLES = ROOT / "docs" / "examples"


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


@dataclass(frozen=True)
class Terminal:
    """Settings by variable, and the command with them."""

    settings: dict[str, str]

    def __call__(self, *arguments: str, **more: str) -> Ended:
        """Run the command in this process: a start takes a second of the processor, a call some milliseconds."""
        out, err, before = io.StringIO(), io.StringIO(), dict(os.environ)
        settings = self._settings(more)
        try:
            os.environ.clear()
            os.environ.update(settings)
            with chdir(ROOT), redirect_stdout(out), redirect_stderr(err):
                code = _run(arguments)
        finally:
            os.environ.clear()
            os.environ.update(before)
        return Ended(code, out.getvalue(), err.getvalue())

    def process(self, *arguments: str, **more: str) -> Ended:
        """Run the command in a process of its own."""
        environment = self._environment(more)
        done = subprocess.run(
            [*COMMAND, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Running in a group of its own, as from a shell; killed if it is still there in the end."""
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            env=self._environment({}),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        with process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KIENNGHI_")}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling everything at each command takes seconds
        return {**kept, **self._settings(more)}

    def _settings(self, more: dict[str, str]) -> dict[str, str]:
        home = f"{os.environ[SHARED_HOME]}/home"  # not the developer's own
        return {"KIENNGHI_HOME": home, **self.settings, **more}


def _run(arguments: tuple[str, ...]) -> int:
    """Run the command line, in another thread where the test has an event loop of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return errors.run_command_line(arguments)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(errors.run_command_line, arguments).result()


@pytest.fixture(scope="module")
def kiennghi(module_database: str) -> Terminal:
    """On a migrated database of the module's own, with keys."""
    return Terminal(
        {
            "KIENNGHI_DATABASE_URL": login_of_service(module_database),
            "KIENNGHI_TOKEN_KEY": KEY,
            "KIENNGHI_VAULT_KEY": KEY,
        }
    )
