"""What a benchmark comes to: a figure, its baseline from the same run, and the ratio of the two."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from statistics import median
from typing import Any, Literal

Unit = Literal["events/s", "rows/s", "commands/s", "requests/s", "dates/s", "ms", "µs", "MB", "bytes", "%"]
COSTS: tuple[Unit, ...] = ("ms", "µs", "MB", "bytes")
"""Of these the less is the better."""


def number(value: float, unit: str) -> str:
    """Three digits that mean something."""
    if unit in ("ms", "µs"):
        return f"{value:.2f} {unit}" if value < 10 else f"{value:.1f} {unit}"
    last = max(0, len(str(int(value))) - 3)
    return f"{int(round(value, -last)):,} {unit}"


@dataclass(frozen=True, slots=True)
class Series:
    """One value a round: the median is quoted, the range says how quiet the machine was."""

    rounds: tuple[float, ...]

    @property
    def value(self) -> float:
        return median(self.rounds)

    @property
    def low(self) -> float:
        return min(self.rounds)

    @property
    def high(self) -> float:
        return max(self.rounds)


@dataclass(frozen=True, slots=True)
class Figure:
    """`target` is the least rate, or the highest cost, that is wanted; `target_ratio` the same of the ratio."""

    name: str
    unit: Unit
    measured: Series
    baseline_name: str
    baseline: Series
    target: float | None = None
    target_ratio: float | None = None

    @property
    def ratio(self) -> float:
        """Of rates the higher, of times the lower is the better."""
        return self.measured.value / self.baseline.value

    @property
    def met(self) -> bool | None:
        """None where no target was set."""
        reached = [
            found <= wanted if self.unit in COSTS else found >= wanted
            for found, wanted in ((self.measured.value, self.target), (self.ratio, self.target_ratio))
            if wanted is not None
        ]
        return all(reached) if reached else None

    @property
    def wanted(self) -> str:
        """The targets, and whether they are met; empty where none was set."""
        of = [] if self.target is None else [number(self.target, self.unit)]
        if self.target_ratio is not None:
            of.append(f"ratio {self.target_ratio:.2f}")
        return f"{' and '.join(of)}, {'met' if self.met else 'NOT MET'}" if of else ""

    def line(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": self.measured.value,
            "unit": self.unit,
            "low": self.measured.low,
            "high": self.measured.high,
            "rounds": len(self.measured.rounds),
            "baseline": self.baseline.value,
            "baseline_low": self.baseline.low,
            "baseline_high": self.baseline.high,
            "baseline_name": self.baseline_name,
            "ratio": self.ratio,
            "target": self.target,
            "target_ratio": self.target_ratio,
            "met": self.met,
            "wanted": self.wanted,
        }


@dataclass(frozen=True, slots=True)
class Skipped:
    """A figure that could not be had here, and why."""

    name: str
    reason: str

    def line(self) -> dict[str, Any]:
        return asdict(self) | {"skipped": True}


Outcome = Figure | Skipped


def at_percent(values: Sequence[float], percent: float) -> float:
    """The least value that at least so many percent of all do not exceed."""
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


async def milliseconds(once: Callable[[int], Awaitable[object]], times: int) -> list[float]:
    """How long each of so many calls took, one after the other; `once` is given the number of the call."""
    taken = []
    for n in range(times):
        began = time.perf_counter()
        await once(n)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def in_turn(
    rounds: int, *contenders: Callable[[], Awaitable[Sequence[float]]]
) -> tuple[list[Sequence[float]], ...]:
    """What each contender gave in each round: A B A B, so that a slow moment of the machine meets them all."""
    found: tuple[list[Sequence[float]], ...] = tuple([] for _ in contenders)
    for n in range(rounds):
        order = range(len(contenders)) if n % 2 == 0 else reversed(range(len(contenders)))
        for place in order:
            found[place].append(await contenders[place]())
    return found


def latencies(
    name: str,
    rounds: Sequence[Sequence[float]],
    baseline_name: str,
    baseline: Sequence[Sequence[float]],
    *,
    p50: float | None = None,
    p99: float | None = None,
) -> list[Outcome]:
    """The two figures of a series of calls, with the longest that either may take in ms."""
    return [
        Figure(
            f"{name}, p{percent}",
            "ms",
            Series(tuple(at_percent(taken, percent) for taken in rounds)),
            baseline_name,
            Series(tuple(at_percent(taken, percent) for taken in baseline)),
            target,
        )
        for percent, target in ((50, p50), (99, p99))
    ]


def first_of_each(rounds: Sequence[Sequence[float]]) -> Series:
    """Where a round gives a single value."""
    return Series(tuple(values[0] for values in rounds))
