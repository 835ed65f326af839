"""Each act of the made-up province is one that the law knows: of its kind, on its day, by its document and its signer.

Officials take the demonstration for a model. Every life is read, and judged by a table that is written by hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import pytest

from domain import commands as c
from domain.actor import Credentials
from domain.command import Command
from domain.endings.table import ENDING_RULES
from domain.endings.words import Ground, PetitionEnding
from domain.vocabulary import Channel, PetitionKind, WithdrawalForm
from service.config.law_files import national_law
from service.demo.life import Life
from service.demo.loading import DEMO_SEED
from service.demo.story import write_province_story
from tests.service.demo import law_of_acts as law

CALENDAR = national_law().calendar
STORIES = [(DEMO_SEED, date(2026, 11, 20)), (7, date(2026, 8, 14)), (11, date(2027, 9, 1)), (23, date(2026, 12, 1))]

ENDINGS = {
    c.AnswerAtMeeting: PetitionEnding.ANSWER_AT_MEETING,
    c.AnswerInWriting: PetitionEnding.ANSWER_IN_WRITING,
    c.RefuseAcceptance: PetitionEnding.REFUSAL_OF_ACCEPTANCE,
    c.TransferPetition: PetitionEnding.TRANSFER,
    c.ReturnPetition: PetitionEnding.RETURN,
    c.GuideCitizen: PetitionEnding.GUIDANCE,
    c.FilePetition: PetitionEnding.FILING,
    c.HandleAsInformation: PetitionEnding.USE_AS_INFORMATION,
    c.AcceptWithdrawal: PetitionEnding.WITHDRAWAL,
    c.OverrideWithdrawal: PetitionEnding.OVERRIDE_OF_WITHDRAWAL,
    c.SuspendProcessing: PetitionEnding.SUSPENSION,
    c.TerminateProcessing: PetitionEnding.TERMINATION,
    c.LodgeSecondComplaint: PetitionEnding.SECOND_COMPLAINT,
    c.LodgeFurtherDenunciation: PetitionEnding.FURTHER_DENUNCIATION,
    c.FileLawsuit: PetitionEnding.LAWSUIT,
}


@dataclass
class Followed:
    """Follows one petition of a life: its kind, and its acts so far."""

    kind: PetitionKind
    is_further: bool = False
    acts: list[tuple[Credentials, Command]] = field(default_factory=list)

    def last(self, act: type[Command]) -> Command | None:
        return next((command for _, command in reversed(self.acts) if isinstance(command, act)), None)

    def officer_of(self, act: type[Command]) -> Credentials | None:
        return next((by for by, command in reversed(self.acts) if isinstance(command, act)), None)

    def day_of(self, act: type[Command]) -> date | None:
        command = self.last(act)
        return None if command is None else command.occurred_on


def acts_of(life: Life) -> Iterator[tuple[Followed, Credentials, Command]]:
    """Yield each act with the petition as it was before; what a letter opened is followed apart."""
    petitions: dict[int | None, Followed] = {}
    for step in life.steps:
        if callable(step.command):
            continue
        command = step.command
        if isinstance(command, c.ReceivePetition):
            assert command.kind is not None
            petitions[None] = Followed(command.kind)
        followed = petitions[step.opened_index]
        if isinstance(command, c.ClassifyPetition):
            followed.kind = command.kind
        if isinstance(command, c.SplitPetition):
            petitions |= {n: Followed(matter.kind or followed.kind) for n, matter in enumerate(command.matters)}
        if isinstance(command, c.LodgeSecondComplaint | c.LodgeFurtherDenunciation) and command.to_unit:
            petitions[0] = Followed(followed.kind, is_further=True)
        yield followed, step.by, command
        followed.acts.append((step.by, command))


@cache
def lives_of(seed: int, today: date) -> list[Life]:
    return write_province_story(seed, CALENDAR, today).lives


@pytest.fixture(params=STORIES, ids=lambda story: f"{story[0]}-{story[1]}")
def lives(request: pytest.FixtureRequest) -> list[Life]:
    return lives_of(*request.param)


def told(life: Life, command: Command, why: str) -> str:
    return f"{life.name}: {type(command).__name__} on {command.occurred_on}: {why}"


def test_each_act_is_one_of_the_law_of_its_kind_on_its_day(lives: list[Life]) -> None:
    faults = []
    for life in lives:
        for followed, _, command in acts_of(life):
            if type(command) in law.OF_EVERY_KIND:
                continue
            lawful = law.ACTS_OF_KIND[followed.kind].get(type(command))
            if lawful is None:
                faults.append(told(life, command, f"no act of a {followed.kind}"))
            elif command.occurred_on < lawful.since:
                faults.append(told(life, command, f"{lawful.article} came on {lawful.since}"))
    assert faults == []


def test_each_document_is_numbered_as_the_act_names_it(lives: list[Life]) -> None:
    faults = []
    for life in lives:
        for followed, _, command in acts_of(life):
            lawful = law.ACTS_OF_KIND[followed.kind].get(type(command))
            number = next((getattr(command, name) for name in law.PAPER_FIELDS if hasattr(command, name)), "")
            if lawful is None or not lawful.paper:
                continue
            wanted = r"\d+/[A-ZĐ]+-VP" if lawful.paper == "VP" else rf"\d+/{lawful.paper}-[A-ZĐ]+"
            if not re.fullmatch(wanted, number):
                faults.append(told(life, command, f"{number!r} is not like {wanted}"))
    assert faults == []


def test_complaints_and_denunciations_are_written_or_said_in_person(lives: list[Life]) -> None:
    faults = [
        told(life, life.receipt, f"a {life.receipt.kind} by {life.receipt.channel}")
        for life in lives
        if life.receipt.kind is None or life.receipt.channel not in law.CHANNELS[life.receipt.kind]
    ]
    assert faults == []


def test_who_accepts_decides_and_signs_and_is_a_chair(lives: list[Life]) -> None:
    """LKN Arts 17, 18, 21; LTC Art 13: these cases are settled by chairs. Who verifies reports to them."""
    faults = []
    for life in lives:
        for followed, by, command in acts_of(life):
            settler = followed.officer_of(c.AcceptPetition)
            if followed.kind is law.PROPOSAL:
                continue
            signer = by.officer
            match command:
                case c.AnswerInWriting():
                    signer = command.signed_by
                    if command.result is None or command.result in law.RESULTS_WITHOUT_JUDGEMENT:
                        faults.append(told(life, command, f"judges nothing: {command.result}"))
                case c.AcceptPetition() | c.RefuseAcceptance():
                    settler = by
                case c.SuspendProcessing() | c.ResumeProcessing() | c.TerminateProcessing() | c.AcceptWithdrawal():
                    pass
                case _:
                    continue
            if settler is None or not settler.position.startswith("Chủ tịch Ủy ban nhân dân"):
                faults.append(told(life, command, f"settled by {settler and settler.position}"))
            elif signer != settler.officer and not (
                _has_ended(settler.unit, command.occurred_on) and signer == "ubnd-tinh.truong"
            ):
                faults.append(told(life, command, f"accepted by {settler.officer}, signed by {signer}"))
    assert faults == []


def test_nothing_is_done_with_a_unit_that_does_not_exist_on_that_day(lives: list[Life]) -> None:
    faults = []
    for life in lives:
        for _, by, command in acts_of(life):
            units = [by.unit, *[getattr(command, name, None) for name in ("lead_unit", "to_unit")]]
            faults += [
                told(life, command, f"{unit} is no unit on this day")
                for unit in units
                if unit and (_has_ended(unit, command.occurred_on) or _is_to_come(unit, command.occurred_on))
            ]
            if isinstance(command, c.FileLawsuit | c.GuideCitizen) and command.occurred_on < law.REGIONAL_COURTS_SINCE:
                text = command.court if isinstance(command, c.FileLawsuit) else command.competent_body
                if "khu vực" in text:
                    faults.append(told(life, command, text))
    assert faults == []


def _has_ended(unit: str, on: date) -> bool:
    return any(unit.startswith(begin) and on > last for begin, last in law.UNITS_UNTIL.items())


def _is_to_come(unit: str, on: date) -> bool:
    return on < law.UNITS_SINCE.get(unit, date.min)


def test_a_withdrawal_has_its_form_and_only_a_forced_one_is_overridden(lives: list[Life]) -> None:
    """LKN Art 10 of 2011: by letter. LTC Art 33 with Decree 31/2019 Art 4: by letter or minutes."""
    faults = []
    for life in lives:
        for followed, _, command in acts_of(life):
            request = followed.last(c.RequestWithdrawal)
            if isinstance(command, c.RequestWithdrawal):
                is_minuted = command.form is WithdrawalForm.MINUTES
                if is_minuted and followed.kind is law.COMPLAINT and command.occurred_on < law.NEW_LAW:
                    faults.append(told(life, command, "by minutes"))
            if isinstance(command, c.OverrideWithdrawal | c.AcceptWithdrawal):
                assert isinstance(request, c.RequestWithdrawal)
                if request.signs_of_coercion is not isinstance(command, c.OverrideWithdrawal):
                    faults.append(told(life, command, f"signs of force: {request.signs_of_coercion}"))
    assert faults == []


def test_further_letters_of_the_citizen_come_in_their_windows(lives: list[Life]) -> None:
    """LKN Art 33: 30 days from the receipt of the decision, or from the end of the 30 days of Art 28. LTC Art 37."""
    faults, count = [], 0
    for life in lives:
        for followed, _, command in acts_of(life):
            if isinstance(command, c.LodgeSecondComplaint | c.FileLawsuit):
                count += 1
                accepted_on, told_on = followed.day_of(c.AcceptPetition), followed.day_of(c.NotifyCitizen)
                assert accepted_on is not None
                limit = CALENDAR.next_working_day(accepted_on + timedelta(days=30))
                first = told_on or limit
                last = CALENDAR.next_working_day(first + timedelta(days=30))
                is_second = isinstance(command, c.LodgeSecondComplaint)
                if command.occurred_on <= first or (is_second and command.occurred_on > last):
                    faults.append(told(life, command, f"not between {first} and {last}"))
                if is_second and followed.is_further:
                    faults.append(told(life, command, "a third complaint"))
            if isinstance(command, c.LodgeFurtherDenunciation):
                count += 1
                if followed.day_of(c.NotifyCitizen) is None:
                    faults.append(told(life, command, "nobody has told the denouncer yet"))
    assert faults == []
    assert count > 5


def test_second_complaints_have_a_dialogue_and_many_persons_a_mandate(lives: list[Life]) -> None:
    """LKN Art 39: the second settler meets the parties. LTCD Art 29: five persons name who represents them."""
    faults = []
    for life in lives:
        for followed, _, command in acts_of(life):
            are_many = (life.receipt.person_count or 1) >= 5
            if isinstance(command, c.AcceptPetition) and are_many and followed.last(c.RecordMandate) is None:
                faults.append(told(life, command, "without a mandate"))
            is_second_decision = isinstance(command, c.AnswerInWriting) and followed.is_further
            has_dialogue = followed.last(c.RecordComplaintDialogue) is not None
            if is_second_decision and followed.kind is law.COMPLAINT and not has_dialogue:
                faults.append(told(life, command, "without a dialogue"))
    assert faults == []


def test_what_is_sent_back_came_from_a_body_and_what_has_no_name_by_post(lives: list[Life]) -> None:
    faults = []
    for life in lives:
        for _, _, command in acts_of(life):
            if isinstance(command, c.ReturnPetition) and life.receipt.channel is not Channel.REFERRED_BY_FRONT:
                faults.append(told(life, command, f"came by {life.receipt.channel}"))
            if isinstance(command, c.HandleAsInformation) and life.receipt.channel is not Channel.POST:
                faults.append(told(life, command, f"came by {life.receipt.channel}"))
    assert faults == []


def test_each_ending_is_in_the_products_table_of_endings(lives: list[Life]) -> None:
    faults = []
    for life in lives:
        for followed, _, command in acts_of(life):
            ending = ENDINGS.get(type(command))
            if ending is None:
                continue
            basis = ENDING_RULES[ending].by_kind.get(followed.kind)
            ground = getattr(command, "ground_code", None)
            may_be_said = basis and (basis.grounds or (None,))
            if followed.is_further and isinstance(command, c.RefuseAcceptance) and followed.kind is law.DENUNCIATION:
                may_be_said = (Ground.NO_GROUND_TO_SETTLE_AGAIN,)
            if basis is None or command.occurred_on < basis.since or ground not in (may_be_said or ()):
                faults.append(told(life, command, f"{ending} of a {followed.kind} on {ground}"))
    assert faults == []


def test_every_act_of_the_table_is_shown_in_some_story() -> None:
    """What the hand-written table knows, the demonstration shows: so no branch of it goes unread."""
    shown = {
        (followed.kind, type(command))
        for seed, today in STORIES
        for life in lives_of(seed, today)
        for followed, _, command in acts_of(life)
    }
    known = {(kind, act) for kind, acts in law.ACTS_OF_KIND.items() for act in acts}
    assert known - shown == set()
