"""The list of subcommands: what it says, and what it does not load."""

import json
import subprocess
import sys
from importlib.metadata import version

import pytest
import typer

from service.cli import errors
from service.cli.app import SUBCOMMANDS, LazyGroup, app
from tests.service.cli.conftest import ROOT, Terminal

MOST_MODULES = 200
"""Modules that `kiennghi --help` imports; 902 when it imported every subcommand."""

_COUNT = """
import json, sys
from service.cli import errors
code = errors.run_command_line(["--help"])
print(json.dumps([code, sorted(sys.modules)]))
"""


def test_the_help_loads_no_subcommand() -> None:
    done = subprocess.run([sys.executable, "-c", _COUNT], cwd=ROOT, capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stdout.splitlines()[-1])
    assert code == 0
    loaded = {name for name in modules if name.partition(".")[0] in {"psycopg", "pydantic", "fastapi", "eventsourcing"}}
    assert loaded == set()
    assert len(modules) < MOST_MODULES


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_the_list_says_of_a_subcommand_what_its_own_help_says(name: str) -> None:
    group = typer.main.get_group(app)
    assert isinstance(group, LazyGroup)
    command = group.load(name)
    assert (command.help or "").startswith(SUBCOMMANDS[name].help)


def test_every_foreseen_error_is_a_class_that_exists() -> None:
    for name in errors.ENDINGS:
        module, _, kind = name.rpartition(".")
        found = getattr(__import__(module, fromlist=[kind]), kind)
        assert f"{found.__module__}.{found.__qualname__}" == name
        assert issubclass(found, Exception)


def test_an_unknown_subcommand_is_wrong_usage(kiennghi: Terminal) -> None:
    ended = kiennghi("overdu")
    assert ended.code == errors.USAGE
    assert "overdue" in ended.err


def test_the_version_is_printed(kiennghi: Terminal) -> None:
    assert kiennghi("--version").out == f"kiennghi {version('kiennghi')}\n"
