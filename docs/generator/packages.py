"""Draws which package imports which, as a mermaid diagram for docs/explanation/architecture.md.

An arrow that follows from others is left out: where a imports b and b imports c, the arrow from a to c is not drawn.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOTS = ("domain", "projections", "service")
EMPTY_PARENT = "service"


def package_diagram() -> str:
    """Return the diagram, its lines sorted, so that it changes only when the imports do."""
    arrows = _without_shortcuts(imports_between_packages())
    lines = ["flowchart TD"]
    lines += [f'    {_id(package)}["{package.removeprefix("service.")}"]' for package in sorted(arrows)]
    lines += [f"    {_id(one)} --> {_id(other)}" for one in sorted(arrows) for other in sorted(arrows[one])]
    return "\n".join(lines)


def imports_between_packages() -> Mapping[str, frozenset[str]]:
    """Return for each package the packages that its modules import, imports inside functions included."""
    found: dict[str, set[str]] = {}
    for root in ROOTS:
        for path in sorted((ROOT / root).rglob("*.py")):
            importing = _package(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
            if importing == EMPTY_PARENT:
                continue
            known = found.setdefault(importing, set())
            known.update(_package(module) for module in _imported_modules(path))
            known.difference_update({importing, EMPTY_PARENT})
    return {package: frozenset(others) for package, others in found.items()}


def _imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ROOTS:
            # `from service import demo` names a package, `from service.demo import story` a module.
            for alias in node.names:
                yield f"{node.module}.{alias.name}" if node.module == "service" else node.module


def _package(module: str) -> str:
    """Return the package that a module belongs to: `domain`, `projections`, or one below `service`."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "service" else parts[0]


def _without_shortcuts(arrows: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return the arrows that do not follow from others; there are no circles."""
    return {
        one: frozenset(
            other for other in others if not any(other in _reached(arrows, between) for between in others - {other})
        )
        for one, others in arrows.items()
    }


def _reached(arrows: Mapping[str, frozenset[str]], begin: str) -> frozenset[str]:
    """Return every package that `begin` imports, directly or through others."""
    reached: set[str] = set()
    waiting = [begin]
    while waiting:
        for other in arrows[waiting.pop()] - reached:
            reached.add(other)
            waiting.append(other)
    return frozenset(reached)


def _id(package: str) -> str:
    return package.replace(".", "_")
