"""Puts the record right by two officers: correct fields, propose, approve, reverse, approve-reversal, list."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.commands import (
    ApproveCorrection,
    ApproveReversal,
    PetitionCommand,
    ProposeCorrection,
    ProposeReversal,
)
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent
from domain.evolve import fold
from domain.labels import Language, bilingual_text
from domain.vocabulary import PetitionId
from projections.correctable_fields import CorrectableField, correctable_fields
from projections.labels.events import PETITION_EVENT_LABELS
from projections.labels.meetings import MEETING_EVENT_LABELS
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine, running_office
from service.cli.context import On, wait_for_views
from service.cli.correction_input import ask_for_person, body_of_file, made_command, typed_fields
from service.cli.identity import credentials_for_approval
from service.cli.lists import ListLanguage, NamesOn, show_list, written_cell
from service.cli.meeting_corrections import RECORDED_AS, declare_meeting_corrections
from service.cli.output import AsJson, show_json, show_line
from service.cli.tables import shortened
from service.commands.office import ApplicationService
from service.commands.pending_proposals import PendingProposal, pending_proposals
from service.commands.results import CommandRequest, CommandResult, UnknownPetition
from service.config.settings import read_settings
from service.event_store.ids import command_id_of
from service.security.keys import existing_vault_key, load_or_create_keys
from service.security.request_digest import digest_of_request
from service.security.visibility import is_protected

PROPOSAL_WORDS = {**PETITION_EVENT_LABELS, **MEETING_EVENT_LABELS}


correct = typer.Typer(
    help="Put right what was typed, or reverse an ending, by two officers: each with a token of their own.",
    no_args_is_help=True,
)

declare_meeting_corrections(correct)

PetitionNamed = Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")]
WhyCorrected = Annotated[str, typer.Option(help="Why the record is put right. It is sealed, as all texts are.")]
Confirm = Annotated[list[str] | None, typer.Option(metavar="DOUBT", help="Code of a doubt that is meant; repeatable.")]
SetField = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="N:PATH=VALUE",
        help="The right value of a field of event N (`correct fields`); nothing after = takes it back. Repeatable.",
    ),
]
OfPerson = Annotated[
    list[str] | None,
    typer.Option(
        "--person",
        metavar="N.P:PARTS",
        help="Person P of event N and what is wrong, of name,address,identity_no,phone; asked for. Repeatable.",
    ),
]


@correct.command("fields")
def list_fields(
    reference: PetitionNamed,
    every: Annotated[bool, typer.Option("--all", help="Also fields that an event does not say.")] = False,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """List what can be corrected of a petition: event, path, words and present value. Protected texts are hidden."""
    settings = read_settings()

    async def reading(dsn: str) -> list[CorrectableField]:
        key = existing_vault_key(settings) or NO_VAULT_KEY
        async with ApplicationService.open(dsn, settings, vault_key=key, pool_size=2) as office:
            _, history = await _read_history(office, reference)
            petition = fold(history)
            assert petition is not None
            hidden = is_protected(history, petition)  # who sits at this terminal is not known
            return correctable_fields(history, lang, is_protected=hidden)

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        found = [one for one in run_coroutine(reading(dsn)) if every or as_json or one.value is not None]
    if as_json:
        show_json({"reference": reference, "fields": [asdict(one) for one in found]})
        return
    show_list(
        ("event_no", "act", "field_path", "field", "present_value"),
        (
            (
                one.version,
                one.title,
                one.path or f"--person {one.version}.{one.person}",
                one.words,
                _shown_value(one.value, lang),
            )
            for one in found
        ),
        lang,
    )


def _shown_value(value: Any, lang: Language) -> str:
    """Return a value for a person: a day also as it is typed, a list as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        try:
            return written_cell(date.fromisoformat(value), lang) + f" ({value})"
        except ValueError:
            return shortened(value)
    return json.dumps(value, ensure_ascii=False)


@correct.command("propose")
def propose_correction_command(
    reference: PetitionNamed,
    why: WhyCorrected,
    set_field: SetField = None,
    person: OfPerson = None,
    file: Annotated[
        Path | None, typer.Option(help="JSON with `fields` and `persons`, as over HTTP, beside what is typed here.")
    ] = None,
    confirm: Confirm = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Propose the right values of what was typed, as the officer of KIENNGHI_TOKEN. Another officer approves.

    What is right of an identity is asked for, or read from standard input, a line each: an argument would stay in the
    history of the shell.
    """
    body: dict[str, Any] = {"fields": [], "persons": []}
    if file is not None:
        body |= body_of_file(file)
    body["persons"] = [*body["persons"], *map(ask_for_person, person or ())]

    async def command(office: ApplicationService, history: Sequence[EventEnvelope[PetitionEvent]]) -> ProposeCorrection:
        typed = typed_fields(set_field or (), history)
        said = {**body, "fields": [*body["fields"], *typed], "why": why, "confirm": confirm or []}
        return made_command(ProposeCorrection, {"occurred_on": (on or office.today).isoformat(), **said})

    _perform(reference, command, "correct propose", as_json)


@correct.command("approve")
def approve_correction_command(reference: PetitionNamed, on: On = None, as_json: AsJson = False) -> None:
    """Approve the correction that another officer proposed, as the officer of KIENNGHI_TOKEN."""

    async def command(office: ApplicationService, _: Sequence[EventEnvelope[PetitionEvent]]) -> ApproveCorrection:
        return ApproveCorrection(occurred_on=on or office.today)

    _perform(reference, command, "correct approve", as_json)


@correct.command("reverse")
def propose_reversal_command(
    reference: PetitionNamed,
    version: Annotated[int, typer.Argument(min=1, metavar="N", help="Number of the ending in the file (`history`).")],
    why: WhyCorrected,
    confirm: Confirm = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Propose to reverse an ending that was recorded by mistake or under force. Another officer approves."""

    async def command(office: ApplicationService, _: Sequence[EventEnvelope[PetitionEvent]]) -> ProposeReversal:
        said = {"version": version, "why": why, "confirm": confirm or []}
        return made_command(ProposeReversal, {"occurred_on": (on or office.today).isoformat(), **said})

    _perform(reference, command, "correct reverse", as_json)


@correct.command("approve-reversal")
def approve_reversal_command(reference: PetitionNamed, on: On = None, as_json: AsJson = False) -> None:
    """Approve the reversal that another officer proposed: the clocks are as if the ending had not been recorded."""

    async def command(office: ApplicationService, _: Sequence[EventEnvelope[PetitionEvent]]) -> ApproveReversal:
        return ApproveReversal(occurred_on=on or office.today)

    _perform(reference, command, "correct approve-reversal", as_json)


@correct.command("list")
def list_proposals(
    limit: Annotated[int, typer.Option(min=1, max=1_000)] = 100, lang: ListLanguage = "vi", as_json: AsJson = False
) -> None:
    """List the corrections, reversals and withdrawals that wait for another officer, the oldest first."""
    settings = read_settings()

    async def reading(dsn: str) -> tuple[list[PendingProposal], NamesOn]:
        opened = ApplicationService.open(dsn, settings, vault_key=NO_VAULT_KEY, pool_size=2)
        async with opened as office, office.pool.connection() as connection:
            names = NamesOn(await office.queries.units(), office.today)
            return await pending_proposals(connection, most=limit), names

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        found, names = run_coroutine(reading(dsn))
    if as_json:
        show_json({"proposals": [asdict(one) for one in found]})
        return
    zone = settings.zone
    show_list(
        ("reference", "event_no", "act", "officer", "unit", "proposed_at"),
        (
            (
                one.reference or str(one.stream),
                one.version,
                PROPOSAL_WORDS[one.event][lang],
                one.proposed_by,
                one.unit,
                f"{one.proposed_at.astimezone(zone):%d/%m/%Y %H:%M}",
            )
            for one in found
        ),
        lang,
        names,
    )


def _perform(
    reference: str,
    make: Callable[[ApplicationService, Sequence[EventEnvelope[PetitionEvent]]], Awaitable[PetitionCommand]],
    act: str,
    as_json: bool,
) -> None:
    """Perform a command on a petition, as the officer of the token, and say at which event it is recorded."""
    settings = read_settings()
    what = bilingual_text("đính chính, hủy việc kết thúc", "the record is put right")
    credentials = credentials_for_approval(settings, what)

    async def performing(dsn: str) -> CommandResult:
        async with running_office(dsn, settings, vault_key=load_or_create_keys(settings).vault) as (office, views):
            petition_id, history = await _read_history(office, reference)
            command = await make(office, history)
            said = f"{act} {petition_id} {len(history)} {command.model_dump_json()}"
            request = CommandRequest(
                command,
                command_id_of(credentials.officer, said),
                digest_of_request(office.vault, "cli", said.encode()),
                petition_id,
            )
            result = await office.petitions.perform(request, credentials)
            await wait_for_views(views)
            return result

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        result = run_coroutine(performing(dsn))
    if as_json:
        show_json({"reference": result.reference, "petition_id": result.petition_id, "version": result.version})
    else:
        show_line(f"{result.reference or result.petition_id}: {RECORDED_AS['vi'].format(version=result.version)}")


async def _read_history(
    office: ApplicationService, reference: str
) -> tuple[PetitionId, list[EventEnvelope[PetitionEvent]]]:
    """Return the id and the history of a petition. Raise UnknownPetition."""
    petition_id = await office.queries.petition_id_of(reference)
    history = [] if petition_id is None else await office.queries.history(petition_id)
    if petition_id is None or not history:
        raise UnknownPetition
    return petition_id, history
