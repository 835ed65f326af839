"""Composes message events from unsent alerts, grouped by addressee, with all steps of one due date in one line.

The functions here are pure. `service.alerts.compose_messages` reads the unsent alerts and records the messages.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from domain.alerts.addressing import Addressee, find_addressee
from domain.alerts.events import AlertLine, MessageComposed, OperatorAlertRaised, OperatorLine, StreamReference
from domain.alerts.keys import derive_message_id
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, OperatorSubject, WatchedClock
from domain.deadlines.clock import ClockSubject
from domain.units.names import office_in_words
from domain.units.unit import UnitRegister
from domain.value import as_said
from domain.vocabulary import Category, OfficerId, UnitId, WayUp

MAX_LINES_A_MESSAGE = 100
"""The largest number of lines in one message; further lines go into the next message."""


class UnsentAlert(NamedTuple):
    """Describes an alert of which the holder of one role has not been informed through one channel yet."""

    category: Category
    stream: UUID
    reference: str
    clock: WatchedClock
    subject: ClockSubject | None
    round: int
    due_on: date
    step: str
    fell_due_on: date
    does: Does
    way: WayUp | None
    rule: str
    unit: UnitId
    officer: OfficerId | None
    role: AlertRole
    channel: AlertChannel


@dataclass(slots=True)
class AlertDigest:
    """Collects all alerts that one addressee receives through one channel.

    `office` and the values of `instead_of` name the offices of the addressee and of those whom the addressee stands in
    for; None if the register has none. `unit_names` are the names of the units of the alerts on the day.
    """

    officer: OfficerId
    unit: UnitId
    channel: AlertChannel
    office: str | None = None
    alerts: list[UnsentAlert] = field(default_factory=list)
    instead_of: dict[OfficerId, str | None] = field(default_factory=dict)
    unit_names: dict[UnitId, str] = field(default_factory=dict)


@dataclass(slots=True)
class AlertDigests:
    """Holds the digests by officer and channel, and the vacancies that the operator must learn of.

    A vacancy is a vacant office: either somebody else was found in its place, or nobody was found at all.
    """

    by_addressee: dict[tuple[OfficerId, AlertChannel], AlertDigest] = field(default_factory=dict)
    vacancies: dict[OperatorAlertRaised, None] = field(default_factory=dict)


def group_into_digests(alerts: Iterable[UnsentAlert], units: UnitRegister, on: date) -> AlertDigests:
    """Return the alerts grouped into one digest for each addressee and channel.

    `on` is the day for which the holders of offices are looked up.
    """
    digests = AlertDigests()
    addressees: dict[tuple[AlertRole, UnitId, OfficerId | None], Addressee | None] = {}
    for alert in alerts:
        lookup = (alert.role, alert.unit, alert.officer)
        if lookup not in addressees:
            addressees[lookup] = find_addressee(*lookup, units, on)
            if (vacancy := _find_vacancy(addressees[lookup], alert, on)) is not None:
                digests.vacancies[vacancy] = None
        addressee = addressees[lookup]
        if addressee is None:
            continue
        recipient = (addressee.officer, alert.channel)
        digest = digests.by_addressee.get(recipient)
        if digest is None:
            digest = digests.by_addressee[recipient] = AlertDigest(
                addressee.officer, addressee.unit, alert.channel, office_in_words(addressee.officer, units, on)
            )
        digest.alerts.append(alert)
        if alert.unit in units:
            digest.unit_names[alert.unit] = units.name_of(alert.unit, on)
        if addressee.instead_of is not None:
            digest.instead_of[addressee.instead_of] = office_in_words(addressee.instead_of, units, on)
    return digests


def _find_vacancy(addressee: Addressee | None, alert: UnsentAlert, on: date) -> OperatorAlertRaised | None:
    """Return the operator alert for an office without a holder; None if there is a holder.

    A petition without an officer is no vacancy: every petition begins like that.
    """
    about = f"{alert.role}/{alert.unit}"
    if addressee is None:
        return OperatorAlertRaised(occurred_on=on, subject=OperatorSubject.NOBODY_TO_TELL, about=about)
    if addressee.role is not alert.role and alert.role is not AlertRole.OFFICER:
        return OperatorAlertRaised(occurred_on=on, subject=OperatorSubject.OFFICE_VACANT, about=about)
    return None


def split_into_messages(digest: AlertDigest, ladder: Ladder, ordinal: int, on: date) -> list[MessageComposed]:
    """Return as many message events as the lines of the digest need; the first has `ordinal`, the others follow it."""
    lines = _make_digest_lines(digest.alerts, ladder, digest.unit_names)
    return [
        MessageComposed(
            occurred_on=on,
            message_id=derive_message_id(digest.officer, digest.channel, ordinal + n),
            addressee=digest.officer,
            unit=as_said(digest.unit),
            channel=digest.channel,
            ordinal=ordinal + n,
            alerts=tuple(lines[first : first + MAX_LINES_A_MESSAGE]),
            instead_of=as_said(tuple(digest.instead_of)),
            addressee_office=as_said(digest.office),
            instead_of_offices=as_said(tuple(filter(None, digest.instead_of.values()))),
        )
        for n, first in enumerate(range(0, len(lines), MAX_LINES_A_MESSAGE))
    ]


def make_operator_message(
    notices: Sequence[OperatorLine], officer: OfficerId, channel: AlertChannel, ordinal: int, on: date
) -> MessageComposed:
    """Return the message event that informs the operator of `notices`."""
    return MessageComposed(
        occurred_on=on,
        message_id=derive_message_id(officer, channel, ordinal),
        addressee=officer,
        channel=channel,
        ordinal=ordinal,
        notices=tuple(notices),
    )


def _make_digest_lines(
    alerts: Iterable[UnsentAlert], ladder: Ladder, unit_names: Mapping[UnitId, str]
) -> list[AlertLine]:
    """Return one or more lines for each date, sorted by the day on which the last step of the date fell due."""
    by_date: defaultdict[tuple[object, ...], dict[str, list[UnsentAlert]]] = defaultdict(dict)
    for alert in alerts:
        by_date[alert.stream, alert.clock, alert.subject, alert.round, alert.due_on].setdefault(alert.step, []).append(
            alert
        )
    lines = [
        line for steps in by_date.values() for line in _make_lines_of_date(list(steps.values()), ladder, unit_names)
    ]
    return sorted(lines, key=lambda line: (line.fell_due_on, line.about.reference, line.clock, line.step))


def _make_lines_of_date(
    steps: list[list[UnsentAlert]], ladder: Ladder, unit_names: Mapping[UnitId, str]
) -> list[AlertLine]:
    """Return a line for each step of the highest position on the ladder.

    The lower steps add nothing, so the first line carries them in `folded`.
    """
    placed = sorted(((_ladder_position(step[0], ladder), step) for step in steps), key=itemgetter(0))
    top, _ = placed[-1]
    highest = [step for place, step in placed if place == top]
    earlier = [step for place, step in placed if place < top]
    lines = []
    for step in highest:
        alert, row = step[0], ladder.row_with_reference(step[0].rule)
        roles = [unsent.role for alerts in (step, *earlier) for unsent in alerts]
        lines.append(
            AlertLine(
                about=StreamReference(category=alert.category, stream=alert.stream, reference=alert.reference),
                clock=alert.clock,
                subject=as_said(alert.subject),
                due_on=alert.due_on,
                step=alert.step,
                round=alert.round,
                folded=as_said(tuple(one[0].step for one in earlier)),
                fell_due_on=alert.fell_due_on,
                roles=tuple(dict.fromkeys(roles)),
                unit=as_said(alert.unit),
                unit_name=as_said(unit_names.get(alert.unit)),
                says={"vi": alert.step, "en": alert.step} if row is None else row.says.model_dump(),
                does=alert.does,
                way=as_said(alert.way),
            )
        )
        earlier = []
    return lines


def _ladder_position(alert: UnsentAlert, ladder: Ladder) -> tuple[date, int]:
    """Return the sort key of an alert on its ladder: the day on which it fell due, then the step's days from
    the date.
    """
    row = ladder.row_with_reference(alert.rule)
    return alert.fell_due_on, 0 if row is None else row.at.days
