"""Defines how a petition began, in one form for a receipt, a matter of a split letter, and a stage above."""

from datetime import date, datetime

from domain.events import EarlierDecision, MatterOpened, Person, PetitionOpening, PetitionReceived, StageOpened
from domain.sealed_text import plain_text
from domain.unsaid import IDENTITY_PROTECTED_UNSAID, count_persons
from domain.value import UNSET, Value, known, said
from domain.vocabulary import (
    INSTANCE_OF_WAY,
    NO_UNIT,
    Channel,
    Instance,
    MeetingId,
    PetitionId,
    PetitionKind,
    UnitId,
    WayUp,
)


class Opening(Value):
    """Holds what the first event of a petition said, with the corrections that followed.

    A text or list is empty and any other field is None where nothing was said. `letter` is the letter that this matter
    was split from, `number` the place of the matter in it. `earlier` is the petition below this stage, `way` how
    the matter came up from there; the matters of a stage have both too. `unit` has the petition from the first day.
    `person_count` is the number that was said, `counted_persons` what it is read as. `identity_protected` is True for
    who asked for it and for the sender of a letter that calls itself a denunciation, and stays so whatever the letter
    is classified as later (Law 25/2018 Arts 9, 47, 56).
    """

    channel: Channel | None
    summary: str
    place: str
    person_count: int | None
    persons: tuple[Person, ...]
    book: str
    document_no: str
    meeting_id: MeetingId | None
    identity_protected: bool
    is_remote_area: bool | None
    is_imported: bool
    received_at: datetime | None
    letter: PetitionId | None
    number: int | None
    earlier: PetitionId | None
    way: WayUp | None
    unit: UnitId
    instance: Instance | None
    earlier_decision: EarlierDecision | None

    @property
    def counted_persons(self) -> int:
        """Return how many persons are behind the petition."""
        return count_persons(self.person_count, len(self.persons))

    @property
    def origin(self) -> PetitionId | None:
        """Return the petition that this one came from, None for a letter. Its identities are also those of this one."""
        return self.letter or self.earlier

    @property
    def is_letter(self) -> bool:
        """Return True for what a citizen sent, False for a matter of it and for a stage above."""
        return self.origin is None


_DENUNCIATION = PetitionKind.DENUNCIATION  # a word of an enumeration is slow to name


def opening_of(fact: PetitionOpening) -> Opening:
    """Return the opening that the first event of a petition says."""
    return Opening(
        channel=known(fact.channel),
        summary="" if fact.summary is UNSET else plain_text(fact.summary),
        place="" if fact.place is UNSET else plain_text(fact.place),
        person_count=known(fact.person_count),
        persons=said(fact.persons, ()),
        book=fact.book,
        document_no="" if isinstance(fact, MatterOpened) else said(fact.document_no, ""),
        meeting_id=None if isinstance(fact, StageOpened) else known(fact.meeting_id),
        identity_protected=(said(fact.identity_protected, IDENTITY_PROTECTED_UNSAID) or fact.kind is _DENUNCIATION),
        is_remote_area=known(fact.is_remote_area),
        is_imported=isinstance(fact, PetitionReceived) and fact.source is not UNSET,
        received_at=known(fact.received_at if isinstance(fact, MatterOpened) else fact.occurred_at),
        letter=fact.letter if isinstance(fact, MatterOpened) else None,
        number=fact.number if isinstance(fact, MatterOpened) else None,
        earlier=None if isinstance(fact, PetitionReceived) else known(fact.earlier),
        way=None if isinstance(fact, PetitionReceived) else known(fact.way),
        unit=first_unit(fact),
        instance=first_instance(fact),
        earlier_decision=known(fact.earlier_decision),
    )


def first_instance(fact: PetitionOpening) -> Instance | None:
    """Return the instance that the opening says; of a stage that does not, that of the letter by which it came up."""
    if fact.instance is not UNSET or isinstance(fact, PetitionReceived) or fact.way is UNSET:
        return known(fact.instance)
    return INSTANCE_OF_WAY.get(fact.way)


def day_of_receipt(fact: PetitionOpening) -> date:
    """Return the day from which the clocks count: that of a letter for its matters, else that of the opening."""
    return fact.received_on if isinstance(fact, MatterOpened) else fact.occurred_on


def first_unit(fact: PetitionOpening) -> UnitId:
    """Return the unit that has the petition from the first day, which only a stage above knows, and its matters."""
    return NO_UNIT if isinstance(fact, PetitionReceived) else said(fact.unit, NO_UNIT)
