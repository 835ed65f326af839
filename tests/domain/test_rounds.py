"""Tests that a round of handling begins with nothing of the one before, whatever began it."""

import msgspec
from hypothesis import given

from domain.evolvers import begin_round
from domain.petition import PER_ROUND, Petition
from domain.vocabulary import PetitionKind
from tests.domain.command_sequences import LIVES, Life
from tests.domain.samples import DECLINED, REOPEN, TRANSFER, WITHDRAW, answered, classified_as, july, with_changes
from tests.domain.scenario import petition_after
from tests.examples import examples

KEPT = frozenset(
    {
        *("petition_id", "version", "status", "opening", "reference", "received_by_unit"),
        *("instance", "earlier_decision", "was_denunciation", "was_transferred", "suspensions", "answers", "reminders"),
        *("competence", "sued_on", "ruling", "added_persons", "identity_versions", "mandate", "proxies", "withdrawn"),
        *("deadlines", "stopped_deadlines", "duties", "duplicate_of", "duplicates", "prepared_answers", "alerts"),
        *("assigned_by_unit", "accountable_head", "pending_correction", "pending_reversal", "last_action_version"),
        *("act_days", "alert_days"),
    }
)
"""The fields that are of the whole petition, or that the events of a round set themselves."""

OF_ROUND_THAT_BEGINS = frozenset({"taken_up_on"})
"""The field that the event which begins a round may set."""


def test_every_field_is_of_one_round_or_of_the_whole_petition() -> None:
    """Whoever adds a field decides which."""
    assert set(PER_ROUND) | KEPT == {field.name for field in msgspec.structs.fields(Petition)}
    assert not set(PER_ROUND) & KEPT


def values_of_round(petition: Petition) -> dict[str, object]:
    return {name: getattr(petition, name) for name in PER_ROUND if name not in OF_ROUND_THAT_BEGINS}


@examples(60)
@given(LIVES)
def test_a_round_begins_with_nothing_of_the_one_before(life: Life) -> None:
    empty = values_of_round(begin_round(life.opening))
    for step in life.steps:
        if step.after.status.round > step.before.status.round:
            assert values_of_round(step.after) == empty


def test_a_declined_transfer_begins_one_and_so_does_a_reopening() -> None:
    asked = with_changes(WITHDRAW, occurred_on=july(8))
    before = petition_after(classified_as(PetitionKind.PROPOSAL_FEEDBACK))
    for past in (
        [*classified_as(PetitionKind.PROPOSAL_FEEDBACK), asked, TRANSFER, DECLINED],
        [*answered(PetitionKind.COMPLAINT), REOPEN],
    ):
        after = petition_after(past)
        assert after.status.round == 2
        assert values_of_round(after) == values_of_round(begin_round(before))
