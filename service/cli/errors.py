"""Maps every error to an exit code and a sentence on stderr; unforeseen ones also to a line of the log.

What a command does not need is imported where it is used: the help takes a tenth of a second.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from domain.printed_text import printed_line
from service.config.import_guard import refuse_shadowing_packages

DONE, REFUSED, USAGE, UNREACHABLE, FAULT = 0, 1, 2, 3, 70

DATABASE_GONE = "the database went away: run the same command again once it is back"
OTHERS_WRITE = "others write at the same time: run the same command again"


def run_command_line(arguments: Sequence[str]) -> int:
    """Run the command line and return the exit code of the process."""
    try:
        refuse_shadowing_packages()
        from service.cli.app import app  # after the check: a stranger's package would fail to import otherwise

        app(list(arguments), prog_name="kiennghi")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else DONE
    except KeyboardInterrupt:
        return 130  # as shells count it
    except Exception as error:  # the outermost edge
        return _report_error(error)
    return DONE


class Ending(NamedTuple):
    """Says how the command ends at an error: the exit code, and the sentence; None means the error's own words."""

    code: int
    sentence: str | None = None


ENDINGS: Mapping[str, Ending] = {
    "service.postgres.pools.DatabaseUnreachable": Ending(UNREACHABLE),
    "service.postgres.embedded.data_directory.EmbeddedPostgresError": Ending(UNREACHABLE),
    "service.event_store.errors.OutcomeUnknown": Ending(
        UNREACHABLE, "the database went away at a commit: run the same command again, nothing is recorded twice"
    ),
    "service.event_store.errors.StorageUnavailable": Ending(UNREACHABLE, DATABASE_GONE),
    "service.event_store.errors.AppendFailed": Ending(REFUSED, OTHERS_WRITE),
    "service.commands.results.TooContended": Ending(REFUSED, OTHERS_WRITE),
    "service.commands.results.UnknownPetition": Ending(REFUSED, "there is no petition with this number or id"),
    "psycopg.OperationalError": Ending(UNREACHABLE, DATABASE_GONE),
    "domain.errors.Refused": Ending(REFUSED),
    "service.api.server.uvicorn_server.AddressUnusable": Ending(REFUSED),
    "service.bootstrap.NotMigrated": Ending(REFUSED),
    "service.config.import_guard.NameCollision": Ending(REFUSED),
    "service.config.settings.UnusableSettings": Ending(REFUSED),
    "service.files.cells.UnreadableFile": Ending(REFUSED),
    "service.imports.mapping.UnusableMapping": Ending(REFUSED),
    "service.observability.tracing.TracingNotInstalled": Ending(REFUSED),
    "service.known_at.past_views.ViewBehindMoment": Ending(UNREACHABLE),
    "service.postgres.migrate.MigrationRefused": Ending(REFUSED),
    "service.postgres.roles.UnfitLogin": Ending(REFUSED),
    "service.projector.rebuild.NewerVersion": Ending(REFUSED),
    "service.security.text_sealing.UnopenableText": Ending(REFUSED),
    "service.security.tokens.InvalidToken": Ending(REFUSED),
    "service.transparency.unsealed_leaves.NotSealable": Ending(REFUSED),
    "service.transparency.offline_verifier.NotVerified": Ending(REFUSED),
    "service.transparency.signing.UnusableSigningKey": Ending(REFUSED),
}
"""How each foreseen error ends a command, by the error's module and class, so that nothing is imported to find it.

The nearest class counts: a subclass that is not named here ends as its base class does.
"""


def _report_error(error: Exception) -> int:
    """Print the sentence that tells a person what went wrong, and return the exit code.

    A refusal is told in both languages, Vietnamese first.
    """
    ending = _ending_of(error)
    for sentence in _refusal_lines(error) or (ending.sentence or error,):
        print(printed_line(f"kiennghi: {sentence}"), file=sys.stderr, flush=True)
    return ending.code


def _refusal_lines(error: Exception) -> list[str]:
    """Return a line in each language, with what is possible instead; none for other errors."""
    if "domain.errors.Refused" not in map(_class_path, type(error).__mro__):
        return []
    from domain.errors import Refused
    from domain.labels import LANGUAGES

    if not isinstance(error, Refused):
        return []
    return ["; ".join(filter(None, (error.sentence(one), error.instead(one)))) for one in LANGUAGES]


def _class_path(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _ending_of(error: Exception) -> Ending:
    for kind in type(error).__mro__:
        ending = ENDINGS.get(_class_path(kind))
        if ending is not None:
            return ending
    diagnosis = getattr(error, "diag", None)  # psycopg's
    if type(error).__qualname__ == "InsufficientPrivilege" and diagnosis is not None:
        return Ending(REFUSED, f"the database user may not do this: {diagnosis.message_primary}")
    if isinstance(error, OSError) and error.filename is not None:
        return Ending(REFUSED, f"{error.filename}: {error.strerror}")
    import structlog

    from service.observability.log_setup import call_sites

    structlog.get_logger("kiennghi.cli").error("fault", error=type(error).__qualname__, where=call_sites(error))
    return Ending(FAULT, "this is a fault of the program; the line above says where")
