"""Exports the log up to a position into a file."""

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from pathlib import Path

from domain.topics import CATEGORY_OF_TOPIC
from domain.vocabulary import Category
from projections.event_log import AttributeValue, LoggedCase
from service.commands.office import ApplicationService
from service.exports.ocel import ocel_pieces
from service.exports.output_file import new_output_file
from service.exports.petition_pages import ExportScope, read_logged_cases
from service.exports.xes import xes_pieces


class LogFormat(StrEnum):
    """Names the formats of event logs."""

    XES = "xes"
    OCEL = "ocel"


class ExportCounts:
    """Counts what was exported."""

    def __init__(self) -> None:
        self.petitions = 0
        self.events = 0


async def export_log(
    office: ApplicationService,
    path: Path,
    form: LogFormat,
    scope: ExportScope,
    progress: Callable[[int, int], None] | None = None,
) -> ExportCounts:
    """Write every petition that was on record at the position, with its events up to then, and return their number.

    `progress` receives the position up to which openings were read, and the last one. Raise FileExistsError for a file
    that is there, and UnopenableText for a petition whose key is lost; then there is no file.
    """
    counts, units = ExportCounts(), await office.queries.units()

    async def counted() -> AsyncIterator[LoggedCase]:
        async for case, position in read_logged_cases(office, scope):
            counts.petitions += 1
            counts.events += len(case.events)
            if progress is not None:
                progress(position, scope.known)
            yield case

    zone = office.settings.zone
    if form is LogFormat.XES:
        about: dict[str, AttributeValue] = {
            "concept:name": "kiennghi",
            "known_at": scope.known,
            "zone": office.settings.timezone,
        }
        pieces = xes_pieces(counted(), units, about)
    else:
        topics = [topic for topic, category in CATEGORY_OF_TOPIC.items() if category is Category.PETITION]
        pieces = ocel_pieces(counted(), units, topics, zone)
    with new_output_file(path) as write:
        async for piece in pieces:
            write(piece)
    return counts
