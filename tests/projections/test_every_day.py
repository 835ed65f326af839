"""Compares the table of units and the list of open petitions, on every day, with a count made day by day."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.deadlines.ledger import fold_ledger
from domain.errors import Refused
from domain.events import (
    PETITION_OPENINGS,
    WAY_OF,
    AnsweredAtMeeting,
    AnsweredInWriting,
    CoordinatorSucceeded,
    PetitionClassified,
    PetitionEvent,
    PetitionMarkedDuplicate,
    PetitionReceived,
    PetitionReopened,
    PetitionSplit,
    PetitionUnmarkedDuplicate,
    RegistrationCancelled,
    ResponsibilitySucceeded,
)
from domain.reorganisations.handing_over import handover_events
from domain.reorganisations.plan import ReorganisationPlan
from domain.status import DueState, Status, due_state
from domain.status_transitions import initial_status, transition
from domain.vocabulary import PetitionId, PetitionKind, Stage, UnitId
from projections import owed_list, unit_figures
from projections.owed_list import OverdueItem
from projections.owed_sql import Owed
from projections.projection import Connection
from projections.unit_figures import UnitFigures
from tests.domain.samples import (
    ACCEPT,
    AGREE_TO_WITHDRAWAL,
    ANSWER,
    APPROVE,
    ASK_FOR_TIME,
    ASSIGN,
    CANCEL,
    CLASSIFY,
    COMPLAIN_AGAIN,
    DECLINED,
    DENOUNCE_FURTHER,
    DUPLICATE,
    EXTEND,
    KEEP,
    ORDER_CHECK,
    OVERRIDE,
    PROMISE,
    PROPOSE,
    REASSIGN,
    REOPEN,
    RESUME,
    SET_DATE,
    SPLIT,
    START,
    SUE,
    SUSPEND,
    TAKE_OVER,
    TERMINATE,
    TRANSFER,
    WITHDRAW,
    commands_to_stages,
    with_changes,
)
from tests.domain.scenario import MONDAY, TODAY
from tests.examples import examples
from tests.projections.history_builder import Register, every_day, id_of, tables
from tests.service.office_fixtures import TEXTS

FIRST, LAST = date(2026, 6, 1), date(2027, 1, 31)
EVERY_DAY = list(every_day(FIRST, LAST))
PETITIONS = 4


@dataclass(frozen=True)
class Open:
    """Holds the status of an open petition on one day."""

    stage: Stage
    unit: UnitId
    officer: str | None
    coordinating: tuple[UnitId, ...]
    due_on: date | None
    clock: Clock | None
    is_held: bool

    def state(self, on: date, soon_until: date) -> DueState:
        return due_state(self.due_on, is_held=self.is_held, on=on, soon_until=soon_until)


def as_open(standing: Status) -> Open | None:
    if standing.settled_on is not None:
        return None
    return Open(
        stage=standing.stage,
        unit=standing.unit,
        officer=standing.officer,
        coordinating=standing.coordinating,
        due_on=standing.due_on,
        clock=standing.clock,
        is_held=standing.suspended_on is not None
        and not (standing.due_on is not None and standing.due_on < standing.suspended_on),
    )


def day_by_day(facts: list[PetitionEvent]) -> dict[date, Open]:
    """Return the status of the petition on each day on which it was open; the last entry about a day counts."""
    calendar: dict[date, Open] = {}
    before_settlement: dict[date, Open] = {}
    standing: Status | None = None
    for version, fact in enumerate(facts, 1):
        was = standing
        if isinstance(fact, PETITION_OPENINGS):
            standing = initial_status(fact)
        else:
            assert was is not None
            standing = transition(was, fact, version)
        now = as_open(standing)
        if was is None:
            calendar = {day: now for day in EVERY_DAY if day >= standing.received_on and now is not None}
            continue
        if standing.received_on != was.received_on:
            for known in (calendar, before_settlement):
                first = next((known[day] for day in EVERY_DAY if day in known), None)
                for day in EVERY_DAY:
                    if day < standing.received_on:
                        known.pop(day, None)
                    elif day < was.received_on and first is not None:
                        known[day] = first
        if now is None:
            if was.settled_on is None:
                before_settlement = dict(calendar)
            settled_on = max(standing.settled_on or date.min, standing.received_on)
            calendar = {day: how for day, how in before_settlement.items() if day < settled_on}
            last = before_settlement.get(settled_on)
            # what stood before, if it should turn out that it was settled later
            before_settlement = calendar | ({day: last for day in EVERY_DAY if day >= settled_on} if last else {})
        elif isinstance(fact, ResponsibilitySucceeded):
            since = max(fact.occurred_on, standing.received_on)
            calendar |= {day: _with_owner(how, now) for day, how in calendar.items() if day >= since}
        elif isinstance(fact, CoordinatorSucceeded):
            since = max(fact.occurred_on, standing.received_on)
            calendar |= {day: _with_coordinator(how, fact) for day, how in calendar.items() if day >= since}
        elif now != as_open(was):
            since = max(fact.occurred_on, standing.received_on)
            calendar |= {day: now for day in EVERY_DAY if day >= since}
    return calendar


def _with_owner(how: Open, now: Open) -> Open:
    """Return the status after another unit took over; everything else of the day stays."""
    officer = how.officer if how.unit == now.unit else None
    return replace(how, unit=now.unit, officer=officer, coordinating=now.coordinating)


def _with_coordinator(how: Open, fact: CoordinatorSucceeded) -> Open:
    """Return the status after a coordinating unit was succeeded; everything else of the day stays."""
    units = [fact.to_unit if unit == fact.from_unit else unit for unit in how.coordinating]
    return replace(how, coordinating=tuple(unit for unit in dict.fromkeys(units) if unit != how.unit))


def flows(facts: list[PetitionEvent]) -> Counter[tuple[str, str, date]]:
    """Return the events that stay counted: their number by figure, unit and day."""
    found: Counter[tuple[str, str, date]] = Counter()
    endings: dict[int, tuple[str, str, date, Status]] = {}  # by round
    opening = facts[0]
    assert isinstance(opening, PETITION_OPENINGS)
    standing = initial_status(opening)
    rests_on = standing.received_on
    first_unit, is_case = standing.unit, True
    is_letter = isinstance(opening, PetitionReceived)
    for version, fact in enumerate(facts[1:], 2):
        was, standing = standing, transition(standing, fact, version)
        on = max(fact.occurred_on, standing.received_on)
        is_succession = isinstance(fact, ResponsibilitySucceeded)
        first_unit = first_unit or (fact.from_unit if isinstance(fact, ResponsibilitySucceeded) else standing.unit)
        if isinstance(fact, PetitionSplit | PetitionMarkedDuplicate | RegistrationCancelled):
            is_case = False
            is_letter = is_letter and not isinstance(fact, RegistrationCancelled)
        settles = was.settled_on is None and standing.settled_on is not None
        if settles and not isinstance(fact, PetitionSplit | RegistrationCancelled):
            endings[standing.round] = way_of_ending(fact), standing.unit, rests_on, standing
        elif standing.settled_on is None and isinstance(fact, PetitionUnmarkedDuplicate):
            endings.pop(standing.round, None)
        elif standing.round in endings and standing.settled_on is not None:
            endings[standing.round] = *endings[standing.round][:3], standing
        is_moved = (standing.stage, standing.unit) != (was.stage, was.unit)
        if is_moved and not isinstance(fact, PetitionClassified | ResponsibilitySucceeded | CoordinatorSucceeded):
            rests_on = max(rests_on, fact.occurred_on)
        if type(fact) in WAY_OF:
            found["went_up", was.unit, on] += 1
            ended_on = standing.settled_on or fact.occurred_on
            due_on = standing.due_on if standing.settled_on is None else standing.due_when_settled
            found["went_up_late", was.unit, on] += due_on is not None and due_on < ended_on
        if isinstance(fact, PetitionReopened):
            found["reopened", was.unit, on] += 1
        if was.unit and was.unit != standing.unit and not is_succession:
            found["reassigned_out", was.unit, on] += 1
            found["reassigned_in", standing.unit, on] += 1
    found["received", first_unit, standing.received_on] += is_case
    found["letters", first_unit, standing.received_on] += is_letter
    for way, unit, needed_on, settled in endings.values():
        assert settled.settled_on is not None
        ended_on, due_on = settled.settled_on, settled.due_when_settled
        found[way, unit, ended_on] += 1
        if ended_on < max(needed_on, standing.received_on) or (due_on is not None and due_on < standing.received_on):
            how = "unproven"
        else:
            how = "without_limit" if due_on is None else "late" if ended_on > due_on else "on_time"
        for figure in {way.split("_at_")[0].split("_in_")[0], "ended"} - {"linked", "ended_by_going_up"}:
            found[f"{figure}_{how}", unit, ended_on] += 1
    return found


def way_of_ending(fact: PetitionEvent) -> str:
    """Return the figure that counts what ended the petition."""
    match fact:
        case AnsweredAtMeeting():
            return "answered_at_meeting"
        case AnsweredInWriting():
            return "answered_in_writing"
        case PetitionMarkedDuplicate():
            return "linked"
        case _:
            return "ended_by_going_up" if type(fact) in WAY_OF else "settled_otherwise"


STATES_IN_TABLE = {
    DueState.OVERDUE: "overdue",
    DueState.DUE_TODAY: "due_today",
    DueState.DUE_SOON: "not_yet_due",
    DueState.NOT_YET_DUE: "not_yet_due",
    DueState.SUSPENDED: "suspended",
    DueState.NO_LIMIT_SET: "no_limit_set",
}
FLOWS = (
    *("letters", "received", "answered_at_meeting", "answered_in_writing", "settled_otherwise"),
    *("ended_by_going_up", "linked"),
    *(
        f"{figure}_{how}"
        for figure in ("answered", "settled_otherwise", "ended")
        for how in ("on_time", "late", "without_limit", "unproven")
    ),
    *("went_up", "went_up_late", "reassigned_in", "reassigned_out", "reopened"),
)


def counted(register: Register, on: date, since: date = date.min) -> dict[str, Counter[str]]:
    """Return the figures of each unit; flows are those from `since` to `on`, both inclusive."""
    table: dict[str, Counter[str]] = {}
    for petition in register.petitions:
        facts = register.facts(petition)
        for (figure, unit, day), count in flows(facts).items():
            if since <= day <= on:
                table.setdefault(unit, Counter())[figure] += count
        how = day_by_day(facts).get(on)
        if how is not None:
            line = table.setdefault(how.unit, Counter())
            line["open"] += 1
            line[STATES_IN_TABLE[how.state(on, on)]] += 1
            for unit in how.coordinating:
                table.setdefault(unit, Counter())["coordinating"] += 1
    return {unit: +line for unit, line in table.items() if +line}


def as_counted(lines: Iterable[UnitFigures]) -> dict[str, Counter[str]]:
    """Return the figures of answers. A unit that only owes duties has a line in the table and none here."""
    names = (*FLOWS, "open", *STATES_IN_TABLE.values(), "coordinating")
    counts = {line.unit: +Counter({name: getattr(line, name) for name in names}) for line in lines}
    return {unit: count for unit, count in counts.items() if count}


def what_may_come_next(random: Random, day: date) -> list[list[PetitionCommand]]:
    """Return commands that change the status of a petition; the domain says which of them are allowed."""

    def around(earliest: int, latest: int) -> date:
        return day + timedelta(days=random.randint(earliest, latest))

    one_by_one: list[PetitionCommand] = [
        *(with_changes(CLASSIFY, kind=kind, reason="đọc lại") for kind in PetitionKind),
        *(ACCEPT, START, ANSWER, SUSPEND, RESUME, SPLIT, DECLINED, OVERRIDE),
        *(
            with_changes(REASSIGN, lead_unit=unit, new_head_due_on=around(0, 30))
            for unit in ("so-mau", "so-khac", "ubnd-tinh")
        ),
        with_changes(REASSIGN, lead_unit="so-khac", coordinating_units=["bo-mau"]),
        with_changes(ASSIGN, due_on=around(0, 30), coordinating_units=["bo-mau", "so-khac"]),
        with_changes(REOPEN, due_on=around(0, 20)),
        with_changes(SET_DATE, due_on=around(0, 20)),
        *(COMPLAIN_AGAIN, DENOUNCE_FURTHER, SUE, TAKE_OVER, ORDER_CHECK),
    ]
    if random.random() < 0.1:  # with more of these there would be little else
        one_by_one += [
            TERMINATE,
            CANCEL,
            PROMISE,
            KEEP,
            TRANSFER,
            with_changes(DUPLICATE, duplicate_of=id_of(0)),
            AGREE_TO_WITHDRAWAL,
        ]
    acts: list[list[PetitionCommand]] = [[command] for command in one_by_one]
    acts += [
        [with_changes(PROPOSE, place=None, received_on=around(-12, 3)), APPROVE],
        [with_changes(PROPOSE, place=None, answered_on=around(-12, 3)), APPROVE],
        [with_changes(ASK_FOR_TIME, until=around(1, 40)), EXTEND],
        [WITHDRAW],
    ]
    return acts


def happens(random: Random, register: Register, petition: PetitionId, day: date) -> None:
    """Perform one command that is allowed on that day, if any; now and then a reorganisation of some days before."""
    if random.random() < 0.15:
        is_handed_over(random, register, petition, day)
    acts = what_may_come_next(random, day)
    random.shuffle(acts)
    for act in acts:
        with suppress(Refused):
            for command in act:
                register.perform(petition, with_changes(command, occurred_on=day), duplicate_of=id_of(0))
            return


def is_handed_over(random: Random, register: Register, petition: PetitionId, day: date) -> None:
    told = [recorded for recorded in register.log if recorded.originator_id == petition]
    unit = fold_ledger(told).holder.unit
    on = day - timedelta(days=random.randint(0, 30))
    moves = [{"from": unit, "to": [f"{unit}-moi"]}, {"from": "bo-mau", "to": ["bo-moi"]}]
    if random.random() < 0.3:
        moves = moves[1:]  # its lead unit stays
    plan = ReorganisationPlan.model_validate({"title": "x", "instrument": "01/NQ", "on": on, "move": moves})
    for fact in handover_events(told, plan, None):
        register.append_event(petition, fact)


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """Draw a register of petitions in various stages, and what officers then do, often late or for earlier days."""
    register = Register()
    for number in range(PETITIONS):
        kind = draw(st.sampled_from(list(PetitionKind)))
        shift = timedelta(days=draw(st.integers(-30, 20)))
        for command in commands_to_stages(kind)[
            draw(st.sampled_from([Stage.IN_PROGRESS, Stage.ANSWERED_IN_WRITING, *Stage]))
        ]:
            with suppress(Refused):
                moved = with_changes(command, occurred_on=min(command.occurred_on + shift, TODAY))
                register.perform(id_of(number), moved, duplicate_of=id_of(0))
    random = draw(st.randoms(use_true_random=False))
    day = MONDAY
    for _ in range(draw(st.integers(0, 20))):
        day = min(day + timedelta(days=random.randint(-4, 14)), TODAY)
        happens(random, register, PetitionId(random.choice(list(register.petitions))), day)
    return register


@given(
    register=registers(),
    page=st.integers(1, 12),
    asked_days=st.lists(st.dates(FIRST, LAST), min_size=3, max_size=6),
)
@examples(50)
def test_table_and_list_agree_with_a_count_made_day_by_day(
    module_database: str, register: Register, page: int, asked_days: list[date]
) -> None:
    # the days of the facts and those after, when figures change
    told_on = [recorded.fact.occurred_on for recorded in register.log]
    interesting = sorted({*asked_days, told_on[0], told_on[-1], told_on[-1] + timedelta(days=1), LAST})
    asyncio.run(_agree(module_database, register, page, interesting))


async def _agree(dsn: str, register: Register, page: int, on_days: list[date]) -> None:
    calendars = {petition: day_by_day(register.facts(petition)) for petition in register.petitions}
    async with tables(dsn, register.log, page=page) as connection:
        for on in on_days:
            figures = await unit_figures.unit_figures_on(connection, on)
            assert as_counted(figures) == counted(register, on)
            soon = on + timedelta(days=5)
            listed = await owed_list.overdue_on(
                connection, TEXTS, on, soon_until=soon, states=list(DueState), owed=Owed.ANSWER, limit=200
            )
            assert {item.petition_id: _of_the_day(item) for item in listed.items} == {
                petition: (how.unit, how.officer, how.stage, how.due_on, how.clock, how.state(on, soon))
                for petition, calendar in calendars.items()
                if (how := calendar.get(on)) is not None
            }
            for line in figures:
                _every_open_one_is_in_exactly_one_state(line, listed.items)
        await _totals_agree(connection)
        first, last = on_days[0], on_days[-1]
        period = await unit_figures.unit_figures_between(connection, first, last)
        assert as_counted(period) == counted(register, last, since=first)


async def _totals_agree(connection: Connection) -> None:
    """Compare counters and stored medians, used from today on, with counting one by one."""
    for on in (LAST, LAST + timedelta(days=40)):
        every = await owed_list.overdue_on(connection, TEXTS, on, soon_until=on, states=list(DueState), limit=200)
        for unit in {None, *(item.unit for item in every.items)}:
            for state in DueState:
                one_by_one, summed = [
                    await owed_list.overdue_on(
                        connection, TEXTS, on, soon_until=on + timedelta(days=5), unit=unit, states={state}, today=today
                    )
                    for today in (None, LAST)
                ]
                assert summed == one_by_one
        kept, found = [await unit_figures.unit_figures_on(connection, on, today=today) for today in (LAST, None)]
        assert kept == found


def _of_the_day(item: OverdueItem) -> tuple[object, ...]:
    return item.unit, item.officer, item.stage, item.due_on, item.clock, item.state


def _every_open_one_is_in_exactly_one_state(line: UnitFigures, listed: list[OverdueItem]) -> None:
    assert line.open == line.overdue + line.due_today + line.not_yet_due + line.suspended + line.no_limit_set
    by_state = Counter(STATES_IN_TABLE[item.state] for item in listed if item.unit == line.unit)
    assert by_state == +Counter({name: getattr(line, name) for name in STATES_IN_TABLE.values()})


def test_petitions_that_nobody_has_told_of_are_nowhere(module_database: str) -> None:
    async def ask() -> tuple[int, list[UnitFigures]]:
        async with tables(module_database, []) as connection:
            page = await owed_list.overdue_on(connection, TEXTS, TODAY, soon_until=TODAY, states=list(DueState))
            return page.total, await unit_figures.unit_figures_on(connection, TODAY)

    assert asyncio.run(ask()) == (0, [])


def test_the_day_by_day_count_knows_an_open_day_from_a_settled_one() -> None:
    """The count that the views are compared with is itself compared with one history written by hand."""
    register = Register()
    for command in commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.ANSWERED_IN_WRITING]:
        register.perform(id_of(0), command)
    calendar = day_by_day(register.facts(id_of(0)))
    assert min(calendar) == MONDAY
    assert max(calendar) == date(2026, 7, 19)  # answered on the 20th
    assert {how.unit for day, how in calendar.items() if day >= date(2026, 7, 10)} == {"so-mau"}
