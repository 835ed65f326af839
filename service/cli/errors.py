"""Where every error ends: a sentence and an exit code for the foreseen, kind and place in the log for the others."""

from collections.abc import Sequence

import structlog

from service.config.import_guard import NameCollision, refuse_strangers
from service.observability import logging

DONE, REFUSED, USAGE, UNREACHABLE, FAULT = 0, 1, 2, 3, 70


def run(arguments: Sequence[str]) -> int:
    """Does what the arguments ask for; the exit code of the process."""
    logging.configure("warning")
    try:
        refuse_strangers()
        from service.cli.app import app  # after the check: a stranger's package would fail to import otherwise

        app(list(arguments), prog_name="kiennghi")
    except SystemExit as told:
        return told.code if isinstance(told.code, int) else DONE
    except KeyboardInterrupt:
        return 130  # as shells count it
    except Exception as error:  # the outermost edge
        return _ended_by(error)
    return DONE


def _ended_by(error: Exception) -> int:
    # Here, not above: what a command does not need is not loaded for it unless it fails.
    import psycopg

    from domain.errors import Refused
    from service.api.server import AddressUnusable
    from service.bootstrap import NotMigrated
    from service.cli.output import say
    from service.commands.office import TooContended, UnknownPetition
    from service.config.settings import UnusableSettings
    from service.event_store.group_commit import AppendFailed, OutcomeUnknown, StorageUnavailable
    from service.files.cells import UnreadableFile
    from service.imports.mapping import UnusableMapping
    from service.observability.tracing import TracingNotInstalled
    from service.postgres.embedded.data_directory import EmbeddedPostgresError
    from service.postgres.migrate import MigrationRefused
    from service.postgres.pools import DatabaseUnreachable
    from service.projector.rebuild import NewerVersion
    from service.security.tokens import InvalidToken

    match error:
        case DatabaseUnreachable() | EmbeddedPostgresError():
            code, sentence = UNREACHABLE, str(error)
        case OutcomeUnknown():
            code = UNREACHABLE
            sentence = "the database went away at a commit: run the same command again, nothing is recorded twice"
        case StorageUnavailable() | psycopg.OperationalError():
            code, sentence = UNREACHABLE, "the database went away: run the same command again once it is back"
        case psycopg.errors.InsufficientPrivilege():
            code, sentence = REFUSED, f"the database user may not do this: {error.diag.message_primary}"
        case UnknownPetition():
            code, sentence = REFUSED, "there is no petition with this number or id"
        case AppendFailed() | TooContended():
            code, sentence = REFUSED, "others write at the same time: run the same command again"
        case (
            AddressUnusable()
            | InvalidToken()
            | MigrationRefused()
            | NameCollision()
            | NewerVersion()
            | NotMigrated()
            | Refused()
            | TracingNotInstalled()
            | UnreadableFile()
            | UnusableMapping()
            | UnusableSettings()
        ):
            code, sentence = REFUSED, str(error)
        case OSError() if error.filename is not None:
            code, sentence = REFUSED, f"{error.filename}: {error.strerror}"
        case _:
            structlog.get_logger("kiennghi.cli").error(
                "fault", error=type(error).__qualname__, where=logging.place_of(error)
            )
            code, sentence = FAULT, "this is a fault of the program; the line above says where"
    say(sentence)
    return code
