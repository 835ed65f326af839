"""Made-up petitions, the same at every run: many units, three years, most of them answered, some too late."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random

from domain.imported_history import ImportedCase, facts_of_imported_case
from domain.vocabulary import Channel, PetitionKind
from service.commands.unit_of_work import UnitOfWork
from service.config.settings import Settings
from service.event_store.append import Append
from service.event_store.group_commit import Committer
from service.event_store.ids import import_command_id, time_ordered_id
from service.security.text_vault import TextVault
from tests.benchmarks.environment import DIGEST, OFFICER, VAULT_KEY

UNITS = 60
IN_TIME, LATE = 0.15, 0.05
"""Shares of all petitions that are open today: before their date, and past it."""

AT_ONCE = 512
SUMMARY = "Đề nghị sửa đoạn đường liên thôn bị hư hỏng, nước đọng sau mưa, xe của các hộ dân không đi lại được."


def past_cases(amount: int, today: date) -> Iterator[ImportedCase]:
    """In the order of receipt, as a register has them."""
    random = Random(20_260_101)
    kinds = (PetitionKind.PROPOSAL_FEEDBACK, PetitionKind.PROPOSAL_FEEDBACK, PetitionKind.COMPLAINT)
    fates = [random.random() for _ in range(amount)]
    ages = sorted((random.randrange(30) if fate < IN_TIME else random.randrange(61, 3 * 365), fate) for fate in fates)
    for n, (age, fate) in enumerate(reversed(ages)):
        received_on = today - timedelta(days=age)
        limit = timedelta(days=random.choice((30, 45, 60)))
        answered_on = None if fate < IN_TIME + LATE else received_on + timedelta(days=random.randrange(1, 61))
        yield ImportedCase(
            source="bench",
            key=f"case-{n}",
            received_on=received_on,
            channel=random.choice((Channel.POST, Channel.ONLINE, Channel.RECEPTION_PLACE)),
            kind=random.choice(kinds),
            summary=SUMMARY,
            place=f"thôn {random.randrange(400)}",
            unit=f"so-{random.randrange(UNITS):02}",
            officer=f"cv-{random.randrange(600):03}",
            assigned_on=received_on,
            due_on=received_on + limit,
            answered_on=answered_on,
            answer_no=f"{n}/CV",
        )


async def tell(dsn: str, amount: int, today: date) -> int:
    """Into the log, many in one commit and without asking the office; how many events there are.

    Texts are sealed as the settings say, like those of an import.
    """
    vault, events = TextVault(VAULT_KEY, seals=Settings().seal_texts), 0
    cases = past_cases(amount, today)
    async with Committer(dsn, max_batch=4 * AT_ONCE, notify=False) as committer:
        while told := [_append(case, today, vault) for case in islice(cases, AT_ONCE)]:
            await asyncio.gather(*(committer.append(append) for append in told))
            events += sum(len(append.events) for append in told)
    return events


def _append(case: ImportedCase, today: date, vault: TextVault) -> Append:
    work = UnitOfWork(vault, OFFICER.acting_officer, time_ordered_id())
    work.add_facts(facts_of_imported_case(case, today))
    return work.as_append(import_command_id(case.source, case.key), DIGEST)
