"""One name for each thing, and one thing for each name."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

EXPECTED_EVERYWHERE = frozenset({"__all__", "_T", "T", "log", "main", "router"})
"""Names that mean the same in every module: the logger of a module, its router, a type variable."""

HOMONYMS = frozenset({"ReorganisationApplied"})
"""Public names that more than one module defines at top level. The set may only shrink.

`ReorganisationApplied` is a fact, and a schema of the HTTP interface, whose name is public.
"""

COMMON_PRIVATE_NAMES: frozenset[str] = frozenset()
"""Private names that four modules or more define at top level. The set may only shrink."""


def test_no_public_name_is_defined_in_two_modules() -> None:
    found = {name for name, modules in _definitions().items() if not name.startswith("_") and len(modules) > 1}
    assert found == HOMONYMS, _places(found ^ HOMONYMS)


def test_no_private_name_is_common() -> None:
    found = {name for name, modules in _definitions().items() if name.startswith("_") and len(modules) > 3}
    assert found == COMMON_PRIVATE_NAMES, _places(found ^ COMMON_PRIVATE_NAMES)


def _places(names: set[str] | frozenset[str]) -> str:
    definitions = _definitions()
    return "; ".join(f"{name}: {', '.join(definitions.get(name, ['nowhere any more']))}" for name in sorted(names))


def _definitions() -> dict[str, list[str]]:
    """Return for each top-level name of the product the files that define it."""
    found: dict[str, list[str]] = defaultdict(list)
    for package in ("domain", "projections", "service"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for name in set(_top_level_names(path)) - EXPECTED_EVERYWHERE:
                found[name].append(str(path.relative_to(ROOT)))
    return found


def _top_level_names(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
