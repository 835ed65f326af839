"""Tests that no order of entry makes anything less late than the same facts are when they are entered on their days."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.deadlines.ledger import fold_ledger
from domain.decide import PETITION_COMMANDS, decide
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import PetitionEvent
from domain.evolve import fold
from domain.vocabulary import PetitionKind, Stage
from tests.domain import samples as s
from tests.domain.command_sequences import first_letter, varied_command
from tests.domain.samples import with_changes
from tests.domain.scenario import PETITION, decision_context, history_of, usual_officer
from tests.examples import examples

History = list[EventEnvelope[PetitionEvent]]
ACTS = [one for one in s.EVERY_COMMAND if type(one) in PETITION_COMMANDS]
STAGES = [stage for stage in Stage if stage.is_open]
LATER = (0, 10, 40, 120)
"""Days after the last act on which lateness is compared."""


def enter(history: History, command: PetitionCommand, today: date) -> History | None:
    """Return the history after the command; None where it is refused."""
    petition = fold(history)
    assert petition is not None
    by, on = usual_officer(command), command.occurred_on
    context = decision_context(by, today=today, meeting_on=on, other=first_letter(petition.kind))
    try:
        facts = decide(command, petition, context._replace(history=tuple(history))).facts
    except Refused:
        return None
    return [*history, *(EventEnvelope(PETITION, len(history) + n, fact, by) for n, fact in enumerate(facts, start=1))]


def enter_all(history: History, commands: Sequence[PetitionCommand], today: date) -> History | None:
    for command in commands:
        if (entered := enter(history, command, today)) is None:
            return None
        history = entered
    return history


def lateness(history: History, on: date) -> Counter[tuple[str, str]]:
    """Return the days late of each clock of the petition and each duty, over all its rounds."""
    late: Counter[tuple[str, str]] = Counter()
    for run in fold_ledger(history).clocks:
        if run.holder is None or run.clock.value != "step":
            late[run.clock.value, str(run.subject)] += run.days_late(on) or 0
    return +late


def is_classified_late(order: Sequence[PetitionCommand]) -> bool:
    """Return True where a classification is entered after an act of a later day.

    What that act made due by the kind as it was entered stands: a duty of the other kind alone is not started then.
    """
    return any(
        isinstance(late, c.ClassifyPetition) and late.occurred_on < early.occurred_on
        for early, late in combinations(order, 2)
    )


@given(
    kind=st.sampled_from(PetitionKind),
    stage=st.sampled_from(STAGES),
    drawn=st.lists(st.tuples(st.integers(0, 255), st.integers(1, 6), st.integers(0, 255)), min_size=3, max_size=12),
)
@examples(300)
def test_no_order_of_entry_makes_anything_less_late_than_the_facts(
    kind: PetitionKind, stage: Stage, drawn: list[tuple[int, int, int]]
) -> None:
    past = s.commands_to_stages(kind)[stage]
    begun = in_turn = history_of(past, other=first_letter(kind))
    on = max(one.occurred_on for one in past)
    acts: list[PetitionCommand] = []
    for which, days, what in drawn:
        on += timedelta(days=days)
        petition = fold(in_turn)
        assert petition is not None
        command = with_changes(varied_command(ACTS[which % len(ACTS)], what, on, petition), occurred_on=on)
        if (entered := enter(in_turn, command, on)) is not None and len(acts) < 4:
            in_turn, acts = entered, [*acts, command]
    facts_as_they_were = {later: lateness(in_turn, on + timedelta(days=later)) for later in LATER}
    for order in permutations(acts):
        entered = enter_all(begun, order, on)
        if entered is None:
            continue
        for later in LATER:
            found = lateness(entered, on + timedelta(days=later))
            owed = facts_as_they_were[later]
            if is_classified_late(order):
                owed = Counter({key: days for key, days in owed.items() if not Clock(key[0]).is_duty})
            assert found >= owed, [(type(one).__name__, one.occurred_on) for one in order]
