"""Defines how persons are represented: by some of them, whom all chose, or by a proxy."""

from datetime import date

from domain.sealed_text import Text
from domain.stored_values import CountFromOne, NonEmptyStr
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import PetitionerRef


class Mandate(FactPart):
    """Holds the document by which many persons chose some of them to represent them (văn bản cử người đại diện).

    `signatures` counts the persons who signed. `representatives` are references to identities in the vault.
    """

    document_no: NonEmptyStr | UnsetType = UNSET
    document_on: date
    signatures: CountFromOne
    representatives: tuple[PetitionerRef, ...]
    scope: Text | UnsetType = UNSET


class Proxy(FactPart):
    """Holds the document by which somebody else acts for a complainant (văn bản ủy quyền, Decree 124/2020 Art 5.3).

    `proxy` acts for `principal`, or for whoever complains where that is not said. Both are references to identities in
    the vault. `is_certified` says whether the document is notarised or certified (công chứng, chứng thực).
    """

    proxy: PetitionerRef
    principal: PetitionerRef | UnsetType = UNSET
    document_no: NonEmptyStr | UnsetType = UNSET
    document_on: date
    scope: Text
    reason: Text | UnsetType = UNSET
    is_certified: bool | UnsetType = UNSET
