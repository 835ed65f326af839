"""Puts what was entered of a meeting right by two officers: correct meeting, withdraw-meeting, approve-meeting."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated
from uuid import UUID

import typer

from domain.correcting.fields import UnknownField, field_type
from domain.correcting.history import corrected_history
from domain.correcting.values import json_value_of_words
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.labels import bilingual_text
from domain.meetings.commands import (
    ApproveMeetingCorrection,
    ApproveMeetingWithdrawal,
    MeetingCommand,
    ProposeMeetingCorrection,
    ProposeMeetingWithdrawal,
)
from domain.meetings.events import MeetingCorrectionProposed, MeetingEvent
from domain.meetings.meeting import fold_meeting
from domain.refusals.meetings import MeetingRefusal
from domain.vocabulary import MeetingId
from service.bootstrap import reachable_database, require_migrated, run_coroutine, running_office
from service.cli.context import On, wait_for_views
from service.cli.correction_input import made_command
from service.cli.identity import credentials_for_approval
from service.cli.output import AsJson, show_json, show_line
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.commands.results import CommandResult
from service.config.settings import read_settings
from service.event_store.ids import command_id_of
from service.security.keys import load_or_create_keys
from service.security.request_digest import digest_of_request

_History = Sequence[EventEnvelope[MeetingEvent]]
_Make = Callable[[ApplicationService, _History], Awaitable[MeetingCommand]]
RECORDED_AS = bilingual_text("đã ghi là việc số {version}", "recorded as event number {version}")
_FIELD = re.compile(r"(?:([0-9]{1,3}):)?([a-z][a-z0-9_.]{0,99})=(.*)", re.DOTALL)

MeetingArgument = Annotated[UUID, typer.Argument(metavar="MEETING", help="Id of the meeting.")]
WhyMeeting = Annotated[str, typer.Option("--why", help="Why the record is put right.")]
DoubtsConfirmed = Annotated[
    list[str] | None, typer.Option("--confirm", metavar="DOUBT", help="Code of a doubt that is meant; repeatable.")
]


def declare_meeting_corrections(group: typer.Typer) -> None:
    """Add the commands to the group."""

    @group.command("meeting")
    def propose_meeting_correction_command(
        meeting: MeetingArgument,
        why: WhyMeeting,
        set_field: Annotated[
            list[str],
            typer.Option(
                "--set",
                metavar="PATH=VALUE",
                help="The right value of a field, in every event that says it; N:PATH=VALUE in event N. Repeatable.",
            ),
        ],
        confirm: DoubtsConfirmed = None,
        on: On = None,
        as_json: AsJson = False,
    ) -> None:
        """Propose the right values of what was entered of a meeting, as the officer of KIENNGHI_TOKEN."""

        async def make(office: ApplicationService, history: _History) -> MeetingCommand:
            said = {"corrections": list(_typed_fields(set_field, history)), "why": why, "confirm": confirm or []}
            return made_command(ProposeMeetingCorrection, {"occurred_on": (on or office.today).isoformat(), **said})

        _perform(meeting, make, "correct meeting", as_json)

    @group.command("withdraw-meeting")
    def propose_meeting_withdrawal_command(
        meeting: MeetingArgument,
        why: WhyMeeting,
        same_as: Annotated[UUID | None, typer.Option(help="The record of the same meeting that stays.")] = None,
        on: On = None,
        as_json: AsJson = False,
    ) -> None:
        """Propose to withdraw the record of a meeting that was entered by mistake, or twice."""

        async def make(office: ApplicationService, _: _History) -> MeetingCommand:
            said = {"why": why, "same_as": None if same_as is None else str(same_as)}
            return made_command(ProposeMeetingWithdrawal, {"occurred_on": (on or office.today).isoformat(), **said})

        _perform(meeting, make, "correct withdraw-meeting", as_json)

    @group.command("approve-meeting")
    def approve_meeting_change_command(meeting: MeetingArgument, on: On = None, as_json: AsJson = False) -> None:
        """Approve the correction or the withdrawal of a meeting that another officer proposed."""

        async def make(office: ApplicationService, history: _History) -> MeetingCommand:
            state = fold_meeting(history)
            if state is None or state.proposed is None:
                raise Refused(MeetingRefusal.NO_CHANGE_PROPOSED)
            is_correction = isinstance(state.proposed.fact, MeetingCorrectionProposed)
            kind = ApproveMeetingCorrection if is_correction else ApproveMeetingWithdrawal
            return kind(occurred_on=on or office.today, proposal=state.proposed.version)

        _perform(meeting, make, "correct approve-meeting", as_json)


def _typed_fields(typed: Iterable[str], history: _History) -> Iterator[Mapping[str, object]]:
    """Yield the fields of `--set`, each value in the type of its field. Raise BadParameter."""
    facts = [event.fact for event in corrected_history(history)]
    for one in typed:
        matched = _FIELD.fullmatch(one)
        if matched is None:
            raise typer.BadParameter(f"{one.partition('=')[0]!r} is not like attendance=12", param_hint="--set")
        version, path, words = matched.groups()
        becomes: object = words or None
        for fact in reversed(facts):
            try:
                field_type(type(fact), path)
            except UnknownField:
                continue
            becomes = json_value_of_words(type(fact), path, words)
            break
        yield {"path": path, "becomes": becomes, **({} if version is None else {"version": int(version)})}


def _perform(meeting: UUID, make: _Make, act: str, as_json: bool) -> None:
    settings = read_settings()
    what = bilingual_text("đính chính hội nghị, buổi tiếp", "the record of a meeting is put right")
    credentials = credentials_for_approval(settings, what)

    async def performing(dsn: str) -> CommandResult:
        async with running_office(dsn, settings, vault_key=load_or_create_keys(settings).vault) as (office, views):
            meeting_id = MeetingId(meeting)
            history = await office.queries.meeting_history(meeting_id)
            if not history:
                raise Refused(ServiceRefusal.NO_MEETING_WITH_ID)
            command = await make(office, history)
            said = f"{act} {meeting_id} {len(history)} {command.model_dump_json()}"
            result = await office.meetings.perform(
                command,
                meeting_id,
                credentials,
                command_id=command_id_of(credentials.officer, said),
                digest=digest_of_request(office.vault, "cli", said.encode()),
            )
            await wait_for_views(views)
            return result

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        result = run_coroutine(performing(dsn))
    if as_json:
        show_json({"meeting_id": meeting, "version": result.version})
    else:
        show_line(f"{meeting}: {RECORDED_AS['vi'].format(version=result.version)}")
