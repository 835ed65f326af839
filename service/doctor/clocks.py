"""Examines if every open clock is counted by the law in force."""

from collections.abc import Mapping
from uuid import UUID

from service.doctor.finding import Finding, Verdict


def examine_clocks(by_former_law: Mapping[UUID, int]) -> Finding:
    """Return WRONG if open clocks are counted by the law before an applied change; `by_former_law` counts them.

    Such clocks were started while the change was approved, by a version before decisions looked at it once more.
    """
    if not by_former_law:
        return Finding("clocks", "all open ones are counted by the law in force")
    healing = ", ".join(f"{clocks} by `kiennghi law apply {change_id}`" for change_id, clocks in by_former_law.items())
    amount = sum(by_former_law.values())
    return Finding("clocks", f"{amount} open clocks are counted by a former law; healed are {healing}", Verdict.WRONG)
