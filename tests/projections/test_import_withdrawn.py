"""Tests that no view has a row or a count of a petition whose import was withdrawn, whatever was imported."""

from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any
from uuid import UUID, uuid4

from domain.envelope import EventEnvelope
from domain.events import ImportWithdrawn
from domain.imported_history import ImportedCase, ImportedStep, facts_of_imported_case
from domain.vocabulary import ImportWithdrawalId, OfficerId, PetitionKind, Result
from projections.state import fold_view_state
from projections.views import VIEWS
from service.projector.history_fold import fold_history
from service.projector.row_diff import RowDiff, StateChange
from tests.domain.scenario import CLERK, MONDAY, TODAY
from tests.examples import seeds

WITHDRAWN = ImportWithdrawn(
    occurred_on=TODAY, withdrawal_id=ImportWithdrawalId(uuid4()), why="cột ngày bị lệch", proposed_by=OfficerId("an")
)


def random_case(random: Random) -> ImportedCase:
    """Return a case of which any part may be missing, and any day be before any other."""

    def maybe(value: Any) -> Any:
        return value if random.random() < 0.7 else None

    def day() -> date:
        return MONDAY + timedelta(days=random.randrange(-400, 60))

    return ImportedCase(
        source="s",
        key="1",
        received_on=day(),
        kind=maybe(random.choice(list(PetitionKind))),
        summary=random.choice(["", "Đèn đường thôn Mẫu không sáng từ nhiều tháng nay, đề nghị sửa"]),
        place=random.choice(["", "Thôn Mẫu"]),
        person_count=maybe(random.randrange(1, 90)),
        unit=random.choice(["", "so-mau"]),
        assigned_on=maybe(day()),
        due_on=maybe(day()),
        answered_on=maybe(day()),
        result=maybe(random.choice(list(Result))),
        steps=tuple(ImportedStep(step="xem", on=day()) for _ in range(random.randrange(3))),
    )


def history_of(case: ImportedCase) -> list[EventEnvelope[Any]]:
    facts = [*facts_of_imported_case(case, TODAY), WITHDRAWN]
    return [EventEnvelope(UUID(int=1), n, fact, CLERK) for n, fact in enumerate(facts, start=1)]


def test_what_an_import_adds_to_each_view_its_withdrawal_takes_back() -> None:
    shown = 0
    for seed, view in product(seeds(40), (one() for one in VIEWS)):
        history = history_of(random_case(Random(seed)))
        state = fold_history(fold_view_state, history[:-1])
        withdrawn = fold_view_state(state, history[-1])
        assert fold_view_state(withdrawn, history[1]) == withdrawn, "nothing follows"
        assert (list(view.rows(withdrawn)), list(view.counter_deltas(withdrawn))) == ([], [])
        there, gone = RowDiff(view), RowDiff(view)
        there.add([StateChange(None, state)])
        gone.add([StateChange(state, withdrawn)])
        assert not gone.upserted
        entered = {table: {row[: len(table.key)] for row in rows} for table, rows in there.upserted.items()}
        assert {table: set(keys) for table, keys in gone.deleted.items()} == entered
        back = {
            table: {key: {name: -amount for name, amount in one.items()} for key, one in rows.items()}
            for table, rows in gone.counter_rows().items()
        }
        assert there.counter_rows() == back
        shown += sum(map(len, entered.values()))
    assert shown, "the views had what was imported"
