"""What each addressee is told in one message: one line a date, with the steps that went before folded into the last."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from domain.alerts.addressing import Addressee, addressee_of
from domain.alerts.events import AlertLine, MessageComposed, OperatorAlertRaised, OperatorLine
from domain.alerts.keys import message_id
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, OperatorSubject, WatchedClock
from domain.units.unit import Units
from domain.vocabulary import EscalationKind, OfficerId, PetitionId, UnitId

MOST_LINES = 100
"""In one message; what remains goes on in the next one."""


class ToTell(NamedTuple):
    """An alert, and one role that has not been told of it by one channel."""

    petition_id: UUID
    reference: str
    clock: WatchedClock
    round: int
    due_on: date
    step: str
    fell_due_on: date
    does: Does
    escalation: EscalationKind | None
    rule: str
    unit: UnitId
    officer: OfficerId | None
    role: AlertRole
    channel: AlertChannel


@dataclass(slots=True)
class Digest:
    """All that one addressee is to be told by one channel."""

    officer: OfficerId
    unit: UnitId
    channel: AlertChannel
    alerts: list[ToTell] = field(default_factory=list)
    instead_of: dict[OfficerId, None] = field(default_factory=dict)


@dataclass(slots=True)
class Digests:
    """`missing` is what the operator must hear of: nobody found, or somebody else in the place of a vacant office."""

    of: dict[tuple[OfficerId, AlertChannel], Digest] = field(default_factory=dict)
    missing: dict[OperatorAlertRaised, None] = field(default_factory=dict)


def digests(alerts: Iterable[ToTell], units: Units, on: date) -> Digests:
    """Who is told what. `on` is the day that offices are asked for."""
    found = Digests()
    known: dict[tuple[AlertRole, UnitId, OfficerId | None], Addressee | None] = {}
    for alert in alerts:
        asked = (alert.role, alert.unit, alert.officer)
        if asked not in known:
            known[asked] = addressee_of(*asked, units, on)
            if (said := _missing(known[asked], alert, on)) is not None:
                found.missing[said] = None
        addressee = known[asked]
        if addressee is None:
            continue
        place = (addressee.officer, alert.channel)
        digest = found.of.get(place)
        if digest is None:
            digest = found.of[place] = Digest(addressee.officer, addressee.unit, alert.channel)
        digest.alerts.append(alert)
        if addressee.instead_of is not None:
            digest.instead_of[addressee.instead_of] = None
    return found


def _missing(addressee: Addressee | None, alert: ToTell, on: date) -> OperatorAlertRaised | None:
    """An office that nobody holds; that a petition has no officer yet is how petitions begin."""
    about = f"{alert.role}/{alert.unit}"
    if addressee is None:
        return OperatorAlertRaised(occurred_on=on, subject=OperatorSubject.NOBODY_TO_TELL, about=about)
    if addressee.role is not alert.role and alert.role is not AlertRole.OFFICER:
        return OperatorAlertRaised(occurred_on=on, subject=OperatorSubject.OFFICE_VACANT, about=about)
    return None


def messages(digest: Digest, ladder: Ladder, ordinal: int, on: date) -> list[MessageComposed]:
    """As many as its lines need; the first has the ordinal."""
    lines = _lines(digest.alerts, ladder)
    return [
        MessageComposed(
            occurred_on=on,
            message_id=message_id(digest.officer, digest.channel, ordinal + n),
            addressee=digest.officer,
            unit=digest.unit,
            channel=digest.channel,
            ordinal=ordinal + n,
            alerts=tuple(lines[first : first + MOST_LINES]),
            instead_of=tuple(digest.instead_of),
        )
        for n, first in enumerate(range(0, len(lines), MOST_LINES))
    ]


def to_operator(
    notices: Sequence[OperatorLine], officer: OfficerId, channel: AlertChannel, ordinal: int, on: date
) -> MessageComposed:
    return MessageComposed(
        occurred_on=on,
        message_id=message_id(officer, channel, ordinal),
        addressee=officer,
        unit=UnitId(""),
        channel=channel,
        ordinal=ordinal,
        notices=tuple(notices),
    )


def _lines(alerts: Iterable[ToTell], ladder: Ladder) -> list[AlertLine]:
    """In the order of the day on which the last step of each date fell due."""
    of_date: defaultdict[tuple[object, ...], dict[str, list[ToTell]]] = defaultdict(dict)
    for alert in alerts:
        of_date[alert.petition_id, alert.clock, alert.round, alert.due_on].setdefault(alert.step, []).append(alert)
    lines = [line for steps in of_date.values() for line in _of_one_date(list(steps.values()), ladder)]
    return sorted(lines, key=lambda line: (line.fell_due_on, line.reference, line.clock, line.step))


def _of_one_date(steps: list[list[ToTell]], ladder: Ladder) -> list[AlertLine]:
    """A line for each step of the highest place; the lower ones have nothing more to say, and go with the first."""
    placed = sorted(((_place(step[0], ladder), step) for step in steps), key=itemgetter(0))
    top, _ = placed[-1]
    highest = [step for place, step in placed if place == top]
    earlier = [step for place, step in placed if place < top]
    lines = []
    for step in highest:
        alert, row = step[0], ladder.named(step[0].rule)
        told_as = [one.role for of in (step, *earlier) for one in of]
        lines.append(
            AlertLine(
                petition_id=PetitionId(alert.petition_id),
                reference=alert.reference,
                clock=alert.clock,
                due_on=alert.due_on,
                step=alert.step,
                round=alert.round,
                folded=tuple(one[0].step for one in earlier),
                fell_due_on=alert.fell_due_on,
                roles=tuple(dict.fromkeys(told_as)),
                unit=alert.unit,
                says=(alert.step, alert.step) if row is None else (row.says.vi, row.says.en),
                does=alert.does,
                escalation=alert.escalation,
            )
        )
        earlier = []
    return lines


def _place(alert: ToTell, ladder: Ladder) -> tuple[date, int]:
    row = ladder.named(alert.rule)
    return alert.fell_due_on, 0 if row is None else row.at.days
