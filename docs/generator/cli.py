"""Renders the reference page of the command line: every command with its arguments and options."""

import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from typer import Context
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_group

from docs.generator.markdown import docstring_of, join_blocks, render_page, render_table
from service import cli

_CLI_HEAD = """\
`make setup` puts `kiennghi` into `.venv/bin`. The database, and everything else that is not an option here, comes from
the [settings](settings.md). Results go to stdout, everything else to stderr. `--help` shows the same text as this
page."""
_VALUE_WORDS: dict[object, str] = {str: "TEXT", int: "NUMBER", float: "NUMBER", Path: "FILE", date: "DAY"}


def cli_page() -> str:
    commands = list_cli_commands()
    overview = [
        (f"[{name}](#{name.replace(' ', '-')})", (command.help or "").partition(". ")[0].rstrip("."))
        for name, command in commands.items()
    ]
    return render_page(
        "Command line",
        _CLI_HEAD,
        render_table(("command", "what it does"), overview),
        _exit_codes(),
        *(_cli_command_section(name, command) for name, command in commands.items()),
    )


def list_cli_commands() -> dict[str, TyperCommand | TyperGroup]:
    """Return the commands by what is typed after `kiennghi`: one word, or more in a group such as `law review`."""
    from service.cli.app import app  # here: it imports what all commands need

    return dict(_walk_group(get_group(app), ""))


def _walk_group(group: TyperGroup, before: str) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Yield the commands of a group with their full names; a group that can run by itself is a command too.

    Asking the group for its commands loads those that are declared lazily.
    """
    context = Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, TyperGroup):
            if command.invoke_without_command:
                yield f"{before}{name}", command
            yield from _walk_group(command, f"{before}{name} ")
        elif isinstance(command, TyperCommand):
            yield f"{before}{name}", command


def _exit_codes() -> str:
    found = re.search(r"Exit codes: .*?\.", docstring_of(cli), re.DOTALL)
    if found is None:
        raise ValueError("the docstring of service.cli does not say what the exit codes mean")
    return found.group()


def _cli_command_section(name: str, command: TyperCommand | TyperGroup) -> str:
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    options = [p for p in command.params if isinstance(p, TyperOption)]
    usage = " ".join(["kiennghi", name, *(_argument_word(argument) for argument in arguments)])
    required = [f"{option.opts[0]} {_option_value(option)}" for option in options if option.required]
    return join_blocks(
        f"## {name}",
        f"```text\n{' '.join([usage, *required, *(['[OPTIONS]'] if options else [])])}\n```",
        command.help or "",
        render_table(
            ("", "meaning", "default"),
            [(f"`{_argument_word(argument)}`", argument.help or "", "") for argument in arguments]
            + [(_option_forms(option), _option_meaning(option), _option_default(option)) for option in options],
        ),
    )


def _argument_word(argument: TyperArgument) -> str:
    word = (argument.metavar or argument.name or "").strip("[]").upper()
    return word if argument.required else f"[{word}]"


def _option_forms(option: TyperOption) -> str:
    forms = ", ".join(f"`{form}`" for form in (*option.opts, *option.secondary_opts))
    value = _option_value(option)
    return f"{forms} {value}" if value else forms


def _option_value(option: TyperOption) -> str:
    """Return the word that stands for the value of an option; empty for a flag."""
    if option.is_flag:
        return ""
    kind = _unwrap_annotation(option.type_descriptor.annotation)
    return option.metavar or _VALUE_WORDS.get(kind, "WORD")


def _option_meaning(option: TyperOption) -> str:
    choices = _list_choices(_unwrap_annotation(option.type_descriptor.annotation))
    one_of = f"One of {', '.join(f'`{choice}`' for choice in choices)}." if choices else ""
    bounds = f"From {option.min:,} to {option.max:,}." if option.min is not None and option.max is not None else ""
    return " ".join(part for part in (option.help, one_of, bounds) if part)


def _option_default(option: TyperOption) -> str:
    if option.required:
        return "required"
    return "" if option.default is None or option.is_flag else f"`{option.default}`"


def _unwrap_annotation(annotation: Any) -> Any:
    """Return the annotation without list and None around it."""
    inner = [part for part in get_args(annotation) if part is not NoneType]
    return _unwrap_annotation(inner[0]) if inner and get_origin(annotation) is not Literal else annotation


def _list_choices(kind: Any) -> list[str]:
    if get_origin(kind) is Literal:
        return [str(choice) for choice in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    return []
