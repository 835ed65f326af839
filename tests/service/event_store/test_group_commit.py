"""Tests group commit: what is acknowledged is in the log once, in order and without gaps."""

import asyncio
import hashlib
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actor import Officer
from domain.vocabulary import Category
from service.event_store.append import Append, Appended, Identity, NewEvent, StoredTextKey
from service.event_store.errors import KeyReused, QueueFull, ReferenceTaken, VersionConflict
from service.event_store.group_commit import Committer
from tests.examples import examples
from tests.service.event_store.appending import OFFICER, append, assert_log_complete, event, outcomes, rows

DEPUTY = OFFICER.model_copy(update={"position": "Phó Giám đốc", "acting_for": "gd-1"})


def _words(by: Officer) -> tuple[str | None, ...]:
    return by.officer, by.unit, by.position, by.acting_for


def test_appends_that_wait_together_are_one_commit_in_the_order_of_their_arrival(database: str) -> None:
    committed_positions: list[int] = []

    async def scenario() -> list[Appended]:
        async with Committer(database, on_committed=committed_positions.append) as committer:
            return await asyncio.gather(*(committer.append(append()) for _ in range(100)))

    answers = asyncio.run(scenario())

    assert [answer.first_position for answer in answers] == list(range(1, 101))
    assert len({answer.recorded_at for answer in answers}) == 1
    assert datetime.now(UTC) - answers[0].recorded_at < timedelta(minutes=1)
    assert committed_positions == [100]
    assert_log_complete(database)


def test_half_of_the_writers_that_append_again_at_once_are_written_while_the_others_decide(database: str) -> None:
    committed_positions: list[int] = []

    async def scenario() -> None:
        async with Committer(database, on_committed=committed_positions.append) as committer:

            async def write() -> None:
                stream = uuid4()
                for version in range(1, 6):
                    await committer.append(append(event(stream, version)))

            await asyncio.gather(*(write() for _ in range(40)))

    asyncio.run(scenario())

    assert committed_positions[:3] == [40, 60, 80]
    assert_log_complete(database)


def test_an_answer_that_does_not_fit_into_one_packet_is_read_to_its_end(database: str) -> None:
    many = append(*(event(uuid4(), book="DON", year=2026) for _ in range(20_000)))

    async def scenario() -> Appended:
        async with Committer(database) as committer:
            return await committer.append(many)

    answer = asyncio.run(scenario())

    assert len(answer.references) == 20_000
    assert answer.references[many.events[-1].stream] == "DON-2026-020000"


def test_all_that_a_command_writes_is_written_or_nothing(database: str) -> None:
    mine, theirs, petitioner = uuid4(), uuid4(), uuid4()
    identity = Identity(petitioner, mine, b"sealed", b"key")

    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database) as committer:
            await committer.append(append(event(theirs)))
            both = (event(mine, book="DON", year=2026), event(mine, 2), event(theirs))
            return await outcomes(
                committer.append(append(*both, identities=(identity,))),
                committer.append(append(event(mine), event(mine, 2), identities=(identity,))),
            )

    lost, written = asyncio.run(scenario())

    assert isinstance(lost, VersionConflict)
    assert isinstance(written, Appended)
    assert written.first_position == 2
    assert rows(database, "SELECT petitioner_ref, petition_id, sealed FROM kiennghi_vault.identities") == [
        (petitioner, mine, b"sealed")
    ]
    assert rows(database, "SELECT petitioner_ref, wrapped_key FROM kiennghi_vault.identity_keys") == [
        (petitioner, b"key")
    ]
    assert_log_complete(database)


def test_what_is_stored_is_what_was_given(database: str) -> None:
    first = event(uuid4(), reference="12/ĐT-1998")
    second = event(first.stream, 2, topic="PetitionAssigned", state=b'{"x":"\xc4\x91"}', by=DEPUTY)
    written = append(first, second, request_digest=hashlib.sha256(b"request").digest())

    async def scenario() -> Appended:
        async with Committer(database) as committer:
            return await committer.append(written)

    answer = asyncio.run(scenario())

    assert answer == Appended(1, answer.recorded_at, {first.stream: "12/ĐT-1998"}, replayed=False)
    numbers = dict(rows(database, "SELECT topic, number FROM kiennghi.topics WHERE category = 1"))
    received, assigned = numbers["PetitionReceived"], numbers["PetitionAssigned"]
    assert rows(database, "SELECT * FROM kiennghi.log ORDER BY position") == [
        (1, answer.recorded_at, first.stream, 1, 1, received, 1, written.command_id, None, None, "12/ĐT-1998", b"{}"),
        (2, answer.recorded_at, first.stream, 2, 1, assigned, 2, written.command_id, written.request_digest,
         written.context, None, second.state),
    ]  # fmt: skip
    assert rows(database, "SELECT * FROM kiennghi.officers ORDER BY number") == [
        (1, *_words(OFFICER)),
        (2, *_words(DEPUTY)),
    ]
    assert rows(
        database,
        "SELECT category, topic, officer, unit, officer_position, acting_for, context ->> 'via', state ->> 'x'"
        " FROM kiennghi.readable_log ORDER BY position",
    ) == [
        ("petition", "PetitionReceived", *_words(OFFICER), None, None),
        ("petition", "PetitionAssigned", *_words(DEPUTY), '{"door":"service"}', "đ"),
    ]


def test_a_petitions_key_is_written_with_the_event_that_opens_it(database: str) -> None:
    def opening() -> Append:
        petition = uuid4()
        return append(event(petition), text_keys=(StoredTextKey(petition, 1, b"wrapped", "vault-1"),))

    several = append(event(first := uuid4()), event(second := uuid4()), text_keys=(
        StoredTextKey(first, 1, b"one", "vault-1"), StoredTextKey(second, 2, b"two", "vault-2"),
    ))  # fmt: skip
    alone, *together = [opening() for _ in range(3)]

    async def scenario() -> None:
        async with Committer(database) as committer:
            await committer.append(alone)
            await asyncio.gather(*(committer.append(one) for one in (*together, several)))
            with pytest.raises(psycopg.errors.UniqueViolation):
                await committer.append(append(text_keys=alone.text_keys))

    asyncio.run(scenario())

    keys = rows(database, "SELECT stream, key_number, wrapped_key, vault_key_id FROM kiennghi_vault.text_keys")
    assert sorted(keys) == sorted(astuple(key) for one in (alone, *together, several) for key in one.text_keys)
    assert_log_complete(database)


def test_an_append_of_another_category_or_an_unknown_topic_fails_alone(database: str) -> None:
    stream = uuid4()

    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database) as committer:
            await committer.append(append(event(stream)))
            other_stream = event(stream, 2, category=Category.UNIT, topic="UnitRenamed")
            other_topic = event(uuid4(), category=Category.UNIT)
            unknown = event(uuid4(), topic="PetitionBlessed")
            events = other_stream, other_topic, unknown, event(stream, 2), event(uuid4())
            return await outcomes(*(committer.append(append(one)) for one in events))

    *refused, written, bystander = asyncio.run(scenario())

    assert [type(error) for error in refused] == [psycopg.errors.IntegrityConstraintViolation] * 3
    assert isinstance(written, Appended)
    assert isinstance(bystander, Appended)
    assert_log_complete(database)


def test_two_processes_give_a_new_officer_one_number(database: str) -> None:
    def words(n: int) -> dict[str, Any]:
        return {"by": DEPUTY.model_copy(update={"unit": f"so-{n % 7}"})}

    async def scenario() -> None:
        async with Committer(database, max_batch=3) as one, Committer(database, max_batch=1) as other:
            await asyncio.gather(*((one, other)[n % 2].append(append(event(uuid4(), **words(n)))) for n in range(70)))

    asyncio.run(scenario())

    assert rows(database, "SELECT count(*), max(number) FROM kiennghi.officers") == [(7, 7)]
    assert rows(database, "SELECT unit, count(*) FROM kiennghi.readable_log GROUP BY 1 ORDER BY 1") == [
        (f"so-{n}", 10) for n in range(7)
    ]
    assert_log_complete(database)


def test_only_losers_fail_and_one_of_those_who_race_wins(database: str) -> None:
    stream = uuid4()

    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database) as one, Committer(database) as other:
            await one.append(append(event(stream)))
            racers = [who.append(append(event(stream, 2))) for who in (one, other) for _ in range(20)]
            bystanders = [who.append(append()) for who in (one, other) for _ in range(20)]
            return await outcomes(*racers, *bystanders)

    answers = asyncio.run(scenario())

    racers, bystanders = answers[:40], answers[40:]
    assert sum(isinstance(answer, Appended) for answer in racers) == 1
    lost = [answer for answer in racers if isinstance(answer, VersionConflict)]
    assert len(lost) == 39
    assert {(loser.stream, loser.expected, loser.actual) for loser in lost} == {(stream, 1, 2)}
    assert all(isinstance(answer, Appended) for answer in bystanders)
    assert_log_complete(database)


def test_an_append_that_would_leave_out_a_version_is_refused(database: str) -> None:
    stream = uuid4()

    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database) as committer:
            return await outcomes(
                committer.append(append(event(stream, 3))),
                committer.append(append()),
            )

    refused, written = asyncio.run(scenario())

    assert isinstance(refused, VersionConflict)
    assert (refused.expected, refused.actual) == (2, 0)
    assert isinstance(written, Appended)
    assert_log_complete(database)


def test_the_same_command_again_is_told_what_came_of_it_the_first_time(database: str) -> None:
    stream, opened = uuid4(), uuid4()
    first = append(event(stream), event(opened, book="DON", year=2026), event(stream, 2), request_digest=b"request")

    async def scenario() -> tuple[Appended, list[Appended | BaseException]]:
        async with Committer(database) as committer:
            answer = await committer.append(first)
            await committer.append(append())
            again = [committer.append(first) for _ in range(3)]
            # A receipt that is sent again makes a new id for its petition.
            retried = append(
                event(uuid4(), book="DON", year=2026), command_id=first.command_id, request_digest=b"request"
            )
            return answer, await outcomes(*again, committer.append(retried), committer.append(append()))

    answer, (*again, bystander) = asyncio.run(scenario())

    replay = Appended(answer.first_position, answer.recorded_at, {opened: "DON-2026-000001"}, replayed=True)
    assert again == [replay] * 4
    assert isinstance(bystander, Appended)
    assert_log_complete(database)


def test_of_one_request_sent_fifty_times_at_once_one_is_written(database: str) -> None:
    command = uuid4()

    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database) as one, Committer(database) as other:
            return await outcomes(
                *(
                    who.append(append(event(uuid4(), book="DON", year=2026), command_id=command))
                    for who in (one, other)
                    for _ in range(25)
                )
            )

    answers = asyncio.run(scenario())

    assert all(isinstance(answer, Appended) for answer in answers)
    found = [answer for answer in answers if isinstance(answer, Appended)]
    assert [answer.replayed for answer in found].count(False) == 1
    assert {(answer.first_position, *answer.references.values()) for answer in found} == {(1, "DON-2026-000001")}
    assert_log_complete(database)


def test_another_request_under_a_stored_command_id_is_refused(database: str) -> None:
    command = uuid4()

    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database) as committer:
            return await outcomes(
                committer.append(append(command_id=command, request_digest=b"one")),
                committer.append(append(command_id=command, request_digest=b"two")),
                committer.append(append()),
            )

    written, refused, bystander = asyncio.run(scenario())

    assert isinstance(written, Appended)
    assert isinstance(refused, KeyReused)
    assert isinstance(bystander, Appended)
    assert_log_complete(database)


def test_registers_have_no_gaps_whatever_is_refused_beside_them(database: str) -> None:
    taken = uuid4()

    async def intake(committer: Committer, number: int) -> Appended:
        spoiled = (event(taken),) if number % 3 == 0 else ()
        opening = event(uuid4(), book=("DON", "TO-CAO")[number % 2], year=2025 + number % 4 // 2)
        return await committer.append(append(opening, *spoiled))

    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database, max_batch=16) as one, Committer(database, max_batch=16) as other:
            await one.append(append(event(taken)))
            return await outcomes(*(intake((one, other)[i % 2], i) for i in range(300)))

    answers = asyncio.run(scenario())

    assert Counter(type(answer) for answer in answers) == {Appended: 200, VersionConflict: 100}
    given = [ref for answer in answers if isinstance(answer, Appended) for ref in answer.references.values()]
    assert len(set(given)) == 200
    assert_log_complete(database)
    in_order = [ref for (ref,) in rows(database, "SELECT reference FROM kiennghi.log ORDER BY position") if ref]
    for register in {ref[:-6] for ref in in_order}:
        assert [r for r in in_order if r.startswith(register)] == sorted(r for r in given if r.startswith(register))


def test_a_number_that_an_imported_petition_bears_is_not_given_again(database: str) -> None:
    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database) as committer:
            for number in (2, 3):
                await committer.append(append(event(uuid4(), reference=f"DON-2026-{number:06d}")))
            return await outcomes(
                *(committer.append(append(event(uuid4(), book="DON", year=2026))) for _ in range(3)),
                committer.append(append(event(uuid4(), reference="DON-2026-000003"))),
            )

    *written, refused = asyncio.run(scenario())

    given = [ref for answer in written if isinstance(answer, Appended) for ref in answer.references.values()]
    assert given == ["DON-2026-000001", "DON-2026-000004", "DON-2026-000005"]
    assert isinstance(refused, ReferenceTaken)
    assert refused.reference == "DON-2026-000003"
    assert_log_complete(database)


def test_a_register_goes_on_in_the_same_way_whether_a_petition_is_received_alone_or_with_others(database: str) -> None:
    def received(amount: int) -> list[Append]:
        return [append(event(uuid4(), book="DON", year=2026)) for _ in range(amount)]

    async def scenario() -> list[Appended]:
        async with Committer(database) as committer:
            for number in (1, 4, 5):
                await committer.append(append(event(uuid4(), reference=f"DON-2026-{number:06d}")))
            answers = []
            for together in (1, 2, 1, 1, 3, 1):
                answers += await asyncio.gather(*map(committer.append, received(together)))
            return answers

    given = [reference for answer in asyncio.run(scenario()) for reference in answer.references.values()]

    assert given == [f"DON-2026-{number:06d}" for number in (2, 3, 6, 7, 8, 9, 10, 11, 12)]
    assert rows(database, "SELECT last_number FROM kiennghi.registers") == [(12,)]


def test_a_register_goes_on_past_its_millionth_number(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO kiennghi.registers VALUES ('DON', 2026, 999998)")

    async def scenario() -> list[Appended]:
        async with Committer(database) as committer:
            return [await committer.append(append(event(uuid4(), book="DON", year=2026))) for _ in range(3)]

    given = [reference for answer in asyncio.run(scenario()) for reference in answer.references.values()]
    assert given == ["DON-2026-999999", "DON-2026-1000000", "DON-2026-1000001"]


def test_what_the_database_refuses_in_one_append_fails_no_other(database: str) -> None:
    petitioner = uuid4()
    twice = Identity(petitioner, uuid4(), b"sealed", b"key")

    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database) as committer:
            await committer.append(append(identities=(twice,)))
            good = [committer.append(append(event(uuid4(), book="DON", year=2026))) for _ in range(10)]
            bad = committer.append(append(event(uuid4(), book="DON", year=2026), identities=(twice,)))
            return await outcomes(*good[:5], bad, *good[5:])

    answers = asyncio.run(scenario())

    assert isinstance(answers.pop(5), psycopg.errors.UniqueViolation)
    given = [answer.references.popitem()[1] for answer in answers if isinstance(answer, Appended)]
    assert given == [f"DON-2026-{number:06d}" for number in range(1, 11)]
    assert_log_complete(database)


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        (event(uuid4(), 0),),
        (event(uuid4(), 2**31),),
        (event(stream := uuid4()), event(stream, 3)),
        (event(uuid4(), book="DON"),),
        (event(uuid4(), year=2026),),
        (event(uuid4(), book="DON", year=2026, reference="7"),),
        (event(uuid4(), book="D\0N", year=2026),),
        (event(uuid4(), book="DON", year=2**31),),
        (event(uuid4(), reference=""),),
        (event(uuid4(), reference="\ud800"),),
        (event(uuid4(), topic=""),),
        (event(uuid4(), topic="Petition\0"),),
    ],
)
def test_what_could_never_be_written_is_refused_before_it_is_sent(
    module_database: str, wrong: tuple[NewEvent, ...]
) -> None:
    async def scenario() -> None:
        async with Committer(module_database) as committer:
            await committer.append(Append(uuid4(), wrong))

    with pytest.raises(ValueError):  # noqa: PT011 - the words differ
        asyncio.run(scenario())


def test_a_full_queue_turns_appends_away_and_those_in_it_are_written(database: str) -> None:
    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database, max_waiting=10) as committer:
            return await outcomes(*(committer.append(append()) for _ in range(15)))

    answers = asyncio.run(scenario())

    assert [type(answer) for answer in answers] == [Appended] * 10 + [QueueFull] * 5
    assert_log_complete(database)


def test_leaving_waits_for_what_was_asked_before_and_refuses_what_comes_after(database: str) -> None:
    async def scenario() -> list[Appended | BaseException]:
        async with Committer(database, max_batch=7) as committer:
            submitted = [asyncio.ensure_future(committer.append(append())) for _ in range(30)]
            await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="not running"):
            await committer.append(append())
        return await outcomes(*(asyncio.wait_for(future, 0) for future in submitted))

    assert all(isinstance(answer, Appended) for answer in asyncio.run(scenario()))
    assert_log_complete(database)


def test_an_append_bigger_than_a_batch_is_written_whole(database: str) -> None:
    stream = uuid4()

    async def scenario() -> list[Appended]:
        async with Committer(database, max_batch=4) as committer:
            big = append(*(event(stream, version) for version in range(1, 51)))
            return await asyncio.gather(*(committer.append(a) for a in (append(), big, append())))

    assert [answer.first_position for answer in asyncio.run(scenario())] == [1, 2, 52]
    assert_log_complete(database)


def test_a_caller_that_stopped_waiting_before_its_turn_has_written_nothing(database: str) -> None:
    async def scenario() -> None:
        async with Committer(database) as committer:
            abandoned = asyncio.ensure_future(committer.append(append()))
            await asyncio.sleep(0)
            abandoned.cancel()
            await committer.append(append())

    asyncio.run(scenario())
    assert rows(database, "SELECT count(*) FROM kiennghi.log") == [(1,)]
    assert_log_complete(database)


def test_followers_in_other_processes_are_told_once_a_batch_unless_nobody_wants_it(database: str) -> None:
    async def scenario() -> list[str]:
        listener = await psycopg.AsyncConnection.connect(database, autocommit=True)
        async with listener:
            await listener.execute("LISTEN kiennghi_log")
            async with Committer(database, notify=False) as silent:
                await silent.append(append())
            async with Committer(database) as committer:
                await asyncio.gather(*(committer.append(append()) for _ in range(20)))
                await committer.append(append())
            return [notice.payload async for notice in listener.notifies(timeout=20, stop_after=2)]

    assert asyncio.run(scenario()) == ["21", "22"]


def test_a_listener_that_fails_fails_no_append(database: str) -> None:
    reported: list[dict[str, Any]] = []

    def fail_to_listen(position: int) -> None:
        raise LookupError(position)

    async def scenario() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
        async with Committer(database, on_committed=fail_to_listen) as committer:
            await committer.append(append())
            await committer.append(append())

    asyncio.run(scenario())
    assert [str(context["exception"]) for context in reported] == ["1", "2"]


def test_the_committer_works_in_the_role_of_the_writer(database: str) -> None:
    async def scenario() -> None:
        async with Committer(database) as committer:
            await committer.append(append())

    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("REVOKE EXECUTE ON FUNCTION kiennghi.append, kiennghi.append_event FROM kiennghi_writer")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asyncio.run(scenario())


WRITERS_PROGRAM = """
import asyncio, sys
from uuid import UUID, uuid4
from domain.actor import Officer
from domain.vocabulary import Category
from service.event_store.append import Append, NewEvent
from service.event_store.errors import VersionConflict
from service.event_store.group_commit import Committer

CLERK = Officer(officer="cv", unit="so", position="x")

async def main(dsn, streams):
    heads = dict.fromkeys(streams, 0)
    async with Committer(dsn, max_batch=32) as committer:
        async def write(number):
            for round in range(40):
                stream = streams[(number * 7 + round) % len(streams)]
                version = heads[stream] + 1
                first = NewEvent(stream, version, Category.PETITION, "PetitionReceived", b"{}", CLERK)
                events = first, first._replace(stream=uuid4(), version=1, book="DON", year=2026)
                try:
                    await committer.append(Append(uuid4(), events))
                    heads[stream] = max(heads[stream], version)
                except VersionConflict as conflict:
                    heads[conflict.stream] = max(heads[conflict.stream], conflict.actual)
        await asyncio.gather(*(write(number) for number in range(16)))

asyncio.run(main(sys.argv[1], [UUID(int=i) for i in range(1, 11)]))
"""


def test_two_processes_that_race_leave_no_hole_in_positions_versions_or_registers(database: str) -> None:
    root = Path(__file__).parents[3]
    started = [subprocess.Popen([sys.executable, "-c", WRITERS_PROGRAM, database], cwd=root) for _ in range(2)]

    assert [process.wait(timeout=60) for process in started] == [0, 0]
    assert rows(database, "SELECT count(*) > 200 FROM kiennghi.log") == [(True,)]
    assert_log_complete(database)


APPEND_STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),  # index of the committer
        st.integers(0, 4),  # index of the stream
        st.integers(-1, 2),  # distance of the version from the next one
        st.sampled_from([None, "DON", "TO-CAO", "imported"]),
        st.integers(0, 30),  # the command's id
        st.booleans(),  # true to let the other tasks run first
    ),
    max_size=60,
)


@given(APPEND_STEPS)
@examples(60)
def test_whatever_comes_in_whatever_order_the_log_is_whole(
    module_database: str, steps: list[tuple[int, int, int, str | None, int, bool]]
) -> None:
    streams, commands = [uuid4() for _ in range(5)], [uuid4() for _ in range(31)]
    heads = dict.fromkeys(streams, 0)
    answered: dict[UUID, list[Appended]] = defaultdict(list)

    async def write(committer: Committer, wanted: Append) -> None:
        try:
            answer = await committer.append(wanted)
        except VersionConflict as conflict:
            heads[conflict.stream] = max(heads[conflict.stream], conflict.actual)
        except ReferenceTaken:
            pass
        else:
            answered[wanted.command_id].append(answer)
            if not answer.replayed:
                last = wanted.events[0]
                heads[last.stream] = max(heads[last.stream], last.version)

    async def scenario() -> None:
        async with Committer(module_database, max_batch=5) as one, Committer(module_database) as other:
            tasks = []
            for committer_index, stream_index, offset, number, command, yielding in steps:
                stream = streams[stream_index]
                numbered: dict[str, Any] = {}
                if number == "imported":
                    numbered = {"reference": f"DON-2026-{command % 7 + 1:06d}"}
                elif number:
                    numbered = {"book": number, "year": 2026}
                version = max(1, heads[stream] + 1 + offset)
                wanted = append(event(stream, version), event(uuid4(), **numbered), command_id=commands[command])
                tasks.append(asyncio.ensure_future(write((one, other)[committer_index], wanted)))
                if yielding:
                    await asyncio.sleep(0.001)
            await asyncio.gather(*tasks)

    asyncio.run(scenario())

    for command, answers in answered.items():
        assert len({answer.first_position for answer in answers}) == 1
        assert sum(not answer.replayed for answer in answers) == 1
        assert rows(
            module_database,
            "SELECT position FROM kiennghi.log WHERE command_id = %s AND request_digest IS NOT NULL",
            command,
        ) == [(answers[0].first_position + 1,)]
    log = rows(module_database, "SELECT position, reference FROM kiennghi.log ORDER BY position")
    assert [position for position, _ in log] == list(range(1, len(log) + 1))


@pytest.mark.parametrize(("ahead", "kept"), [("30 seconds", True), ("1 day", False)])
def test_time_does_not_run_backwards_but_a_clock_that_was_far_ahead_is_not_believed_for_ever(
    database: str, ahead: str, kept: bool
) -> None:
    ((was,),) = rows(
        database,
        "UPDATE kiennghi.log_head SET recorded_at = clock_timestamp() + %s::interval RETURNING recorded_at",
        ahead,
    )

    async def scenario() -> Appended:
        async with Committer(database) as committer:
            return await committer.append(append())

    answer = asyncio.run(scenario())

    assert (answer.recorded_at == was) is kept
    assert kept or abs(answer.recorded_at - datetime.now(UTC)) < timedelta(minutes=1)
