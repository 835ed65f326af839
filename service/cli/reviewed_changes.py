"""Declares the commands of one kind of reviewed change: review, propose, approve, apply, and the list of all.

A kind is a subclass of `ReviewedChangeCommands` that names its service and its words. What is typed to review and to
propose differs most: a kind declares these two itself, or takes those that read the proposal from a file.
"""

import json
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import ValidationError
from pydantic_core import to_json

from domain.actor import Credentials
from domain.command import Command
from domain.deadlines.error_messages import validation_error_text
from domain.errors import Refused
from domain.labels import bilingual_text
from domain.refusals.reviewed_changes import ReviewedChangeRefusal
from domain.reviewed_changes import ReviewedChange
from projections.projection import Connection
from service.approvals.reviewed_change import ProposedChange, ReviewedChangeService
from service.bootstrap import reachable_database, require_migrated, run_coroutine, running_office
from service.cli.context import read_from_views, wait_for_views
from service.cli.identity import credentials_for_approval
from service.cli.output import AsJson, bar, say, show_json, show_line, show_table
from service.cli.tables import shortened
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.config.settings import Settings, read_settings
from service.event_store.ids import command_id_of
from service.files.text_files import read_text_file
from service.postgres.read_snapshot import read_snapshot
from service.security.keys import load_or_create_keys
from service.security.request_digest import digest_of_request

MOST_PETITIONS_SHOWN = 50
MAX_PROPOSAL_CHARACTERS = 2_000_000

ProposalFile = Annotated[Path, typer.Argument(metavar="FILE", help="TOML or JSON: the proposal, as over HTTP.")]
ProposalId = Annotated[UUID, typer.Argument(metavar="ID", help="Of the proposal.")]


class ReviewedChangeCommands:
    """Describes one kind on the command line.

    `group` is the word that its commands begin with. In JSON the id of a change is `id_key`, the list of changes
    `list_key`, and the number of petitions that it changed `count_key`; `done` says that in words. `headings` are
    those of the petitions in a review. `shown_fields` and `shown_counts` are the fields of a proposal that the list
    shows, and `columns` those of the table, all if it is empty.
    """

    service: ReviewedChangeService[Any, Any, Any, Any]
    group: str
    id_key: str = "change"
    list_key: str = "changes"
    list_command: str = "list"
    count_key: str = "changed"
    done: str = "petitions changed"
    unfinished: str = "petitions still come: run it again"
    headings: Sequence[str]
    shown_fields: Sequence[str] = ()
    shown_counts: Sequence[str] = ()
    columns: Sequence[str] = ()
    approve_help: str = "Approve a change that another officer proposed. From its day on, also apply it."
    apply_help: str = "Apply an approved change, or continue after a break. No petition is changed twice."
    list_help: str = "List all changes: who proposed and approved them, and how many petitions they changed."

    # -- how a review is shown; a review has the day `on` and its `petitions`

    def about(self, review: Any) -> dict[str, Any]:
        """Return what the JSON of a review says first about the proposal."""
        del review
        return {}

    def counts(self, review: Any) -> dict[str, int]:
        """Return the counts of a review."""
        found = {field.name: getattr(review, field.name) for field in fields(review)}
        return {name: value for name, value in found.items() if isinstance(value, int)}

    def petition_json(self, petition: Any) -> dict[str, Any]:
        """Return one petition of a review as JSON."""
        return asdict(petition)

    def petition_row(self, petition: Any) -> Sequence[Any]:
        """Return one petition of a review as a row of the table under `headings`."""
        return [getattr(petition, heading.replace(" ", "_")) for heading in self.headings]

    def show_summary(self, review: Any) -> None:
        """Print what follows the table of a review."""

    # -- the commands

    def declare(self, group: typer.Typer) -> None:
        """Add the commands that approve, apply and list the changes of this kind."""

        @group.command("approve", help=self.approve_help)
        def approve(change: ProposalId, as_json: AsJson = False) -> None:
            self._apply_and_report(change, as_json, self._approve)

        @group.command("apply", help=self.apply_help)
        def apply(change: ProposalId, as_json: AsJson = False) -> None:
            self._apply_and_report(change, as_json, None)

        @group.command(self.list_command, help=self.list_help)
        def list_changes(as_json: AsJson = False) -> None:
            self._list_changes(as_json)

    def declare_with_file(self, group: typer.Typer) -> None:
        """Add all commands; a file with the body of the proposal is reviewed and proposed."""
        one = self.service.changes.name_with_article()

        @group.command("review", help=f"Try {one} without writing anything.")
        def review(file: ProposalFile, as_json: AsJson = False) -> None:
            proposal = self._read_proposal(file)

            async def reading(office: ApplicationService, connection: Connection) -> Any:
                return await self.service.review(office, connection, proposal(office))

            self.show_review(read_from_views(reading), as_json)

        @group.command("propose", help=f"Propose {one} for approval, as the officer of KIENNGHI_TOKEN.")
        def propose(file: ProposalFile, as_json: AsJson = False) -> None:
            self.propose(self._read_proposal(file), as_json)

        self.declare(group)

    def credentials(self, settings: Settings) -> Credentials:
        """Return the credentials of the token. Raise Refused without one: two officers must have two tokens."""
        kind = self.service.changes.a_kind()
        what = bilingual_text(f"đề nghị, phê duyệt {kind['vi']}", f"{kind['en']} is proposed and approved")
        return credentials_for_approval(settings, what)

    def propose(self, proposal: Callable[[ApplicationService], Command], as_json: bool) -> None:
        """Propose what `proposal` returns, and print its review with the id of the proposal."""
        credentials = self.credentials(read_settings())

        async def proposing(office: ApplicationService, connection: Connection) -> ProposedChange[Any]:
            command = proposal(office)
            request = command.model_dump_json()
            return await self.service.record_proposal(
                office,
                connection,
                command,
                credentials,
                command_id=command_id_of(credentials.officer, f"{self.group} propose {request}"),
                digest=digest_of_request(office.vault, "cli", request.encode()),
            )

        found = read_from_views(proposing)
        self.show_review(found.review, as_json, found.change_id)

    def show_review(self, review: Any, as_json: bool, change_id: UUID | None = None) -> None:
        """Print a review, with the id of the proposal if there is one."""
        counts, petitions = self.counts(review), review.petitions
        if as_json:
            heading = {} if change_id is None else {self.id_key: change_id}
            listed = [self.petition_json(one) for one in petitions]
            show_json({**heading, "on": review.on, **self.about(review), **counts, "petitions": listed})
            return
        show_table(self.headings, [self.petition_row(one) for one in petitions[:MOST_PETITIONS_SHOWN]])
        if len(petitions) > MOST_PETITIONS_SHOWN:
            say(f"{len(petitions) - MOST_PETITIONS_SHOWN} more; --json lists all")
        self.show_summary(review)
        show_line(f"{review.on}: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))
        if change_id is not None:
            show_line(f"proposed as {change_id}")

    def _read_proposal(self, file: Path) -> Callable[[ApplicationService], Command]:
        """Return the proposal that the file holds, to be dated by the day of the service unless the file does."""
        text = read_text_file(file, MAX_PROPOSAL_CHARACTERS, "a file of a proposal")
        try:
            body = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
        except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
            raise Refused(ServiceRefusal.PROPOSAL_FILE_UNREADABLE, reason=str(error)) from None

        def proposal(office: ApplicationService) -> Command:
            try:  # as JSON, so that a file is read as strictly as a request
                dated = to_json({"occurred_on": office.today, **body})
                command: Command = self.service.propose_command.model_validate_json(dated)
            except ValidationError as error:
                reason = validation_error_text(error)
                raise Refused(ReviewedChangeRefusal.PROPOSED_FILE_HAS_FAULTS, reason=reason) from None
            return command

        return proposal

    async def _approve(self, office: ApplicationService, credentials: Credentials, change_id: UUID) -> bool:
        """Approve a change. Return False and say so if it cannot be applied yet."""
        await self.service.record_approval(
            office,
            self.service.approving(change_id, office.today),
            credentials,
            command_id=command_id_of(credentials.officer, f"{self.group} approve {change_id}"),
            digest=change_id.bytes,
        )
        changes = await self.service.load(office)
        begins: date | None = changes.effective_on(changes.require(change_id))
        if begins is not None and office.today < begins:
            say(f"approved; apply it on {begins}")
            return False
        return True

    def _apply_and_report(
        self,
        change_id: UUID,
        as_json: bool,
        first: Callable[[ApplicationService, Credentials, UUID], Awaitable[bool]] | None,
    ) -> None:
        settings = read_settings()
        credentials = self.credentials(settings)
        with reachable_database(settings) as dsn:
            require_migrated(dsn)
            petitions = run_coroutine(self._apply(dsn, settings, change_id, credentials, first))
        if as_json:
            show_json({self.id_key: change_id, self.count_key: petitions})
        elif petitions is not None:
            show_line(f"{petitions} {self.done}")

    async def _apply(
        self,
        dsn: str,
        settings: Settings,
        change_id: UUID,
        credentials: Credentials,
        first: Callable[[ApplicationService, Credentials, UUID], Awaitable[bool]] | None,
    ) -> int | None:
        """Apply a change after what must come `first`. Return the number of petitions, None if it is not applied."""
        async with running_office(dsn, settings, vault_key=load_or_create_keys(settings).vault) as (office, views):

            @asynccontextmanager
            async def fresh_views() -> AsyncIterator[Connection]:
                await wait_for_views(views)
                async with read_snapshot(office.pool) as connection:
                    yield connection

            if first is not None and not await first(office, credentials, change_id):
                return None
            with bar("petitions") as progress:
                run = await self.service.apply(office, fresh_views, change_id, credentials, progress=progress)
            if not run.is_done:
                say(self.unfinished)
            return run.petitions

    def _list_changes(self, as_json: bool) -> None:
        async def reading(office: ApplicationService, _: Connection) -> list[dict[str, Any]]:
            changes = await self.service.load(office)
            return [self._listed(change_id, change) for change_id, change in changes.by_id.items()]

        found = read_from_views(reading)
        if as_json:
            show_json({self.list_key: found})
        elif found:
            columns = self.columns or list(found[0])
            show_table(
                [column.replace("_", " ") for column in columns],
                [[_short(one[column]) for column in columns] for one in found],
            )
        else:
            say(f"no {self.service.changes.name} is on record")

    def _listed(self, change_id: UUID, change: ReviewedChange[Any]) -> dict[str, Any]:
        proposed = change.proposed
        return {
            self.id_key: change_id,
            **{name: getattr(proposed, name) for name in self.shown_fields},
            "proposed_on": proposed.occurred_on,
            "proposed_by": change.proposed_by.officer,
            **{name: getattr(proposed, name) for name in self.shown_counts},
            "approved_on": change.approved_on,
            "approved_by": None if change.approved_by is None else change.approved_by.officer,
            self.count_key: change.petitions,
        }


def _short(cell: Any) -> Any:
    return shortened(cell) if isinstance(cell, str) else cell
