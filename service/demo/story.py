"""Everything that ever happened in the made-up province, as of a day; the same for the same seed and day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

from domain.commands import CancelRegistration, ReceivePetition, ReopenPetition, SuspendProcessing
from domain.deadlines.calendar import Calendar
from service.demo.answering import answered
from service.demo.dialogues import Meeting, of_nine_months, of_recent_weeks, raised, raised_at
from service.demo.letters import due, letter, sent_again
from service.demo.life import Life, told
from service.demo.planned import Conference, of_these_weeks
from service.demo.province import BUREAUS

OLD_LETTERS, RECENT_LETTERS = 600, 330
RECENT = timedelta(days=75)


@dataclass(frozen=True)
class Story:
    """`lives` in order of receipt; those that repeat another come after it."""

    meetings: list[Meeting]
    conferences: list[Conference]
    lives: list[Life]


def story(seed: int, calendar: Calendar, today: date) -> Story:
    """`today` must lie a quarter of a year before the end of the calendar, since due dates lie ahead."""
    chance = Random(f"{seed}/meetings")  # noqa: S311 - a made-up province is no secret
    meetings = [*of_nine_months(chance, calendar), *of_recent_weeks(chance, calendar, today)]

    def begun(name: str, day: date) -> Life:
        its_chance = Random(f"{seed}/{name}")  # noqa: S311
        return Life(name, its_chance, calendar, today, calendar.add_working_days(day + timedelta(days=1), -1))

    lives = [
        told(begun(name, meeting.command.occurred_on), partial(raised, meeting=meeting))
        for meeting in meetings
        for name in raised_at(meeting)
    ]
    days = Random(f"{seed}/letters")  # noqa: S311
    first, last = date(2022, 10, 3), today - RECENT
    for n in range(OLD_LETTERS):
        day = first + timedelta(days=days.randint(0, (last - first).days))
        lives.append(told(begun(f"letter/{n}", day), letter))
    for n in range(RECENT_LETTERS):
        day = today - timedelta(days=days.randint(0, RECENT.days))
        lives.append(told(begun(f"recent-letter/{n}", day), letter))
    lives += [told(begun(name, today - timedelta(days=ago)), tale) for name, ago, tale in _of_these_days(today)]
    lives.sort(key=lambda life: life.received_on)
    conferences = of_these_weeks(Random(f"{seed}/conferences"), calendar, today)  # noqa: S311
    return Story(meetings, conferences, [*lives, *_sent_again(lives, begun)])


def _sent_again(lives: list[Life], begun: Callable[[str, date], Life]) -> list[Life]:
    letters = [life for life in lives if life.name.startswith("letter/")]
    repeated = [life for life in letters if not isinstance(life.steps[-1].command, CancelRegistration)][::40]
    again = []
    for first in repeated:
        letter_of_first = first.steps[0].command
        assert isinstance(letter_of_first, ReceivePetition), "every life begins with a letter"
        tale = partial(sent_again, first=letter_of_first)
        life = told(begun(f"{first.name}/again", first.received_on + timedelta(days=9)), tale)
        life.repeats = first.name
        again.append(life)
    return again


def _of_these_days(today: date) -> list[tuple[str, int, Callable[[Life], None]]]:
    """What makes today's list tell something: name, days ago of the receipt, and how it went."""
    return [
        *((f"due-today/{n}", 20, partial(due, on=today)) for n in range(8)),
        *((f"due-soon/{n}", 16, partial(due, on=today + timedelta(days=1 + n % 6))) for n in range(12)),
        *((f"overdue/{n}", 40 + 7 * n, partial(due, on=today - timedelta(days=1 + 6 * n))) for n in range(12)),
        *((f"suspended/{n}", 30, _suspended) for n in range(8)),
        *((f"no-limit/{n}", 60, _taken_up_again_without_a_date) for n in range(4)),
    ]


def _suspended(life: Life) -> None:
    due(life, life.today + timedelta(days=10))
    life.later(3, 6)
    first = life.steps[0].by
    life.does(
        BUREAUS[first.unit].head,
        SuspendProcessing(
            occurred_on=life.day, ground="Chờ kết quả đo đạc của cơ quan khác", decision_no=life.number("QĐ-TĐC")
        ),
    )


def _taken_up_again_without_a_date(life: Life) -> None:
    """A defect that the lists must show: somebody reopened it and set no date."""
    due(life, life.today - timedelta(days=35))
    bureau = BUREAUS[life.steps[0].by.unit]
    answered(life, bureau)
    life.later(10, 15)
    life.does(bureau.head, ReopenPetition(occurred_on=life.day, reason="Việc đã hứa chưa được thực hiện"))
