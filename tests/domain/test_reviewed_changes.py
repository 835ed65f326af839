"""Tests that each kind of reviewed change is declared as its facts are; what it refuses is tested where it is used."""

from typing import Any

import pytest

from domain.erasures.decide import Erasures
from domain.events import DeadlineRecalculated
from domain.import_withdrawals.decide import ImportWithdrawals
from domain.law_changes.law_change import LawChanges
from domain.reorganisations.reorganisation import Reorganisations
from domain.reviewed_changes import ReviewedChanges
from domain.topics import CATEGORY_OF_TOPIC
from domain.value import replace
from tests.domain.law_changes.test_decide import FIRST, approve, changes_after, proposal_by
from tests.domain.refusals.test_words import VIETNAMESE_LETTER
from tests.domain.scenario import CLERK, HEAD, TODAY

KINDS = (LawChanges, Reorganisations, ImportWithdrawals, Erasures)


def test_every_kind_is_among_them_and_has_a_history_of_its_own() -> None:
    of_product = {kind for kind in ReviewedChanges.__subclasses__() if kind.__module__.startswith("domain.")}
    assert of_product == set(KINDS)
    for own in ("stream", "name", "vietnamese_name"):
        assert len({getattr(kind, own) for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_facts_of_a_kind_have_its_id_and_one_category(kind: type[ReviewedChanges[Any]]) -> None:
    facts = (kind.proposed_fact, kind.approved_fact, kind.applied_fact)
    assert all(kind.id_field in fact.__struct_fields__ for fact in facts)
    assert "petitions" in kind.applied_fact.__struct_fields__
    assert len({CATEGORY_OF_TOPIC[fact.__name__] for fact in facts}) == 1
    assert isinstance(kind.approval(FIRST, TODAY), kind.approved_fact)
    assert isinstance(kind.application(FIRST, TODAY, 3), kind.applied_fact)


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_names_the_kind_in_both_languages(kind: type[ReviewedChanges[Any]]) -> None:
    for name in (kind.kind(), kind.a_kind(), kind.short_kind()):
        assert name["vi"] == kind.vietnamese_name
        assert VIETNAMESE_LETTER.search(name["vi"])
        assert name["en"].isascii()
    assert kind.a_kind()["en"] == f"a {kind.name}"


def test_a_change_says_how_far_it_has_come() -> None:
    proposed = changes_after(proposal_by())
    approved = changes_after(proposal_by(), (approve(proposed, HEAD), HEAD))
    applied = replace(approved.by_id[FIRST], petitions=0)
    states = [proposed.by_id[FIRST].state, approved.by_id[FIRST].state, applied.state]
    assert states == ["proposed", "approved", "applied"]
    assert [one.is_under_way for one in (proposed.by_id[FIRST], approved.by_id[FIRST], applied)] == [False, True, False]


def test_a_fact_that_no_kind_knows_is_a_fault_of_the_program() -> None:
    recalculated: Any = DeadlineRecalculated(
        occurred_on=TODAY,
        change_id=FIRST,
        recalculated=(),
        instrument="",
        proposed_by=CLERK.officer,
        approved_by=HEAD.officer,
    )
    with pytest.raises(TypeError, match="DeadlineRecalculated is no fact of a change of law"):
        changes_after((recalculated, CLERK))
