"""Gives doubts what a proposed correction would make of recorded events: they ask of it as of what is typed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain.correcting.fields import apply_correction, field_type, read_field
from domain.correcting.history import DAY_PATH, corrected_history
from domain.envelope import EventEnvelope
from domain.events import Correction, CorrectionProposed, Fact
from domain.meetings.events import MeetingCorrectionProposed

_DAYS_OF_ACTS = frozenset({DAY_PATH, "received_on"})


class CorrectedFact(NamedTuple):
    """Holds an event as it should have been, the paths that are corrected, and the days of the other acts then."""

    fact: Any
    paths: frozenset[str]
    other_days: tuple[date, ...]

    def is_corrected(self, *fields: str) -> bool:
        """Return True if one of the fields is corrected, or a part of it."""
        return any(path.partition(".")[0] in fields for path in self.paths)

    def days(self) -> Iterable[tuple[date, bool]]:
        """Yield each corrected day, and whether it is that of the act itself."""
        for path in sorted(self.paths):
            value = read_field(self.fact, path)
            if isinstance(value, date) and field_type(type(self.fact), path).type is date:
                yield value, path in _DAYS_OF_ACTS


def corrected_facts(decided: Sequence[Fact], history: Sequence[EventEnvelope[Any]]) -> tuple[CorrectedFact, ...]:
    """Return what the decided proposals would correct of a petition; `history` is as it was recorded."""
    proposals = [fact for fact in decided if type(fact) is CorrectionProposed]
    if not proposals:
        return ()
    present = {event.originator_version: event.fact for event in corrected_history(history)}
    return _corrected(present, [one for fact in proposals for one in fact.corrections])


def corrected_facts_of_meeting(decided: Sequence[Fact], present: Sequence[Fact]) -> tuple[CorrectedFact, ...]:
    """Return what the decided proposals would correct of a meeting; `present` are its facts as they count now."""
    corrections = [one for fact in decided if isinstance(fact, MeetingCorrectionProposed) for one in fact.corrections]
    return _corrected(dict(enumerate(present, start=1)), corrections)


def _corrected(present: Mapping[int, Fact], corrections: Sequence[Correction]) -> tuple[CorrectedFact, ...]:
    right = dict(present)
    paths: dict[int, set[str]] = {}
    for one in corrections:
        right[one.version] = apply_correction(right[one.version], one)
        paths.setdefault(one.version, set()).add(one.path)
    return tuple(
        CorrectedFact(
            right[version],
            frozenset(named),
            tuple(fact.occurred_on for other, fact in right.items() if other != version and _is_act(fact)),
        )
        for version, named in paths.items()
    )


def _is_act(fact: Fact) -> bool:
    """Return False for a proposal to put the record right, which comes long after the acts."""
    return not isinstance(fact, CorrectionProposed | MeetingCorrectionProposed)
