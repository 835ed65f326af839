"""Compares two versions of the product: `python -m tests.benchmarks.compare BASE [NAME ...]`.

The benchmarks of each version run on that version, in turn: base, this, this, base, and so on. A figure counts as worse
when both its value and its ratio to the baseline of its own run are: a slow moment of the machine moves only the first.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.results import COSTS, number
from tests.benchmarks.run import BENCHMARKS

WORSE_BY = 1.1
"""Factor from which on a figure is marked as worse or better: less lies within what runs differ by."""
HOME = Path(".benchmarks")
HEADING = (
    "| benchmark | figure | base | this | times as dear | by the ratio | |",
    "| --- | --- | ---: | ---: | ---: | ---: | --- |",
)
Lines = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """Holds one figure of both versions: the median of the runs, and how many times as costly it has become."""

    benchmark: str
    name: str
    unit: str
    before: float
    after: float
    dearer: float
    dearer_by_ratio: float

    @property
    def verdict(self) -> str:
        """Return `worse` or `better` where value and ratio agree that it is, and nothing otherwise."""
        factors = self.dearer, self.dearer_by_ratio
        if min(factors) > WORSE_BY:
            return "worse"
        return "better" if max(factors) < 1 / WORSE_BY else ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.compare", description=__doc__)
    parser.add_argument("base", help="a commit, branch or tag")
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks that both versions have; all if left out")
    parser.add_argument("--rounds", type=int, default=2, help="runs of each version")
    parser.add_argument("--scale", type=float, default=1)
    asked = parser.parse_args()
    print("\n".join(HEADING), flush=True)
    with worktree(asked.base) as base:
        for name in asked.names or BENCHMARKS:
            runs: dict[str, list[Lines]] = {"base": [], "this": []}
            for n in range(asked.rounds):
                for which in ("base", "this") if n % 2 == 0 else ("this", "base"):
                    runs[which].append(run(base if which == "base" else Path.cwd(), name, asked.scale))
            nothing = f"| {name} | one of the versions has none | | | | | |"
            lines = [*table(compare(runs["base"], runs["this"]))] or [nothing]
            print("\n".join(lines), flush=True)


@contextmanager
def worktree(commit: str) -> Iterator[Path]:
    """Provide a checkout of the commit, and remove it afterwards."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "base"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", folder, commit], check=True)
        try:
            yield folder
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", folder], check=True)


def run(folder: Path, name: str, scale: float) -> Lines:
    """Return the figures of one run of a benchmark of the version in the folder, with this environment's libraries.

    There are none where that version does not have the benchmark or fails in it; what it says then is on stderr.
    """
    with tempfile.TemporaryDirectory() as results:
        output = Path(results) / "figures.jsonl"
        home = (HOME / folder.name).absolute()
        home.mkdir(parents=True, exist_ok=True)
        given = [name, "--scale", str(scale), "--home", str(home), "--output", str(output)]
        # `-m` looks into the current folder first: the packages there are those of that version.
        command = [sys.executable, "-m", "tests.benchmarks.run", *given]
        if subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode != 0:
            return []
        lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if "ratio" in line]


def compare(base: Sequence[Lines], this: Sequence[Lines]) -> list[Change]:
    """Return the change of each figure that both versions have, in the order of this one."""
    before, after = figures(base), figures(this)
    changes = []
    for (benchmark, name, unit), found in after.items():
        if (former := before.get((benchmark, name, unit))) is None:
            continue
        was, now = (median(line["value"] for line in lines) for lines in (former, found))
        was_ratio, now_ratio = (median(line["ratio"] for line in lines) for lines in (former, found))
        factors = (now / was, now_ratio / was_ratio) if unit in COSTS else (was / now, was_ratio / now_ratio)
        changes.append(Change(benchmark, name, unit, was, now, *factors))
    return changes


def figures(runs: Sequence[Lines]) -> dict[tuple[str, str, str], list[Mapping[str, Any]]]:
    """Return the lines of each figure, one a run."""
    found: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for line in (line for lines in runs for line in lines):
        found.setdefault((line["benchmark"], line["name"], line["unit"]), []).append(line)
    return found


def table(changes: Sequence[Change]) -> Iterator[str]:
    """Yield a line in Markdown for each change."""
    for one in changes:
        values = f"{number(one.before, one.unit)} | {number(one.after, one.unit)}"
        factors = f"{one.dearer:.2f} | {one.dearer_by_ratio:.2f}"
        yield f"| {one.benchmark} | {one.name} | {values} | {factors} | {one.verdict} |"


if __name__ == "__main__":
    main()
