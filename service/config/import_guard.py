"""Refuses to run when Python imports another package in place of one of ours, whose names are common words."""

import importlib.util
from pathlib import Path

OUR_PACKAGES = ("domain", "projections", "service")
DISTRIBUTION = "kiennghi"


class NameCollision(RuntimeError):
    """Is raised when a package with the name of one of ours is imported instead; the message names it and its place."""


def refuse_shadowing_packages() -> None:
    """Raise NameCollision unless domain and projections are in the folder that this service is in."""
    home = Path(__file__).resolve().parents[2]
    for name in OUR_PACKAGES:
        found = importlib.util.find_spec(name)
        path = Path(found.origin).resolve() if found and found.origin else None
        if path is None or path.parents[1] != home:
            owners = ", ".join(shadowing_distributions(name)) or "a folder on the module path"
            raise NameCollision(
                f"package {name!r} is taken from {path or 'nowhere'}, not from {home} ({owners}):"
                f" {DISTRIBUTION} wants an environment of its own"
            )


def shadowing_distributions(name: str) -> list[str]:
    """Return the other installed distributions that have a package of this name.

    Ours is left out; as an editable install it is not listed at all.
    """
    import importlib.metadata  # only for the message: it takes longer than the check

    distributions = importlib.metadata.packages_distributions().get(name, [])
    return sorted(set(distributions) - {DISTRIBUTION})
