"""Keeps outside the database the last event that a process saw of a log, one file for each log.

A backup holds the log and the views of one moment, which agree with each other. Only something that was not restored
with them can tell that the log had gone further. So these files stay out of the backup, and where they are.
"""

import json
import os
import secrets
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from service.config.settings import UnusableSettings
from service.event_store.log_mark import LogMark

FOLDER = "seen-logs"
"""Name of the folder under the home of the service."""


class SeenLog(NamedTuple):
    """Holds what was seen of a log: its `epoch` then, and the mark of the last event."""

    epoch: int
    mark: LogMark


class SeenLogs:
    """Reads and writes the files of a home. A file never goes back within an epoch, whoever writes it."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def read(self, log_id: UUID) -> SeenLog | None:
        """Return what was seen of the log; None if nothing was, or the log is served from this home for the first time.

        Raise UnusableSettings for a file that cannot be read.
        """
        path = self._path(log_id)
        try:
            fields = json.loads(path.read_bytes())
            return SeenLog(fields["epoch"], LogMark(fields["position"], bytes.fromhex(fields["digest"])))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            raise UnusableSettings(
                f"{path}: không đọc được vị trí cuối cùng đã thấy của nhật ký; khôi phục tệp, hoặc xóa tệp nếu chắc"
                " chắn dữ liệu là bản mới nhất / the last position that was seen cannot be read: put the file back, or"
                " remove it if the data is certainly the newest"
            ) from None

    def write(self, log_id: UUID, seen: SeenLog) -> None:
        """Write what was seen, so that it outlives a power cut, unless the file says more. Raise OSError."""
        before = self.read(log_id)
        if before is not None and (before.epoch, before.mark.position) >= (seen.epoch, seen.mark.position):
            return
        self._folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        path = self._path(log_id)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        fields = {"epoch": seen.epoch, "position": seen.mark.position, "digest": seen.mark.digest.hex()}
        with temporary.open("x", encoding="ascii") as file:
            file.write(json.dumps(fields) + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _path(self, log_id: UUID) -> Path:
        return self._folder / f"{log_id}.json"
