"""Shows who was responsible for a petition on a day: responsible."""

from datetime import date
from typing import Annotated

import typer

from domain.labels import Language
from service.api.routes.responsibility import answer_shown, answer_text
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine
from service.cli.context import On
from service.cli.known_at import KnownAtOption, find_moment
from service.cli.output import AsJson, show_json
from service.commands.office import ApplicationService
from service.commands.results import UnknownPetition
from service.config.settings import Settings, read_settings
from service.known_at.moment import find_present
from service.known_at.responsibility import ResponsibilityAsKnown, read_responsibility
from service.security.keys import existing_vault_key
from service.transparency.covering_checkpoint import CoveringCheckpoint, read_covering_checkpoint


def show_responsible(
    reference: Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")],
    on: On = None,
    lang: Annotated[Language, typer.Option(help="Of the sentences.")] = "vi",
    known_at: KnownAtOption = None,
    as_json: AsJson = False,
) -> None:
    """Show who was responsible for a petition on a day and before, and which acts moved its lateness."""
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        found, checkpoint = run_coroutine(_read(dsn, settings, reference, on, lang, known_at))
    if as_json:
        show_json({"reference": reference, **answer_shown(found, checkpoint).model_dump()})
    else:
        print(answer_text(reference, found, checkpoint, lang), end="")


async def _read(
    dsn: str, settings: Settings, reference: str, on: date | None, lang: Language, known_at: str | None
) -> tuple[ResponsibilityAsKnown, CoveringCheckpoint | None]:
    async with ApplicationService.open(dsn, settings, vault_key=existing_vault_key(settings) or NO_VAULT_KEY) as office:
        petition_id = await office.queries.petition_id_of(reference)
        history = [] if petition_id is None else await office.queries.history(petition_id)
        if not history:
            raise UnknownPetition
        moment = None if known_at is None else await find_moment(office, known_at)
        async with office.pool.connection() as connection:
            known = moment or await find_present(connection, settings.zone)
            checkpoint = await read_covering_checkpoint(connection, known.position)
        day = on or (office.today if known_at is None else None)
        return await read_responsibility(office, history, day, known, lang), checkpoint
