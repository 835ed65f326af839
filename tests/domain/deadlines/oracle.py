"""Counts due dates a second time, written without the product: one day after the other, on plain numbers.

Days are ordinals (`date.toordinal`), of which 7 divides the Sundays. A calendar is two sets: days off, and rest days
worked. A pause is a pair: the days after its first, up to and including its last, are suspended.
"""

from collections.abc import Iterable
from typing import NamedTuple

Pause = tuple[int, int]


class Days(NamedTuple):
    off: frozenset[int]
    worked: frozenset[int]

    def is_worked(self, day: int) -> bool:
        return day in self.worked or (day % 7 not in (6, 0) and day not in self.off)


def end(start: int, amount: int, *, working: bool, first_counts: bool, pauses: Iterable[Pause], days: Days) -> int:
    """Return the last day by crossing off one day after the other.

    A limit ends on a working day that is not suspended.
    """
    pauses = list(pauses)
    still = {day for begun, ended in pauses for day in range(begun + 1, ended + 1)}
    going_on = {day for begun, ended in pauses for day in range(begun, ended)}
    off, worked_rests = days
    left = amount
    day = start if first_counts else start + 1
    while True:
        worked = day in worked_rests or (day % 7 not in (6, 0) and day not in off)
        if left and day not in still and (worked or not working):
            left -= 1
        if not left and worked and day not in going_on:
            return day
        day += 1


def end_after_decision(decided: int, pauses: Iterable[Pause], days: Days) -> int:
    """Return the date that somebody set, moved by the pauses since then: each day of them is given back."""
    unrolled = due = decided
    for begun, ended in pauses:
        if begun > due:
            return due  # it had run out: what is late stays late
        for _ in range(begun, ended):
            unrolled += 1
        if ended > begun:
            due = unrolled
            while not days.is_worked(due):
                due += 1
    return due
