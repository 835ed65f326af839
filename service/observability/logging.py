"""Logs of the process, on stderr: an event name and fields, JSON unless a person looks on.

Nothing that a citizen is known by or has written is ever logged: callers leave it out, and what slips in under one of
the register's own field names is struck out here. Errors are logged by kind and place; what they say quotes values.
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

STRUCK_OUT = "(left out)"
PERSONAL = frozenset(Petitioner.model_fields) | {
    "petitioner",
    "petitioners",
    "summary",
    "answer",
    "place",
    "state",
    "token",
    "body",
}
"""Fields that hold, or may hold, a person."""

FRAMES = 12


def configure(level: str) -> None:
    """Set up once, before anything logs; `level` as in the settings. Libraries that log by `logging` come in too."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_persons,
        _error_by_kind_and_place,
    ]
    last: Processor = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else _as_json
    # Not by way of `logging`: a line a request took 90 microseconds there, a tenth of what a receipt takes in all.
    structlog.configure(
        processors=[*before, last],
        logger_factory=_Lines,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("uvicorn", "uvicorn.error", "psycopg.pool", "asyncio"):
        logging.getLogger(chatty).setLevel(max(root.level, logging.WARNING))


class _Lines:
    """Where a logger's lines go."""

    def __init__(self, name: str = "kiennghi") -> None:
        self.name = name

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = fatal = msg


def _as_json(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> str:
    return msgspec.json.encode(line, enc_hook=str).decode()


def without_persons(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Strike out what stands in a field that may hold a person."""
    for name in PERSONAL.intersection(line):
        line[name] = STRUCK_OUT
    return line


def place_of(error: BaseException) -> list[str]:
    """The last calls before the error, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _error_by_kind_and_place(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    told = line.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else sys.exc_info()[1] if told is True else told
    if isinstance(error, BaseException):
        line["error"], line["where"] = type(error).__qualname__, place_of(error)
    return line
