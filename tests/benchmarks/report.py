"""The tables of docs/explanation/performance.md, from what a run wrote."""

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.benchmarks.results import COSTS, number

PAGE = Path(__file__).parents[2] / "docs/explanation/performance.md"
_TABLES = re.compile(r"(<!-- (?P<name>[a-z-]+): made by tests\.benchmarks\.run -->\n).*?(<!-- end -->)", re.DOTALL)


def renew(lines: Sequence[dict[str, Any]]) -> None:
    """Puts in what was measured now; the tables of benchmarks that were not run stay as they are."""
    surroundings, figures = lines[0], lines[1:]
    tables = {
        name: _table(list(found), surroundings)
        for name, found in groupby(figures, key=lambda line: str(line["benchmark"]))
    }
    tables["surroundings"] = _said(surroundings, figures)

    def renewed(found: re.Match[str]) -> str:
        table = tables.get(found["name"])
        return found[0] if table is None else f"{found[1]}\n{table}\n\n{found[3]}"

    PAGE.write_text(_TABLES.sub(renewed, PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{PAGE.name} renewed: {', '.join(tables)}")


def _table(lines: Sequence[dict[str, Any]], surroundings: dict[str, Any]) -> str:
    """With the run that it comes from, since a page is made of several."""
    head = "| what | median | slowest and fastest round | target | baseline in the same run | ratio |"
    load = f"load {lines[0]['load_before']} before and {lines[0]['load_after']} after"
    run = f"Run of {surroundings['measured_at']}, {load}."
    return "\n".join([head, "| --- | ---: | ---: | ---: | --- | ---: |", *map(_row, lines), "", run])


def _row(line: dict[str, Any]) -> str:
    if line.get("skipped"):
        return f"| {line['name']} | left out: {line['reason']} | | | | |"
    unit = line["unit"]
    ends = (line["low"], line["high"]) if unit not in COSTS else (line["high"], line["low"])
    spread = " – ".join(number(end, unit).partition(" ")[0] for end in ends)
    baseline = f"{line['baseline_name']}: {number(line['baseline'], unit)}"
    wanted = line["wanted"].replace("NOT MET", "**not met**")
    figure = f"{line['name']} | {number(line['value'], unit)} | {spread} | {wanted}"
    return f"| {figure} | {baseline} | {line['ratio']:.2f} |"


def _said(surroundings: dict[str, Any], figures: Sequence[dict[str, Any]]) -> str:
    loads = [load for line in figures for load in (line["load_before"], line["load_after"])]
    libraries = ", ".join(f"{name} {version}" for name, version in surroundings["libraries"].items())
    priority = f", at priority nice {surroundings['nice']}" if surroundings["nice"] else ""
    return (
        f"Measured at {surroundings['measured_at']} on {surroundings['processors']} processors"
        f" ({surroundings['processor']}), PostgreSQL {surroundings['postgresql']} with fsync"
        f" {surroundings['fsync']}, Python {surroundings['python']}, {libraries}. The load average of the machine"
        f" lay between {min(loads)} and {max(loads)} during the run{priority}: what was taken above"
        f" {surroundings['processors']} shared the processors with other work."
    )
