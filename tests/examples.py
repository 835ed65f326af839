"""How many random examples a property is tried with: few and the same in every run, many and others in a deep one."""

import os

from hypothesis import HealthCheck, settings

FACTORS = {"quick": 0.25, "deep": 4.0}
PROFILE = os.environ.get("EXAMPLES", "quick")
LEAST = 5


def seeds(count: int) -> range:
    """Return the seeds of a costly random test: half of `count` in a quick run, twice as many in a deep one."""
    return range(count * 2 if PROFILE == "deep" else max(1, count // 2))


def examples(count: int, **more: bool) -> settings:
    """Return hypothesis settings with `count` examples, a quarter of them in a quick run and four times in a deep one.

    A quick run draws the same examples each time, so that what decides about a change is the change and not the draw;
    `make test-deep` looks for new ones. No example has a time limit. A function-scoped fixture may be shared by all
    examples of a test.
    """
    return settings(
        max_examples=max(LEAST, round(count * FACTORS[PROFILE])),
        derandomize=PROFILE != "deep",
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        **more,  # type: ignore[arg-type]  # a switch of hypothesis, such as derandomize
    )
