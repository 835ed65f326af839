"""Tests the places that refuse: each names a code of a table with just its values, and every code is used."""

import ast
from collections.abc import Iterator
from pathlib import Path

from domain.refusals.code import RefusalCode
from tests.domain.refusals.test_words import CODES

ROOT = Path(__file__).parents[3]
REFUSALS = {"Refused", "NotAllowed"}
BY_NAME = {f"{type(code).__name__}.{code.name}": code for code in CODES}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield each call that makes a refusal, with the file that it stands in."""
    for package in ("domain", "projections", "service"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                    yield str(path.relative_to(ROOT)), node


def test_no_place_refuses_without_a_code() -> None:
    found = [
        f"{file}:{call.lineno}"
        for file, call in calls()
        if isinstance(call.args[0], ast.Constant | ast.JoinedStr | ast.BinOp | ast.Call)
    ]
    assert found == []


def test_a_place_that_names_its_code_gives_just_the_values_of_its_sentences() -> None:
    wrong = []
    for file, call in calls():
        code = BY_NAME.get(ast.unparse(call.args[0]))
        names = {keyword.arg for keyword in call.keywords}
        if code is not None and names != code.value_names:
            wrong.append(f"{file}:{call.lineno}: {code.code} needs {sorted(code.value_names)}")
    assert wrong == []


def test_every_code_is_used() -> None:
    used = set()
    for package in ("domain", "projections", "service"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute):
                    used.add(ast.unparse(node))
    assert sorted(BY_NAME.keys() - used) == []


def test_a_guard_of_stages_is_given_a_code_of_stages() -> None:
    wrong: list[RefusalCode] = []
    for path in (ROOT / "domain" / "rules").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"at_stages", "while_open"}:
                code = BY_NAME.get(ast.unparse(node.args[-1]))
                wrong += [code] if code is not None and code.value_names != {"stage", "stages"} else []
    assert wrong == []
