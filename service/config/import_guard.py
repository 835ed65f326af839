"""Refuses to run when another package stands in the place of one of ours: their names are plain words."""

import importlib.metadata
import importlib.util
from pathlib import Path

PACKAGES = ("domain", "projections", "service")
DISTRIBUTION = "kiennghi"


class NameCollision(RuntimeError):
    """A package named like one of ours is in the way; the message says which and where."""


def refuse_strangers() -> None:
    """NameCollision unless domain and projections come from where this service comes from."""
    home = Path(__file__).resolve().parents[2]
    for name in PACKAGES:
        found = importlib.util.find_spec(name)
        place = Path(found.origin).resolve() if found and found.origin else None
        if place is None or place.parents[1] != home:
            others = ", ".join(strangers(name)) or "a folder on the module path"
            raise NameCollision(
                f"package {name!r} is taken from {place or 'nowhere'}, not from {home} ({others}):"
                f" {DISTRIBUTION} wants an environment of its own"
            )


def strangers(name: str) -> list[str]:
    """The other distributions that bring a package of this name (ours is not listed when editable)."""
    bringing = importlib.metadata.packages_distributions().get(name, [])
    return sorted(set(bringing) - {DISTRIBUTION})
