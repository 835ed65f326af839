"""Sets up the logs of the process on stderr: an event name and fields, as JSON unless stderr is a terminal.

Nothing that identifies a citizen or that a citizen has written is ever logged: callers leave it out, and a field with
one of the register's own field names is redacted here. Errors are logged by class and call sites, without their
message, because messages quote values.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import msgspec
import structlog
from structlog.typing import Processor

from domain.petitioner import Petitioner
from domain.printed_text import json_on_one_line, printed_cell

REDACTED = "(left out)"
PERSONAL_FIELDS = frozenset(Petitioner.model_fields) | {
    "petitioner",
    "petitioners",
    "persons",
    "summary",
    "answer",
    "place",
    "state",
    "token",
    "body",
}
"""Names of fields that hold or may hold data of a person."""

CALL_SITES_SHOWN = 12
"""Innermost calls that are logged of an error."""


def configure_logging(level: str) -> None:
    """Set up logging for this process, once, before anything logs; it also covers libraries that use `logging`.

    `level` is a value of the setting `log_level`.
    """
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        remove_personal_fields,
        _name_error_and_call_sites,
    ]
    renderer: Processor = _render_for_terminal if sys.stderr.isatty() else _render_json
    # The lines bypass `logging`: there a line took 90 microseconds, a tenth of the time of a whole receipt.
    structlog.configure(
        processors=[*processors, renderer],
        logger_factory=_StderrLogger,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=processors,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("uvicorn", "uvicorn.error", "psycopg.pool", "asyncio"):
        logging.getLogger(chatty).setLevel(max(root.level, logging.WARNING))


class _StderrLogger:
    """Writes the lines of a logger to stderr."""

    def __init__(self, name: str = "kiennghi") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = fatal = msg


def _render_json(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> str:
    return json_on_one_line(msgspec.json.encode(line, enc_hook=str).decode())


def _render_for_terminal(logger: Any, method: str, line: MutableMapping[str, Any]) -> str:
    printed = {name: printed_cell(value) if isinstance(value, str) else value for name, value in line.items()}
    return _CONSOLE(logger, method, printed)


_CONSOLE = structlog.dev.ConsoleRenderer()


def remove_personal_fields(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace the value of each field that may hold data of a person."""
    for name in PERSONAL_FIELDS.intersection(line):
        line[name] = REDACTED
    return line


def call_sites(error: BaseException) -> list[str]:
    """Return the last calls before the error as "file:line function", the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-CALL_SITES_SHOWN:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _name_error_and_call_sites(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    exc_info = line.pop("exc_info", None)
    error = exc_info[1] if isinstance(exc_info, tuple) else sys.exc_info()[1] if exc_info is True else exc_info
    if isinstance(error, BaseException):
        line["error"], line["where"] = type(error).__qualname__, call_sites(error)
    return line
