"""The command lines that the pages show are understood."""

import re
from pathlib import Path

import pytest
from typer.core import TyperCommand, TyperGroup, TyperOption

from docs.generator.cli import list_cli_commands
from tests.docs.test_links import PAGES, named

_SHELL = re.compile(r"^( *)```sh\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_CALL = re.compile(r"(?:^|[ /(])kiennghi ([a-z]\S*)([^|#)\n]*)", re.MULTILINE)
COMMANDS = list_cli_commands()


def calls(page: Path) -> list[tuple[str, set[str]]]:
    """Commands with the options that they are given."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    typed = [block for _, block in _SHELL.findall(text)] + _SPAN.findall(text)
    found = [call for block in typed for call in _CALL.findall(block)]
    return [(_name(command, rest), set(re.findall(r"--[a-z-]+", rest))) for command, rest in found]


def _name(command: str, rest: str) -> str:
    """The name of a command in a group is two words, or three."""
    words = [command, *rest.split()[:2]]
    return next((name for n in (3, 2) if (name := " ".join(words[:n])) in COMMANDS), command)


def options(command: TyperCommand | TyperGroup) -> set[str]:
    return {form for option in command.params if isinstance(option, TyperOption) for form in option.opts}


@pytest.mark.parametrize("page", [page for page in PAGES if calls(page)], ids=named)
def test_every_command_that_a_page_names_exists_with_its_options(page: Path) -> None:
    for command, given in calls(page):
        assert command in COMMANDS
        assert given <= options(COMMANDS[command])
