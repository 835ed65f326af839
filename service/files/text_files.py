"""Text files that officers write: read whole, in UTF-8, and never more than is asked for."""

from pathlib import Path

from service.files.cells import UnreadableFile

MOST_TEXT = 2_000_000
"""Characters of a file that says how the service is to work; such files have some ten thousand."""


def read_text(path: Path, most: int, called: str) -> str:
    """With every end of a line as a line feed. UnreadableFile names the file and what is wrong.

    `called` is what a complaint calls a longer one. Of that no more is read, be it without end.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:  # Windows editors put a mark before the text
            text = file.read(most + 1)
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path}: save the file in UTF-8") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from None
    if len(text) > most:
        raise UnreadableFile(f"{path}: {called} has at most {most:,} characters")
    return text
