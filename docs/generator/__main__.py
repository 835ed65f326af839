"""`python -m docs.generator` writes the generated pages of docs/reference; `--check` says which are stale."""

import sys
from collections.abc import Sequence
from pathlib import Path

from docs.generator import (
    ARCHITECTURE,
    REFERENCE_FOLDER,
    REFERENCE_PAGES,
    RENEW_COMMAND,
    find_stale_pages,
    with_present_picture,
)


def main(arguments: Sequence[str]) -> str | None:
    """Write or check the pages. Return what to end the process with: None, or a message for stderr."""
    if not REFERENCE_FOLDER.is_dir():
        return f"there is no {REFERENCE_FOLDER}: the reference is made in a checkout of the project"
    match arguments:
        case []:
            renew_pages(REFERENCE_FOLDER)
            ARCHITECTURE.write_text(with_present_picture(ARCHITECTURE.read_text(encoding="utf-8")), encoding="utf-8")
        case ["--check"]:
            if names := find_stale_pages(REFERENCE_FOLDER):
                return f"stale in docs/reference: {', '.join(names)}; `{RENEW_COMMAND}` renews them"
        case _:
            return "usage: python -m docs.generator [--check]"
    return None


def renew_pages(folder: Path) -> None:
    for name in find_stale_pages(folder):
        (folder / name).write_text(REFERENCE_PAGES[name](), encoding="utf-8")
        print(f"written: {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
