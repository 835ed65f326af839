"""Every event: what it says, what it is called, and the name it is stored under."""

import sys
from collections.abc import Iterable
from typing import get_args

from domain.alerts.events import AlertEvent
from domain.events import Fact, PetitionEvent
from domain.labels import Words
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.units.events import UnitEvent
from projections.labels.events import EVENTS
from projections.labels.meetings import EVENTS as OF_MEETINGS
from service.reference_docs.marked import fields, inside, joined, page, parts_of, prose, sentence

_HEAD = """\
Everything that can happen, as the log stores it: JSON under the name in the heading, defaults left out. Names, fields
and defaults never change; what must change becomes a new form, and the old one stays readable
([how to add one](../how-to/add-an-event.md)).

Not fields of an event, because no request may supply them: its place in its history (`version`, from 1) and in the log
(`position`, from 1, without holes), **who** recorded it (officer, unit, position held that day, acting for whom) and
**when** (`recorded_at`, UTC, from the database's clock)."""


def events_page() -> str:
    of_petitions: tuple[type[Fact], ...] = get_args(PetitionEvent)
    others = (
        *get_args(MeetingEvent),
        *get_args(UnitEvent),
        *get_args(LawChangeEvent),
        *get_args(ReorganisationEvent),
        *get_args(AlertEvent),
    )
    modules = dict.fromkeys(fact.__module__ for fact in (*of_petitions, *others))
    common = list(Fact.model_fields)
    facts = [
        f"## {sentence(sys.modules[module])}\n\n"
        + "\n\n".join(_event(fact, common) for fact in (*of_petitions, *others) if fact.__module__ == module)
        for module in modules
    ]
    return page(
        "Events",
        _HEAD,
        "## In every event",
        prose(Fact),
        fields(Fact),
        *facts,
        "## Inside events",
        *(inside(part) for part in parts_of((*of_petitions, *others))),
    )


def _event(fact: type[Fact], common: Iterable[str]) -> str:
    words = {**EVENTS, **OF_MEETINGS}.get(fact.__name__, Words(vi="", en=""))
    title = " · ".join(word for word in (words["vi"], words["en"]) if word)
    form = f"Stored in form {fact.class_version}." if fact.class_version > 1 else ""
    said = prose(fact).removeprefix(f"{words['vi']}.").strip()
    return joined(f"### {fact.__name__}", f"*{title}*" if title else "", said, form, fields(fact, without=common))
