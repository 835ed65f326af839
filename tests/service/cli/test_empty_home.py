"""Tests that no command makes a database, or anything else, in a home that has none, except those that are to."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from service.cli.app import app
from tests.service.cli.conftest import EXAMPLES, KEY, Terminal

MAKE_A_DATABASE = {"run", "migrate", "import"}
NEED_NONE = {
    *("deadline", "token", "check", "law review"),
    *("checkpoint new-key", "checkpoint cosign", "checkpoint path", "checkpoint add-signature"),
}
"""Commands that ask no database; `law review` without a proposal in a file shows what is on file."""

REFUSED_BEFORE = {"verify", "contacts import", "law propose", "sheet load"}
"""Commands that refuse these values before they ask for a database: no key, no file of theirs, nobody who enters it."""

OPTIONS = dict.fromkeys(("conclusions", "duties", "hot-spots", "meetings"), ("--period", "2026-Q1"))
"""Options that a command asks for although none of them alone is required."""

ID = "01980a6e-1111-7000-8000-000000000001"
VALUES = {
    "figure": "received",
    "known_at": "2026-07-01",
    "reference": "TD-2026-000001",
    "source": "so-cu",
    "why": "nhầm cột",
    "instrument": "1/2026/QĐ",
    "step": "day-after",
    "set_field": "attendance=12",
    "version": "4",
    "clock": "triage",
    "due_on": "2026-07-01",
    "code": "an",
    "decision": "1/2026/QĐ",
    "decided_by": "Ủy ban nhân dân tỉnh",
    **dict.fromkeys(("meeting_id", "change", "message", "meeting"), ID),
}


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, list[Any]]]:
    """Yield the words and the required parameters of each command, also of a group that is one itself."""
    names = command.list_commands(typer.Context(command)) if hasattr(command, "list_commands") else ()
    for name in names:
        yield from leaves(command.get_command(typer.Context(command), name), (*path, name))
    if path and (not names or command.invoke_without_command):
        yield " ".join(path), [one for one in command.params if one.required]


COMMANDS = dict(leaves(get_command(app)))


def test_every_command_is_looked_at() -> None:
    assert COMMANDS.keys() > MAKE_A_DATABASE | NEED_NONE
    assert {"overdue", "units", "units tree", "imports list", "serve", "doctor", "alerts run"} < COMMANDS.keys()


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - MAKE_A_DATABASE - NEED_NONE))
def test_a_command_in_an_empty_home_says_so_and_makes_nothing(name: str, tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "file.toml"
    file.write_text('document_no = "1"\n', encoding="utf-8")
    plan = EXAMPLES / "reorganisations" / "two-level-government.toml"
    words = [*name.split(), *OPTIONS.get(name, ())]
    for one in COMMANDS[name]:
        value = {"file": str(plan if name.startswith("units") else file), "out": str(tmp_path / "out"),
                 "output": str(tmp_path / "sheet.xlsx"), **VALUES}[one.name]  # fmt: skip
        words += [value] if one.param_type_name == "argument" else [one.opts[0], value]
    settings = {"KIENNGHI_HOME": str(home), "KIENNGHI_PORT": "0", "KIENNGHI_TOKEN_KEY": KEY, "KIENNGHI_VAULT_KEY": KEY}
    ended = Terminal(settings)(*words)
    assert ended.code == 1 or (ended.code == 2 and name in REFUSED_BEFORE), (ended.out, ended.err)
    assert not home.exists(), "nothing is made"
    assert {one.name for one in tmp_path.iterdir()} == {file.name}
    if name not in REFUSED_BEFORE and "KIENNGHI_TOKEN" not in ended.err:
        assert f"chưa có cơ sở dữ liệu trong {home}" in ended.err
        assert f"there is no database under {home}; `kiennghi run`" in ended.err


def test_an_import_makes_and_migrates_the_database_that_is_not_there(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "so.csv"
    settings = {"KIENNGHI_HOME": str(home)}
    missing = Terminal(settings)("import", str(file), "--mapping", str(EXAMPLES / "one-row-a-case.toml"))
    assert (missing.code, home.exists()) == (1, False), missing.err
    file.write_text((EXAMPLES / "one-row-a-case.csv").read_text("utf-8"), encoding="utf-8")
    done = Terminal(settings)("import", str(file), "--mapping", str(EXAMPLES / "one-row-a-case.toml"), "--json")
    imported = json.loads(done.out)["outcomes"]["imported"]  # one row of the example cannot be read
    (run,) = Terminal(settings)("imports", "list", "--json").json["imports"]
    assert (run["cases"], run["withdrawn"]) == (imported, 0)
