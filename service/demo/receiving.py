"""Makes up the receipt of letters and their classification, by desks."""

from domain.commands import ClassifyPetition, ReceivePetition
from domain.rules.representation import MASS_PERSON_COUNT
from domain.vocabulary import Channel, Competence, PetitionKind
from service.demo.life import Life
from service.demo.matters import make_petitioner
from service.demo.province import Bureau

_CHANNELS_OF_PROPOSALS = (
    *(Channel.POST, Channel.POST, Channel.RECEPTION_PLACE, Channel.RECEPTION_PLACE),
    *(Channel.ONLINE, Channel.HOTLINE, Channel.SUGGESTION_BOX),
)
_CHANNELS_IN_WRITING_OR_PERSON = (
    *(Channel.POST,) * 5,
    *(Channel.RECEPTION_PLACE,) * 4,
    Channel.REFERRED_BY_DEPUTY,
)
"""A complaint and a denunciation are a letter, or said in person (Law 02/2011 Art 8, Law 25/2018 Art 22)."""


def channel_of(life: Life, kind: PetitionKind) -> Channel:
    """Choose a channel by which a petition of this kind may come."""
    is_proposal = kind is PetitionKind.PROPOSAL_FEEDBACK
    return life.chance.choice(_CHANNELS_OF_PROPOSALS if is_proposal else _CHANNELS_IN_WRITING_OR_PERSON)


def receive_letter(
    life: Life, at: Bureau, kind: PetitionKind, summary: str, channel: Channel, *, is_anonymous: bool = False
) -> None:
    """Receive a letter. Many persons say at once who represents them."""
    village = f"Thôn Ví Dụ {life.chance.randint(1, 9)}"
    count = life.chance.choice((1, 1, 1, 1, 1, 2, 6))
    sender = make_petitioner(life.chance).model_copy(update={"is_representative": count >= MASS_PERSON_COUNT})
    life.add_step(
        at.desk,
        ReceivePetition(
            occurred_on=life.day,
            channel=channel,
            kind=kind,
            summary=f"{summary} ({village})",
            petitioners=() if is_anonymous else (sender,),
            person_count=None if is_anonymous else count,
            place=village,
        ),
    )


def classify_letter(
    life: Life, at: Bureau, kind: PetitionKind, topic: str, competence: Competence = Competence.OWN
) -> None:
    """Classify the letter within a few days of its receipt."""
    life.advance_days(0, 4)
    life.topic = topic
    life.add_step(at.desk, ClassifyPetition(occurred_on=life.day, kind=kind, competence=competence, topic=topic))
