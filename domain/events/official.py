"""Defines the part that names an official: who answered, signed, ordered, or is responsible."""

from domain.value import UNSET, FactPart, UnsetType, as_said, known
from domain.vocabulary import OfficerId


class Official(FactPart):
    """Names an official by the code of the register, or by `name` who is not in it, with the position of that day.

    The name is no text that can be erased: officials act in their office, and who handled a case stays known.
    """

    officer: OfficerId | UnsetType = UNSET
    name: str | UnsetType = UNSET
    position: str | UnsetType = UNSET


def official(officer: str | None, position: str | None = None) -> Official | UnsetType:
    """Return the official that a command names by code and position, or UNSET where it names nobody."""
    if not officer and not position:
        return UNSET
    return Official(officer=as_said(OfficerId(officer or "")), position=as_said(position))


def official_outside(name: str) -> Official | UnsetType:
    """Return an official who is known by name alone, or UNSET for an empty name."""
    return Official(name=name) if name else UNSET


def officer_of(named: Official | UnsetType) -> OfficerId | None:
    """Return the code of a named official, or None for one outside the register and where nobody was named."""
    return None if named is UNSET or named.officer is UNSET else named.officer


def official_shown(named: Official | UnsetType) -> str | None:
    """Return the code of a named official, or else the name; None where nobody was named."""
    return None if named is UNSET else known(named.officer) or known(named.name)
