"""Opens what lists and figures are read from: the views as they serve, or as they were at a moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date

from domain.deadlines.policy import Law
from projections.past_rows import PastRows
from projections.projection import Connection, TextReader
from service.commands.office import ApplicationService
from service.known_at.law_and_units import law_at
from service.known_at.moment import KnownAt
from service.known_at.past_views import past_cases, past_figures, past_list, past_snapshot
from service.known_at.texts_then import TextsThen


@dataclass(frozen=True)
class ViewSource:
    """Holds what an answer is read from: a connection, and with `past` the difference of its tables to those of then.

    `law` is the law in force, or the one known at the moment; `today` the present day, or the day of the moment.
    """

    connection: Connection
    texts: TextReader
    law: Law
    today: date
    known: KnownAt | None = None
    past: PastRows | None = None

    @classmethod
    def of_now(cls, office: ApplicationService, connection: Connection) -> "ViewSource":
        """Return the source of an answer of now."""
        return cls(connection, office.texts, office.law, office.today)


@asynccontextmanager
async def open_past_list(office: ApplicationService, known: KnownAt) -> AsyncIterator[ViewSource]:
    """Yield what the list of what is owed is read from as it was known. Raise Refused and ViewBehindMoment."""
    law = await law_at(office, known.position)
    async with past_snapshot(office.pool) as connection:
        past = await past_list(connection, known.position)
        texts = TextsThen(office.texts, office.vault, past, known.position)
        yield ViewSource(connection, texts, law, known.on, known, past)


@asynccontextmanager
async def open_past_figures(office: ApplicationService, known: KnownAt, last: date | None) -> AsyncIterator[ViewSource]:
    """Yield what the figures of units up to a day are read from as they were known.

    `last` None means the day of the moment. Raise Refused and ViewBehindMoment.
    """
    law = await law_at(office, known.position)
    async with past_snapshot(office.pool) as connection:
        past = await past_figures(connection, known.position, last or known.on)
        yield ViewSource(connection, office.texts, law, known.on, known, past)


@asynccontextmanager
async def open_past_cases(office: ApplicationService, known: KnownAt, last: date | None) -> AsyncIterator[ViewSource]:
    """Yield what the lists behind the figures of units up to a day are read from as they were known.

    `last` None means the day of the moment. Raise Refused and ViewBehindMoment.
    """
    law = await law_at(office, known.position)
    async with past_snapshot(office.pool) as connection:
        listed = await past_list(connection, known.position)
        past = await past_cases(connection, known.position, last or known.on, listed)
        texts = TextsThen(office.texts, office.vault, listed, known.position)
        yield ViewSource(connection, texts, law, known.on, known, past)
