"""Defines the events of alerts: steps of the ladder that were raised or acknowledged."""

from datetime import date

from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, WatchedClock
from domain.deadlines.clock import ClockSubject
from domain.events.fact import Fact
from domain.stored_values import CountFromOne, NonEmptyStr, UnitCode
from domain.value import UNSET, UnsetType
from domain.vocabulary import WayUp


class AlertRaised(Fact):
    """Records that a step of the ladder was raised (cảnh báo).

    `occurred_on` is the day on which the step fell due, however late it is recorded. `due_on` is the date that the step
    counts from. `clock`, `subject`, `round`, `due_on` and `step` are the key, which exists once in a petition's
    history: a date that moves begins a new segment, and steps that were not raised for the old date are not raised any
    more. `rule` is "id@version" of the ladder's row, `calendar` the version of the calendar that it was counted by.
    `way` is the way up that the step proposes. `unit` has the petition; until one is
    assigned, it is the unit that received it.
    """

    clock: WatchedClock
    subject: ClockSubject | UnsetType = UNSET
    due_on: date
    step: NonEmptyStr
    round: CountFromOne
    to: tuple[AlertRole, ...]
    by: tuple[AlertChannel, ...]
    does: Does
    way: WayUp | UnsetType = UNSET
    unit: UnitCode | UnsetType = UNSET
    rule: NonEmptyStr
    calendar: NonEmptyStr


class AlertAcknowledged(Fact):
    """Records that an officer acknowledged a step and all earlier ones of that clock and date (đã nhận cảnh báo)."""

    clock: WatchedClock
    subject: ClockSubject | UnsetType = UNSET
    due_on: date
    step: NonEmptyStr
    round: CountFromOne


AlertStepEvent = AlertRaised | AlertAcknowledged
