"""Names the types of the values that facts and their parts store, each with the bound that the codec checks.

A bound belongs to the stored form. What nobody said is left unsaid: it is never an empty text, and nothing is counted
from 0 that begins at 1. The codec refuses a value out of its bound in writing, because it decodes what it encoded.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from domain.vocabulary import GroundCode, OfficerId, RemedyKind, UnitId

NonEmptyStr = Annotated[str, Meta(min_length=1)]
"""A number of a document, a position, a code or a name. Texts that may be sealed are `domain.sealed_text.Text`."""

UnitCode = Annotated[UnitId, Meta(min_length=1)]
OfficerCode = Annotated[OfficerId, Meta(min_length=1)]
LegalGround = Annotated[GroundCode, Meta(min_length=1)]
RemedyCode = Annotated[RemedyKind, Meta(min_length=1)]

Count = Annotated[int, Meta(ge=0)]
"""Counts things that may be none."""

CountFromOne = Annotated[int, Meta(ge=1)]
"""Counts things of which there is at least one, and numbers places, rounds, versions, forms and attempts."""

Instant = Annotated[datetime, Meta(tz=True)]
"""An instant, with its zone."""
