"""Every command of `kiennghi`, with its arguments and options."""

import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_group

from service import cli
from service.reference_docs.marked import joined, page, prose, table

_HEAD = """\
`make setup` puts `kiennghi` into `.venv/bin`. Where the database is, and all else that is no option here, comes from
the [settings](settings.md). What was asked for goes to stdout, everything else to stderr. `--help` shows what this page
says."""
_VALUES: dict[object, str] = {str: "TEXT", int: "NUMBER", float: "NUMBER", Path: "FILE", date: "DAY"}


def cli_page() -> str:
    commands = every_command()
    overview = [
        (f"[{name}](#{name.replace(' ', '-')})", (command.help or "").partition(". ")[0].rstrip("."))
        for name, command in commands.items()
    ]
    return page(
        "Command line",
        _HEAD,
        table(("command", "what it does"), overview),
        _exit_codes(),
        *(_command(name, command) for name, command in commands.items()),
    )


def every_command() -> dict[str, TyperCommand | TyperGroup]:
    """By what is typed after `kiennghi`: a word, or more of a group such as `law review`."""
    from service.cli.app import app  # here: it imports all that the commands do

    return dict(_inside(get_group(app), ""))


def _inside(group: TyperGroup, before: str) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """A group that does something by itself is a command too."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            if command.invoke_without_command:
                yield f"{before}{name}", command
            yield from _inside(command, f"{before}{name} ")
        elif isinstance(command, TyperCommand):
            yield f"{before}{name}", command


def _exit_codes() -> str:
    found = re.search(r"Exit codes: .*?\.", prose(cli), re.DOTALL)
    if found is None:
        raise ValueError("the docstring of service.cli does not say what the exit codes mean")
    return found.group()


def _command(name: str, command: TyperCommand | TyperGroup) -> str:
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    options = [p for p in command.params if isinstance(p, TyperOption)]
    usage = " ".join(["kiennghi", name, *(_placed(argument) for argument in arguments)])
    required = [f"{option.opts[0]} {_value(option)}" for option in options if option.required]
    return joined(
        f"## {name}",
        f"```text\n{' '.join([usage, *required, *(['[OPTIONS]'] if options else [])])}\n```",
        command.help or "",
        table(
            ("", "meaning", "default"),
            [(f"`{_placed(argument)}`", argument.help or "", "") for argument in arguments]
            + [(_spelt(option), _meaning(option), _default(option)) for option in options],
        ),
    )


def _placed(argument: TyperArgument) -> str:
    word = (argument.metavar or argument.name or "").strip("[]").upper()
    return word if argument.required else f"[{word}]"


def _spelt(option: TyperOption) -> str:
    forms = ", ".join(f"`{form}`" for form in (*option.opts, *option.secondary_opts))
    value = _value(option)
    return f"{forms} {value}" if value else forms


def _value(option: TyperOption) -> str:
    """What is written after it; nothing after a flag."""
    if option.is_flag:
        return ""
    kind = _bare(option.type_descriptor.annotation)
    return option.metavar or _VALUES.get(kind, "WORD")


def _meaning(option: TyperOption) -> str:
    choices = _choices(_bare(option.type_descriptor.annotation))
    one_of = f"One of {', '.join(f'`{choice}`' for choice in choices)}." if choices else ""
    bounds = f"From {option.min:,} to {option.max:,}." if option.min is not None and option.max is not None else ""
    return " ".join(part for part in (option.help, one_of, bounds) if part)


def _default(option: TyperOption) -> str:
    if option.required:
        return "required"
    return "" if option.default is None or option.is_flag else f"`{option.default}`"


def _bare(annotation: Any) -> Any:
    """Without list and None around it."""
    inner = [part for part in get_args(annotation) if part is not NoneType]
    return _bare(inner[0]) if inner and get_origin(annotation) is not Literal else annotation


def _choices(kind: Any) -> list[str]:
    if get_origin(kind) is Literal:
        return [str(choice) for choice in get_args(kind)]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(member.value) for member in kind]
    return []
