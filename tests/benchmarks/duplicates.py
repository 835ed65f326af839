"""The search for what was received before, among many letters that are much alike; against comparing with all of them.

Of a hundred letters 8.5 are one and the same, as when a village sends a letter that was written for it.

The letters are made up (tests/domain/duplicates/letters.py): five topics, eight matters each, the same sentences again
and again, so that they are more alike than those of an office. Those that are sought are letters of the register as
they come a second time.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from random import Random
from uuid import UUID

import psycopg
from rapidfuzz import fuzz, process

from domain.commands import ReceivePetition
from domain.duplicates.normal_form import normal_words
from domain.events import Person, PetitionReceived
from domain.petition import Petition
from domain.rules.intake import petitioner_references
from domain.rules.intake_clocks import intake_deadlines
from domain.vocabulary import Channel, PersonCapacity, PetitionId, PetitionKind
from projections.duplicates import Duplicates
from projections.projection import Connection
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from service.duplicates.searching import find_duplicates
from service.event_store.codec import encode_fact
from service.event_store.ids import time_ordered_id
from service.postgres.pools import async_pool
from service.projector.rebuild import rebuild_views
from service.security.identity_vault import encrypt_identities
from tests.benchmarks.environment import DIGEST, OFFICER, VAULT_KEY, Ground
from tests.benchmarks.law_change import COPIED_COLUMNS, COPIED_TYPES, NOW, put_words
from tests.benchmarks.results import Figure, Outcome, Series, at_percent
from tests.domain.duplicates.letters import Letter, letter, sent_again

SOUGHT = 200
SCANNED = 3
"""Of those sought, a round: each is compared with all letters."""

SAME = 0.0851
"""Share of the letters that are one and the same."""

LONGEST, LEAST_FOUND = 20.0, 95.0
"""Milliseconds at p95 over 100,000 petitions, and so many in a hundred."""

SCAN = "comparing with every text, by the same measure, the texts in memory"


async def measure(ground: Ground) -> list[Outcome]:
    random = Random(20_260_707)
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        register = [letter(random) for _ in range(ground.petitions)]
        for n in random.sample(range(len(register)), round(SAME * len(register))):
            register[n] = register[n]._replace(text=register[0].text)
        ids = tell(dsn, register, office)
        chosen = random.sample(range(len(register)), SOUGHT)
        sought = [(ids[n], await _received(office, sent_again(register[n], random))) for n in chosen]
        await rebuild_views(office.pool, office.histories, office.vault, Duplicates())
        pool = await stack.enter_async_context(async_pool(dsn, min_size=1, max_size=1))
        connection: Connection = await stack.enter_async_context(pool.connection())
        for statement in ("SET search_path = kiennghi_views", "VACUUM (ANALYZE)"):
            await connection.execute(statement.encode())
        ground.settle()
        texts = [" ".join(normal_words(one.text)) for one in register]
        text_of = dict(zip(ids, texts, strict=True))
        taken, found, scanned, found_by_scan = [], [], [], []
        for _ in range(ground.rounds(3)):
            one_round = await _searched(office, connection, sought, text_of)
            taken.append(one_round[0])
            found.append(one_round[1])
            other = _scanned(texts, sought[:SCANNED], text_of)
            scanned.append(other[0])
            found_by_scan.append(other[1])
    name = f"duplicates of a letter among {ground.petitions:,}"
    return [
        *(
            Figure(
                f"{name}, p{percent}",
                "ms",
                Series(tuple(at_percent(one, percent) for one in taken)),
                SCAN,
                Series(tuple(at_percent(one, percent) for one in scanned)),
                target,
            )
            for percent, target in ((50, None), (95, LONGEST))
        ),
        Figure(
            f"letters sent again of which the first is found, among {ground.petitions:,}",
            "%",
            Series(tuple(found)),
            SCAN,
            Series(tuple(found_by_scan)),
            LEAST_FOUND,
        ),
    ]


async def _received(office: ApplicationService, one: Letter) -> Petition:
    command = ReceivePetition(
        occurred_on=office.today, channel=Channel.POST, summary=one.text, petitioners=(one.sender,)
    )
    done = await office.petitions.perform(CommandRequest(command, command_id=time_ordered_id(), digest=DIGEST), OFFICER)
    petition = await office.queries.petition(PetitionId(done.petition_id))
    assert petition is not None
    return petition


async def _searched(
    office: ApplicationService,
    connection: Connection,
    sought: Sequence[tuple[UUID, Petition]],
    text_of: Mapping[UUID, str],
) -> tuple[list[float], float]:
    """How long each took, in ms, and in how many of a hundred the first letter, or its equal, was a candidate."""
    taken, found = [], 0
    for first, petition in sought:
        began = time.perf_counter()
        told = await find_duplicates(office, connection, petition, lambda _petition, _protected: True)
        taken.append((time.perf_counter() - began) * 1000)
        found += text_of[first] in {text_of.get(one.petition_id) for one in told}
        await asyncio.sleep(0)
    return taken, 100 * found / len(sought)


def _scanned(
    texts: Sequence[str], sought: Sequence[tuple[UUID, Petition]], text_of: Mapping[UUID, str]
) -> tuple[list[float], float]:
    taken, found = [], 0
    for first, petition in sought:
        began = time.perf_counter()
        text = " ".join(normal_words(petition.opening.summary))
        best = process.extract(text, texts, scorer=fuzz.token_sort_ratio, limit=10)
        taken.append((time.perf_counter() - began) * 1000)
        found += text_of[first] in {texts[place] for _, _, place in best}
    return taken, 100 * found / len(sought)


def tell(dsn: str, register: Sequence[Letter], office: ApplicationService) -> list[UUID]:
    """Straight into the log and the vault, by their owner; the ids in the order of the letters."""
    ids = [time_ordered_id() for _ in register]
    clocks = intake_deadlines(office.today, PetitionKind.PROPOSAL_FEEDBACK, office.law)
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        topic = put_words(cursor)["PetitionReceived"]
        with cursor.copy(f"COPY kiennghi.log ({COPIED_COLUMNS}) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(COPIED_TYPES)
            for place, (petition, one) in enumerate(zip(ids, register, strict=True), start=1):
                receipt = PetitionReceived(
                    occurred_on=office.today,
                    channel=Channel.POST,
                    kind=PetitionKind.PROPOSAL_FEEDBACK,
                    summary=one.text,
                    persons=tuple(
                        Person(ref=ref, capacity=PersonCapacity.PETITIONER)
                        for ref in petitioner_references(PetitionId(petition), 1)
                    ),
                    book="TD",
                    identity_protected=False,
                    deadlines=clocks,
                )
                state = encode_fact(receipt)
                reference = f"DL-2026-{place:06}"
                copy.write_row((petition, 1, 1, topic, 1, place, NOW, petition, DIGEST, b"{}", reference, state))
        cursor.execute("UPDATE kiennghi.log_head SET position = %s", [len(ids)])
        with cursor.copy(
            "COPY kiennghi_vault.identities (petitioner_ref, petition_id, sealed) FROM STDIN (FORMAT binary)"
        ) as copy:
            copy.set_types(["uuid", "uuid", "bytea"])
            sealed = [
                encrypt_identities(
                    PetitionId(petition), petitioner_references(PetitionId(petition), 1), [one.sender], VAULT_KEY
                )[0]
                for petition, one in zip(ids, register, strict=True)
            ]
            for identity in sealed:
                copy.write_row((identity.petitioner_ref, identity.petition_id, identity.sealed))
        keys = "petitioner_ref, wrapped_key, name_mark, identity_no_mark"
        with cursor.copy(f"COPY kiennghi_vault.identity_keys ({keys}) FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["uuid", "bytea", "bytea", "bytea"])
            for identity in sealed:
                marks = identity.name_mark, identity.identity_no_mark
                copy.write_row((identity.petitioner_ref, identity.wrapped_key, *marks))
        connection.commit()
    return ids
