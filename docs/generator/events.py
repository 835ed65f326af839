"""Renders the reference page of events: the labels, fields and stored name of each."""

import sys
from collections.abc import Iterable
from typing import get_args

from docs.generator.markdown import (
    docstring_of,
    first_sentence,
    join_blocks,
    nested_model_section,
    nested_models,
    render_fields,
    render_page,
)
from domain.alerts.events import AlertEvent
from domain.erasures.events import ErasureEvent
from domain.events import Fact, PetitionEvent
from domain.import_withdrawals.events import ImportWithdrawalEvent
from domain.labels import BilingualText
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.units.events import UnitEvent
from projections.labels.events import PETITION_EVENT_LABELS
from projections.labels.meetings import MEETING_EVENT_LABELS as OF_MEETINGS

_EVENTS_HEAD = """\
Everything that can happen, as the log stores it: JSON under the name in the heading. A field that is not always there
is left out where nothing was said; there are no defaults. Names and fields never change; what must change becomes a new
form, and the old one stays readable ([how to add one](../how-to/add-an-event.md)).

Not fields of an event, because no request may supply them: its place in its history (`version`, from 1) and in the log
(`position`, from 1, without holes), **who** recorded it (officer, unit, position held that day, acting for whom) and
**when** (`recorded_at`, UTC, from the database's clock)."""


def events_page() -> str:
    petition_events: tuple[type[Fact], ...] = get_args(PetitionEvent)
    other_events: tuple[type[Fact], ...] = (
        *get_args(MeetingEvent),
        *get_args(UnitEvent),
        *get_args(LawChangeEvent),
        *get_args(ReorganisationEvent),
        *get_args(ImportWithdrawalEvent),
        *get_args(ErasureEvent),
        *get_args(AlertEvent),
    )
    modules = dict.fromkeys(fact.__module__ for fact in (*petition_events, *other_events))
    common = list(Fact.__struct_fields__)
    sections = [
        f"## {first_sentence(sys.modules[module])}\n\n"
        + "\n\n".join(
            _event_section(fact, common) for fact in (*petition_events, *other_events) if fact.__module__ == module
        )
        for module in modules
    ]
    return render_page(
        "Events",
        _EVENTS_HEAD,
        "## In every event",
        docstring_of(Fact),
        render_fields(Fact),
        *sections,
        "## Inside events",
        *(nested_model_section(part) for part in nested_models((*petition_events, *other_events))),
    )


def _event_section(fact: type[Fact], common: Iterable[str]) -> str:
    words = {**PETITION_EVENT_LABELS, **OF_MEETINGS}.get(fact.__name__, BilingualText(vi="", en=""))
    title = " · ".join(word for word in (words["vi"], words["en"]) if word)
    form = f"Stored in form {fact.class_version}." if fact.class_version > 1 else ""
    meaning = docstring_of(fact).removeprefix(f"{words['vi']}.").strip()
    return join_blocks(
        f"### {fact.__name__}", f"*{title}*" if title else "", meaning, form, render_fields(fact, without=common)
    )
