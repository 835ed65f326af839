"""Renders the reference page of duties: which act makes what due, by which rule, and what fulfils it."""

from collections.abc import Iterator

from docs.generator.markdown import render_page, render_table
from domain.deadlines.clock import CLOCK_OF_STAGE, Clock
from domain.deadlines.labels import LEGAL_STAGE_LABELS
from domain.deadlines.limit import DayKind
from domain.deadlines.policy_row import PolicyRow
from domain.duties import (
    CLOCKS_OF_ACT,
    CLOCKS_OF_FACT,
    FOLLOW_THE_ANSWER,
    ONLY_OF_KIND,
    OWED_TO,
    SERVE_THE_ANSWER,
)
from domain.rules.duties import STARTS, Since
from domain.stored_words.table import word_in
from domain.vocabulary import Recipient
from projections.labels.events import PETITION_EVENT_LABELS
from service.config.law_files import national_law

_HEAD = """\
What an act makes due beside the answer: [domain/rules/duties.py](../../domain/rules/duties.py) says which act starts
what, [domain/duties.py](../../domain/duties.py) what fulfils it. The numbers are those of the
[time limits](time-limits.md), by the rule in force on the day of the act; how duties run is told in
[clocks](../explanation/clocks.md#duties)."""

_ENDS = """\
Duties that follow the answer end when the petition is settled anew, since another answer starts them again: {again}.
Those of one kind of petition end when it is found to be of another kind: {kinds}. Those that serve the answer end with
it: {serving}. A transfer is no longer owed once the petition is taken up, ended, or found to be of the authority's own
competence. Everything else goes on until it is fulfilled, or an officer lifts it with a reason (`LiftDuty`)."""


def duties_page() -> str:
    rows = [
        (
            f"`{clock}`<br>{LEGAL_STAGE_LABELS[clock]['vi']}",
            "<br>".join(f"`{act}` {PETITION_EVENT_LABELS[act]['vi']}" for act in _starting_acts(clock)),
            "the receipt" if _counts_from_receipt(clock) else "the act",
            "<br>".join(f"{_limit(row)} ({row.kind.replace('_', ' ')})" for row in _rules(clock)),
            "<br>".join(dict.fromkeys(row.legal_source for row in _rules(clock))),
            _owed_to(clock),
            "<br>".join(_fulfilled_by(clock)),
        )
        for clock in Clock
        if any(_starting_acts(clock))
    ]
    return render_page(
        "Duties",
        _HEAD,
        render_table(("duty", "started by", "counts from", "limit", "article", "owed to", "fulfilled by"), rows),
        "## What ends a duty otherwise",
        _ENDS.format(
            again=_words(FOLLOW_THE_ANSWER), kinds=_words(frozenset(ONLY_OF_KIND)), serving=_words(SERVE_THE_ANSWER)
        ),
    )


def _starting_acts(clock: Clock) -> list[str]:
    return [act.__name__ for act, starts in STARTS.items() if any(start.clock is clock for start in starts)]


def _counts_from_receipt(clock: Clock) -> bool:
    return any(start.since is Since.RECEIPT for starts in STARTS.values() for start in starts if start.clock is clock)


def _rules(clock: Clock) -> list[PolicyRow]:
    """Return the rules by which the duty may run, of every kind of petition that this program has."""
    rows = national_law().policies.rows
    return [row for row in rows if CLOCK_OF_STAGE.get(row.stage) is clock and row.kind != "feedback_on_rules"]


def _limit(row: PolicyRow) -> str:
    if row.limit is None:
        return "none set"
    return f"{row.limit.amount} {'working days' if row.limit.unit is DayKind.WORKING else 'calendar days'}"


def _owed_to(clock: Clock) -> str:
    named = frozenset[Recipient]().union(*(whom for (owed, _), whom in OWED_TO.items() if owed is clock))
    return "<br>".join(word_in(one, "vi") for one in Recipient if one in named)


def _fulfilled_by(clock: Clock) -> Iterator[str]:
    """Yield the acts, and the events with a name of their own, that fulfil the duty."""
    for act, clocks in CLOCKS_OF_ACT.items():
        if clock in clocks:
            yield f"`{act}` {word_in(act, 'vi')}"
    for kind, clocks in CLOCKS_OF_FACT.items():
        if clock in clocks:
            yield f"`{kind.__name__}` {PETITION_EVENT_LABELS[kind.__name__]['vi']}"


def _words(clocks: frozenset[Clock]) -> str:
    return ", ".join(f"`{clock}`" for clock in Clock if clock in clocks)
