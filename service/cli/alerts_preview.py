"""Shows which alerts a day would bring: on which petition, to which person, and whether that person has an address."""

from datetime import date
from typing import Any, NamedTuple

from domain.alerts.addressing import find_addressee
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import AlertChannel, AlertRole
from domain.events import AlertRaised, PetitionEvent
from domain.labels import Language, bilingual_text
from domain.petition import Petition
from domain.units.names import officer_in_words
from domain.units.unit import UnitRegister
from domain.value import UNSET, said
from domain.vocabulary import NO_UNIT
from service.alerts.contacts import Contacts, load_contacts
from service.bootstrap import running_office
from service.cli.context import wait_for_views
from service.cli.lists import NamesOn, show_list, word_or_code, written_cell
from service.cli.output import say, show_json, show_line
from service.config.settings import Settings
from service.security.keys import load_or_create_keys

MOST_ALERTS_SHOWN = 100
WOULD_BE_RAISED = bilingual_text(
    "Sẽ có {alerts} nhắc việc về {petitions} đơn; chưa ghi gì",
    "{alerts} alerts on {petitions} petitions would be raised; nothing was written",
)
NOBODY = bilingual_text("chưa có ai", "nobody")
NO_ADDRESS = bilingual_text("chưa có địa chỉ", "no address")
INSTEAD_OF = bilingual_text("thay {holder}", "for {holder}")


class Preview(NamedTuple):
    """Holds what a day would bring, and who would be told by the register of that day."""

    on: date
    due: list[tuple[Petition, list[PetitionEvent]]]
    units: UnitRegister
    contacts: Contacts
    ladder: Ladder


async def preview_alerts(dsn: str, settings: Settings, ladder: Ladder, on: date | None) -> Preview:
    """Return what the alerts of the day would be; nothing is written."""
    from service.alerts.raise_due import preview_due_alerts
    from service.alerts.worker import wait_for_alerts_view

    async with running_office(dsn, settings, vault_key=load_or_create_keys(settings).vault) as (office, views):
        await wait_for_views(views)
        await wait_for_alerts_view(office)
        day = on or office.today
        due = [found async for found in preview_due_alerts(office, ladder, day)]
        async with office.pool.connection() as connection:
            contacts = await load_contacts(connection)
        return Preview(day, due, await office.queries.units(), contacts, ladder)


def show_preview(preview: Preview, as_json: bool, lang: Language) -> None:
    """Print the alerts of a preview."""
    steps: list[dict[str, Any]] = [
        {
            "reference": petition.reference or str(petition.petition_id),
            "unit": said(alert.unit, NO_UNIT),
            "clock": alert.clock,
            "subject": None if alert.subject is UNSET else alert.subject.text,
            "due_on": alert.due_on,
            "step": alert.step,
            "fell_due_on": alert.occurred_on,
            "to": list(alert.to),
            "persons": [_person_told(role, alert, petition, preview) for role in alert.to],
            "does": alert.does,
        }
        for petition, facts in preview.due
        for alert in facts
        if isinstance(alert, AlertRaised)
    ]
    if as_json:
        show_json({"alerts": steps})
        return
    rungs = preview.ladder.words_of_steps()
    show_list(
        ("reference", "unit", "clock", "due_on", "step", "fell_due_on", "for", "does"),
        (
            (
                *(step["reference"], step["unit"], word_or_code("WatchedClock", step["clock"], lang), step["due_on"]),
                rungs[step["step"]][lang] if step["step"] in rungs else step["step"],
                step["fell_due_on"],
                "; ".join(_in_words(person, lang) for person in step["persons"]),
                word_or_code("Does", step["does"], lang),
            )
            for step in steps[:MOST_ALERTS_SHOWN]
        ),
        lang,
        NamesOn(preview.units, preview.on),
    )
    if len(steps) > MOST_ALERTS_SHOWN:
        say(f"{len(steps) - MOST_ALERTS_SHOWN} more; --json lists all")
    alerts, petitions = written_cell(len(steps), lang), written_cell(len(preview.due), lang)
    show_line(WOULD_BE_RAISED[lang].format(alerts=alerts, petitions=petitions))


def _person_told(role: AlertRole, alert: AlertRaised, petition: Petition, preview: Preview) -> dict[str, Any]:
    """Return who would be told in the role, as the worker finds them, and whether a message could reach the person."""
    unit = said(alert.unit, NO_UNIT)
    found = find_addressee(role, unit, petition.status.officer, preview.units, preview.on)
    if found is None:
        return {"role": role, "officer": None, "name": None, "instead_of": None, "has_address": False}
    has_address = any(
        preview.contacts.address(found.officer, found.unit, channel) is not None for channel in AlertChannel
    )
    return {
        "role": found.role,
        "officer": found.officer,
        "name": officer_in_words(found.officer, preview.units, preview.on),
        "instead_of": found.instead_of,
        "has_address": has_address,
    }


def _in_words(person: dict[str, Any], lang: Language) -> str:
    """Return the role and the person, and that there is nobody or no address."""
    notes = [
        *([INSTEAD_OF[lang].format(holder=person["instead_of"])] if person["instead_of"] else []),
        *([NO_ADDRESS[lang]] if person["officer"] and not person["has_address"] else []),
    ]
    named = person["name"] or NOBODY[lang]
    told = f"{word_or_code('AlertRole', person['role'], lang)}: {named}"
    return f"{told} ({', '.join(notes)})" if notes else told
