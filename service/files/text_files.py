"""Reads text files that officers write: whole, in UTF-8, and never more than a given number of characters."""

from pathlib import Path

from service.files.cells import UnreadableFile

MAX_FILE_CHARACTERS = 2_000_000
"""Most characters of a file that configures the service; such files have about ten thousand."""


def read_text_file(path: Path, most: int, called: str) -> str:
    """Return the text of a file, with every line end as a line feed. UnreadableFile names the file and the fault.

    A file of more than `most` characters is refused under the name `called`, and is not read further.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:  # Windows editors write a byte order mark first
            text = file.read(most + 1)
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path}: save the file in UTF-8") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None
    if len(text) > most:
        raise UnreadableFile(f"{path}: {called} has at most {most:,} characters")
    return text
