"""`python -m service.reference_docs` writes the generated pages of docs/reference; `--check` says which are stale."""

import sys
from collections.abc import Sequence
from pathlib import Path

from service.reference_docs import FOLDER, PAGES, RENEW, stale


def main(arguments: Sequence[str]) -> str | None:
    """What to end the process with."""
    if not FOLDER.is_dir():
        return f"there is no {FOLDER}: the reference is made in a checkout of the project"
    match arguments:
        case []:
            renew(FOLDER)
        case ["--check"]:
            if names := stale(FOLDER):
                return f"stale in docs/reference: {', '.join(names)}; `{RENEW}` renews them"
        case _:
            return "usage: python -m service.reference_docs [--check]"
    return None


def renew(folder: Path) -> None:
    for name in stale(folder):
        (folder / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"written: {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
