"""Defines the context of a command: which door it came through, what was confirmed, and what it was decided on.

The log stores it once for each command, with the command's last event. What is not known is left out.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

import msgspec
from msgspec import UNSET, UnsetType


class Door(StrEnum):
    """Names the entry point that a command came through. A stored word is never renamed."""

    HTTP = "http"
    CLI = "cli"
    SHEET = "sheet"
    IMPORT = "import"
    ALERTS = "alerts"
    DEMO = "demo"
    SERVICE = "service"


class Via(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Says how a command arrived.

    `run` names one run of an import. `program` is the version of this program. `session` and `client` name the
    officer's session and the client program.
    """

    door: Door
    run: str | UnsetType = UNSET
    program: str | UnsetType = UNSET
    session: str | UnsetType = UNSET
    client: str | UnsetType = UNSET


class CommandContext(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holds what is known of a command beside its events.

    `confirmed` are the codes of the warnings that the officer confirmed. `decided_at` is the position of the log whose
    law and units the command was decided on.
    """

    via: Via
    confirmed: tuple[str, ...] | UnsetType = UNSET
    decided_at: int | UnsetType = UNSET


def _installed_program() -> str | UnsetType:
    try:
        return version("kiennghi")
    except PackageNotFoundError:
        return UNSET


_PROGRAM = _installed_program()
_via = ContextVar("via", default=Via(door=Door.SERVICE, program=_PROGRAM))  # noqa: B039 - a Via is frozen
_decoder = msgspec.json.Decoder(CommandContext)


@lru_cache(maxsize=64)
def via_door(door: Door) -> Via:
    """Return how commands arrive through a door of this program."""
    return Via(door=door, program=_PROGRAM)


@contextmanager
def entering_through(door: Door, *, run: str | UnsetType = UNSET) -> Iterator[None]:
    """Let the commands of this block, and of the tasks that it starts, be recorded as coming through `door`."""
    token = _via.set(via_door(door) if run is UNSET else Via(door=door, run=run, program=_PROGRAM))
    try:
        yield
    finally:
        _via.reset(token)


def current_context(*, confirmed: Iterable[str] = (), decided_at: int | UnsetType = UNSET) -> bytes:
    """Return the encoded context of a command that arrives now. What was confirmed is stored in order, each once."""
    codes = tuple(sorted(set(confirmed))) if confirmed else ()
    if not codes and decided_at is UNSET:
        return _encode_via(_via.get())
    return encode_context(CommandContext(via=_via.get(), confirmed=codes or UNSET, decided_at=decided_at))


def encode_context(context: CommandContext) -> bytes:
    """Return the bytes that the log stores."""
    return msgspec.json.encode(context)


def decode_context(stored: bytes) -> CommandContext:
    """Return a stored context. Raise msgspec.MsgspecError if no version of this program has written it."""
    return _decoder.decode(stored)


@lru_cache(maxsize=256)  # few ways lead in, and every command came in by one
def _encode_via(via: Via) -> bytes:
    return encode_context(CommandContext(via=via))
