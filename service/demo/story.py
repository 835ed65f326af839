"""Writes the story of the made-up province up to a day; the same seed and day give the same story."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

from domain.commands import (
    AcceptWithdrawal,
    CancelRegistration,
    FileLawsuit,
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    LodgeFurtherDenunciation,
    LodgeSecondComplaint,
    RefuseAcceptance,
    ReopenPetition,
    ReturnPetition,
    SplitPetition,
    TerminateProcessing,
    TransferPetition,
)
from domain.deadlines.calendar import Calendar
from domain.vocabulary import PetitionKind
from service.demo.dialogues import (
    DemoMeeting,
    dialogues_of_nine_months,
    meetings_of_recent_weeks,
    petition_names,
    raise_at_meeting,
)
from service.demo.letters import assign_with_due_date, handle_letter, send_letter_again
from service.demo.life import Life, live_until_today
from service.demo.matters import DENUNCIATIONS_OF_COMMUNE
from service.demo.planned import PlannedConference, conferences_of_these_weeks
from service.demo.proposals import answer_proposal
from service.demo.province import BUREAUS, COMMUNE_BUREAUS
from service.demo.receiving import channel_of, classify_letter, receive_letter
from service.demo.settlement import Settlement, accept_and_assign, suspend

OLD_LETTER_COUNT, RECENT_LETTER_COUNT = 600, 330
RECENT_PERIOD = timedelta(days=75)


@dataclass(frozen=True)
class ProvinceStory:
    """Holds everything that happened. `lives` are in order of receipt; lives that repeat a letter come last."""

    meetings: list[DemoMeeting]
    conferences: list[PlannedConference]
    lives: list[Life]


def write_province_story(seed: int, calendar: Calendar, today: date) -> ProvinceStory:
    """Write the story up to `today`, which must be a quarter of a year before the end of the calendar.

    Due dates lie ahead of `today`, and the calendar must reach them.
    """
    chance = Random(f"{seed}/meetings")  # noqa: S311 - a made-up province is no secret
    meetings = [*dialogues_of_nine_months(chance, calendar), *meetings_of_recent_weeks(chance, calendar, today)]

    def begin_life(name: str, day: date) -> Life:
        chance_of_life = Random(f"{seed}/{name}")  # noqa: S311
        return Life(name, chance_of_life, calendar, today, calendar.add_working_days(day + timedelta(days=1), -1))

    lives = [
        live_until_today(begin_life(name, meeting.command.occurred_on), partial(raise_at_meeting, meeting=meeting))
        for meeting in meetings
        for name in petition_names(meeting)
    ]
    days = Random(f"{seed}/letters")  # noqa: S311
    first, last = date(2022, 10, 3), today - RECENT_PERIOD
    for n in range(OLD_LETTER_COUNT):
        day = first + timedelta(days=days.randint(0, (last - first).days))
        lives.append(live_until_today(begin_life(f"letter/{n}", day), handle_letter))
    for n in range(RECENT_LETTER_COUNT):
        day = today - timedelta(days=days.randint(0, RECENT_PERIOD.days))
        lives.append(live_until_today(begin_life(f"recent-letter/{n}", day), handle_letter))
    lives += [
        live_until_today(begin_life(name, today - timedelta(days=ago)), episode)
        for name, ago, episode in _cases_of_these_days(today)
    ]
    lives.sort(key=lambda life: life.received_on)
    conferences = conferences_of_these_weeks(Random(f"{seed}/conferences"), calendar, today)  # noqa: S311
    return ProvinceStory(meetings, conferences, [*lives, *_letters_sent_again(lives, begin_life)])


_ENDINGS_WITHOUT_ANSWER = (
    AcceptWithdrawal,
    CancelRegistration,
    FileLawsuit,
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    LodgeFurtherDenunciation,
    LodgeSecondComplaint,
    RefuseAcceptance,
    ReturnPetition,
    SplitPetition,
    TerminateProcessing,
    TransferPetition,
)


def _ended_without_answer(life: Life) -> bool:
    """Return True for a letter that nobody answered in the end: one that repeats it is a letter of its own."""
    return any(isinstance(step.command, _ENDINGS_WITHOUT_ANSWER) for step in life.steps)


def _letters_sent_again(lives: list[Life], begin_life: Callable[[str, date], Life]) -> list[Life]:
    letters = [life for life in lives if life.name.startswith("letter/")]
    again = []
    for first in [life for life in letters if not _ended_without_answer(life)][::40]:
        episode = partial(send_letter_again, first=first.receipt)
        life = live_until_today(begin_life(f"{first.name}/again", first.received_on + timedelta(days=9)), episode)
        life.repeats = first.name
        again.append(life)
    return again


def _cases_of_these_days(today: date) -> list[tuple[str, int, Callable[[Life], None]]]:
    """Return the letters that fill the lists of today: name, days since the receipt, and how it went."""
    return [
        *((f"due-today/{n}", 20, partial(assign_with_due_date, on=today)) for n in range(8)),
        *(
            (f"due-soon/{n}", 16, partial(assign_with_due_date, on=today + timedelta(days=1 + n % 6)))
            for n in range(12)
        ),
        *(
            (f"overdue/{n}", 40 + 7 * n, partial(assign_with_due_date, on=today - timedelta(days=1 + 6 * n)))
            for n in range(12)
        ),
        *((f"suspended/{n}", 30, _suspend_denunciation) for n in range(8)),
        *((f"no-limit/{n}", 60, _reopen_without_due_date) for n in range(4)),
    ]


def _suspend_denunciation(life: Life) -> None:
    """Suspend a denunciation that was accepted; what it waits for has not come yet."""
    at, what = life.chance.choice(COMMUNE_BUREAUS), life.chance.choice(DENUNCIATIONS_OF_COMMUNE)
    kind = PetitionKind.DENUNCIATION
    receive_letter(life, at, kind, what.summary, channel_of(life, kind))
    classify_letter(life, at, kind, what.field)
    life.advance_days(1, 3)
    case = Settlement(kind, settler=at, verifier=at)
    accept_and_assign(life, case)
    life.advance_days(3, 6)
    suspend(life, case)


def _reopen_without_due_date(life: Life) -> None:
    """Reopen the petition without a due date: a defect that the lists must show."""
    assign_with_due_date(life, life.today - timedelta(days=35))
    bureau = BUREAUS[life.steps[0].by.unit]
    answer_proposal(life, bureau)
    life.advance_days(10, 15)
    life.add_step(bureau.head, ReopenPetition(occurred_on=life.day, reason="Việc đã hứa chưa được thực hiện"))
