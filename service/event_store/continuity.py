"""Watches that the log only grows: that what a process has seen of it is still there.

A log may be taken back while nothing in the database can tell: an older backup is restored, a standby that lacked the
last commits is promoted, a disk is put back to a snapshot. Then caches, views and positions are those of a log that is
no more. The process compares at each new connection, at each page that the views read, and every second; it refuses to
serve as soon as something is gone, and says so. Whoever restores on purpose raises the epoch of the log
(`kiennghi.raise_epoch`), and the service goes on from what the log is now.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from psycopg import AsyncConnection

from domain.errors import Refused
from domain.labels import LANGUAGES
from domain.labels import bilingual_text as _
from domain.refusals.code import RefusalCode, Wording
from service.event_store.errors import AppendFailed
from service.event_store.log_mark import BEGINNING, LogMark, mark_row, read_last_mark
from service.event_store.log_rows import SELECT_LOG_ROWS
from service.event_store.seen_log import SeenLog, SeenLogs

log = structlog.get_logger("kiennghi.log")

_RESTORE_OR_CONFIRM = _(
    "khôi phục bản sao lưu mới hơn; hoặc, nếu đã cố ý khôi phục bản này, xác nhận bằng: SELECT"
    " kiennghi.raise_epoch({epoch})",
    "restore a newer backup; or, if this one was restored on purpose, confirm it by: SELECT"
    " kiennghi.raise_epoch({epoch})",
)


class LogRefusal(RefusalCode):
    """Says why a log is not served, or where it is damaged."""

    EVENTS_GONE = Wording(
        "nhật ký đã lùi về trạng thái cũ: sự kiện ở vị trí {position} mà hệ thống đã thấy không còn, vị trí cuối hiện"
        " nay là {head}; hệ thống ngừng phục vụ",
        "the log was taken back to an older state: the event at position {position} that was seen is gone, and the last"
        " position now is {head}; nothing is served",
        _RESTORE_OR_CONFIRM,
    )
    EPOCH_GONE = Wording(
        "nhật ký thuộc lần khôi phục {former}, cũ hơn lần khôi phục {epoch} đã thấy; hệ thống ngừng phục vụ",
        "the log is of epoch {former}, older than the epoch {epoch} that was seen; nothing is served",
        _RESTORE_OR_CONFIRM,
    )
    ANOTHER_LOG = Wording(
        "cơ sở dữ liệu đã được thay bằng một nhật ký khác trong khi hệ thống đang chạy; hệ thống ngừng phục vụ",
        "another log was put into the database while the service ran; nothing is served",
        _("khởi động lại hệ thống nếu đúng là nhật ký cần phục vụ", "start the service again if it is the right one"),
    )


class LogRolledBack(Refused, AppendFailed):
    """Is raised in place of every answer while the log is not the one that was seen."""


class LogIdentity(NamedTuple):
    """Holds which log it is, among all logs, and how often it was restored."""

    log_id: UUID
    epoch: int


_SELECT_LOG = f"""
    SELECT head.log_id, head.epoch, head.position, event.*
    FROM kiennghi.log_head AS head LEFT JOIN LATERAL ({SELECT_LOG_ROWS} WHERE log.position = %s) AS event ON true
"""  # noqa: S608 - the text of the program


class LogContinuity:
    """Holds the last event that this process saw, and refuses while the log does not have it.

    With `memory` it begins with what earlier processes saw. `refusal` is None while all is well.
    """

    def __init__(self, memory: SeenLogs | None = None) -> None:
        self._memory = memory
        self._identity: LogIdentity | None = None
        self._seen = BEGINNING
        self._listeners: list[Callable[[], None]] = []
        self._writers: list[Callable[[], LogMark]] = []
        self.refusal: LogRolledBack | None = None

    @property
    def seen(self) -> LogMark:
        """Return the mark of the last event that was seen."""
        return self._seen

    @property
    def epoch(self) -> int:
        """Return how often the log was restored, as far as this process knows."""
        return 0 if self._identity is None else self._identity.epoch

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever the log turns out to be another one than before: it forgets what it remembers."""
        self._listeners.append(listener)

    def ask(self, writer: Callable[[], LogMark]) -> None:
        """Ask `writer`, at each comparison, for the mark of what this process wrote last."""
        self._writers.append(writer)

    def note(self, mark: LogMark) -> None:
        """Note an event that is in the log for sure."""
        if mark.position > self._seen.position:
            self._seen = mark

    def require(self) -> None:
        """Raise LogRolledBack while the log is not the one that was seen."""
        if self.refusal is not None:
            raise self.refusal

    async def check(self, connection: AsyncConnection[Any]) -> None:
        """Compare the log with what was seen of it, and note its identity at the first time.

        Raise UnusableSettings if what earlier processes saw cannot be read.
        """
        for writer in self._writers:
            self.note(writer())
        known, seen, cursor = self._identity, self._seen, connection.cursor()
        await cursor.execute(_SELECT_LOG.encode(), [seen.position], binary=True)
        row = await cursor.fetchone()
        assert row is not None, "the migration made the row"
        found, head = LogIdentity(row[0], row[1]), row[2]
        if known is not self._identity:  # another connection was compared meanwhile
            await self.check(connection)
        elif known is None:
            self._identity = found
            if self._recall(found):
                await self.check(connection)
        elif found.log_id == known.log_id and found.epoch > known.epoch:
            await self._go_on_from(found, known, connection)
        else:
            self._judge(known, found, head, seen, None if row[3] is None else mark_row(row[3:]))

    def save(self) -> None:
        """Write the last event that was seen to the memory, if there is one and all is well. Raise OSError."""
        if self._memory is not None and self._identity is not None and self.refusal is None and self._seen.position:
            self._memory.write(self._identity.log_id, SeenLog(self._identity.epoch, self._seen))

    def _recall(self, identity: LogIdentity) -> bool:
        """Take up what earlier processes saw of this log. Return True if there is something."""
        remembered = None if self._memory is None else self._memory.read(identity.log_id)
        if remembered is None:
            return False
        self._identity, self._seen = LogIdentity(identity.log_id, remembered.epoch), remembered.mark
        return True

    def _judge(self, known: LogIdentity, found: LogIdentity, head: int, seen: LogMark, event: LogMark | None) -> None:
        if found.log_id != known.log_id:
            refusal = LogRolledBack(LogRefusal.ANOTHER_LOG)
        elif found.epoch < known.epoch:
            refusal = LogRolledBack(LogRefusal.EPOCH_GONE, former=found.epoch, epoch=known.epoch)
        elif seen.position and event != seen:
            refusal = LogRolledBack(LogRefusal.EVENTS_GONE, position=seen.position, head=head, epoch=known.epoch)
        else:
            if self.refusal is not None and seen == self._seen:  # not what was compared before it was known
                log.info("log_continues", position=seen.position)
                self.refusal = None
                self._announce()
            return
        if self.refusal is None:
            said = {language: refusal.sentence(language) for language in LANGUAGES}
            log.error("log_rolled_back", position=seen.position, head=head, **said)
            self.refusal = refusal
            self._announce()

    async def _go_on_from(self, identity: LogIdentity, known: LogIdentity, connection: AsyncConnection[Any]) -> None:
        """Take the log as it is now: whoever restored it has raised its epoch."""
        mark = await read_last_mark(connection)
        if known is not self._identity:
            return
        log.warning("log_restored", epoch=identity.epoch, position=mark.position)
        self._identity, self._seen, self.refusal = identity, mark, None
        self._announce()

    def _announce(self) -> None:
        for listener in self._listeners:
            listener()
