"""Checks the state of a message, attempt by attempt."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actor import SERVICE_CREDENTIALS
from domain.alerts import delivery as deliveries
from domain.alerts.delivery import RETRY_PAUSES, Delivery, MessageState
from domain.alerts.events import MessageComposed, MessageEvent, MessageFailed, MessageGivenUp
from domain.alerts.vocabulary import AlertChannel, FailureReason
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.value import UNSET
from domain.vocabulary import OfficerId, UnitId

ID, TODAY, NOW = UUID(int=5), date(2026, 8, 3), datetime(2026, 8, 3, 1, tzinfo=UTC)
COMPOSED = MessageComposed(
    occurred_on=TODAY,
    message_id=ID,
    addressee=OfficerId("an"),
    unit=UnitId("so-mau"),
    channel=AlertChannel.EMAIL,
    ordinal=1,
)


def delivery_after(*facts: MessageEvent) -> Delivery:
    history = [
        EventEnvelope(ID, n, fact, SERVICE_CREDENTIALS.acting_officer, NOW, n)
        for n, fact in enumerate((COMPOSED, *facts), start=1)
    ]
    delivery = deliveries.fold_delivery(history)
    assert delivery is not None
    return delivery


def failed_attempt(delivery: Delivery, at: datetime = NOW) -> MessageFailed | MessageGivenUp:
    return deliveries.fail_attempt(delivery, FailureReason.NOT_NOW, at, TODAY)


def test_a_message_that_keeps_failing_is_given_up_after_nearly_three_days() -> None:
    facts: list[MessageEvent] = []
    at = NOW
    while isinstance(fact := failed_attempt(delivery_after(*facts), at), MessageFailed):
        facts.append(fact)
        assert not delivery_after(*facts).is_due(fact.next_at - timedelta(seconds=1))
        assert delivery_after(*facts).is_due(fact.next_at)
        at = fact.next_at
    assert (len(facts), fact.attempts, at - NOW) == (9, 10, sum(RETRY_PAUSES, timedelta()))
    assert timedelta(days=2.9) < at - NOW < timedelta(days=3)
    assert delivery_after(*facts, fact).state is MessageState.DEAD


def test_what_was_sent_or_given_up_is_never_due() -> None:
    sent = deliveries.complete_attempt(delivery_after(), TODAY, AlertChannel.EMAIL)
    dead = deliveries.fail_attempt(delivery_after(), FailureReason.REFUSED, NOW, TODAY, for_good=True)
    assert (sent.by, dead.reason) == (UNSET, FailureReason.REFUSED)
    for fact in (sent, dead):
        assert not delivery_after(fact).is_due(NOW + timedelta(days=1000))
    assert deliveries.complete_attempt(delivery_after(), TODAY, AlertChannel.WEBHOOK).by is AlertChannel.WEBHOOK


def test_only_what_was_given_up_is_taken_up_and_then_it_has_all_its_attempts_again() -> None:
    with pytest.raises(Refused, match="not given up: it is waiting"):
        deliveries.retry_given_up_message(delivery_after(), TODAY)
    dead = deliveries.fail_attempt(delivery_after(), FailureReason.REFUSED, NOW, TODAY, for_good=True)
    again = delivery_after(dead, deliveries.retry_given_up_message(delivery_after(dead), TODAY))
    assert (again.state, again.failed, again.attempts, again.is_due(NOW)) == (MessageState.WAITING, 0, 1, True)
    assert isinstance(failed_attempt(again), MessageFailed)


@given(st.timedeltas(timedelta(days=-500), timedelta(days=500)), st.sampled_from(RETRY_PAUSES))
def test_whatever_the_clock_said_nobody_waits_longer_than_the_longest_pause(
    wrong_by: timedelta, pause: timedelta
) -> None:
    failed = deliveries.fail_attempt(delivery_after(), FailureReason.NOT_NOW, NOW + wrong_by, TODAY, pauses=(pause,))
    assert delivery_after(failed).is_due(NOW) or delivery_after(failed).is_due(NOW + RETRY_PAUSES[-1])


def test_a_history_that_does_not_begin_with_its_composing_is_no_message() -> None:
    with pytest.raises(ValueError, match="does not begin with its composing"):
        deliveries.fold_delivery(
            [EventEnvelope(ID, 1, failed_attempt(delivery_after()), SERVICE_CREDENTIALS.acting_officer)]
        )
    assert deliveries.fold_delivery([]) is None
