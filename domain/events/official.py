"""Defines the part that names an official: who answered, signed, ordered, or is responsible."""

from domain.stored_values import NonEmptyStr, OfficerCode
from domain.value import UNSET, FactPart, UnsetType, as_said, known
from domain.vocabulary import OfficerId


class Official(FactPart):
    """Names an official by the code of the register, or by `name` who is not in it, with the position of that day.

    The name is no text that can be erased: officials act in their office, and who handled a case stays known. Raise
    ValueError where neither is said, also in writing and reading: a position alone names nobody.
    """

    officer: OfficerCode | UnsetType = UNSET
    name: NonEmptyStr | UnsetType = UNSET
    position: NonEmptyStr | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.officer is UNSET and self.name is UNSET:
            raise ValueError("an official is named by a code or by a name")


def official(officer: str | None, position: str | None = None) -> Official | UnsetType:
    """Return the official that a command names by code, with the position, or UNSET where it names nobody."""
    return Official(officer=OfficerId(officer), position=as_said(position)) if officer else UNSET


def official_outside(name: str) -> Official | UnsetType:
    """Return an official who is known by name alone, or UNSET for an empty name."""
    return Official(name=name) if name else UNSET


def officer_of(named: Official | UnsetType) -> OfficerId | None:
    """Return the code of a named official, or None for one outside the register and where nobody was named."""
    return None if named is UNSET or named.officer is UNSET else named.officer


def official_shown(named: Official | UnsetType) -> str | None:
    """Return the code of a named official, or else the name; None where nobody was named."""
    return None if named is UNSET else known(named.officer) or known(named.name)
