"""Follows the promises of a petition's answers: it is implemented once every promise is kept (đã thực hiện)."""

from collections.abc import Mapping

from domain.events import PromiseMade, PromiseReported
from domain.status import Promise, Status
from domain.value import known, replace
from domain.vocabulary import ANSWERED_STAGES, PromiseState, Stage


def transition_promised(status: Status, fact: PromiseMade) -> Status:
    """Add the promise. A petition that was implemented is not so any more."""
    promise = Promise(made_on=fact.occurred_on, is_kept=False, promised_for_on=known(fact.promised_for_on))
    return _with_promises(status, {**status.promises, fact.number: promise})


def transition_reported(status: Status, fact: PromiseReported) -> Status:
    """Say whether the promise is kept, as the last report has it. A report of no known promise changes nothing."""
    promise = status.promises.get(fact.number)
    if promise is None:
        return status
    told = replace(promise, is_kept=fact.state is PromiseState.KEPT)
    return _with_promises(status, {**status.promises, fact.number: told})


def _with_promises(status: Status, promises: Mapping[int, Promise]) -> Status:
    is_implemented = all(promise.is_kept for promise in promises.values())
    if is_implemented and status.stage in ANSWERED_STAGES - {Stage.IMPLEMENTED}:
        return replace(status, promises=promises, stage=Stage.IMPLEMENTED, stage_before_implemented=status.stage)
    if not is_implemented and status.stage is Stage.IMPLEMENTED:
        stage = status.stage_before_implemented or Stage.ANSWERED_IN_WRITING
        return replace(status, promises=promises, stage=stage, stage_before_implemented=None)
    return replace(status, promises=promises)
