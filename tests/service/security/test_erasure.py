"""Tests with a real database that no text of a petition is stored in the clear, and that each of them can be erased.

Every text that can be written has a canary: a word that is searched for in the whole database.
"""

import itertools
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from domain import commands as c
from domain.commands import PetitionCommand
from domain.envelope import EventEnvelope
from domain.events import (
    ContributionDelivered,
    Correction,
    ExternalStepRecorded,
    Fact,
    ImportWithdrawn,
    Official,
    RecordCorrected,
)
from domain.evolve import fold
from domain.imported_history import ImportedCase, ImportedStep
from domain.sealed_text import ERASED_TEXT, Sealed, Text, replace_texts
from domain.status import DueState
from domain.topics import CATEGORY_OF_TOPIC, FACT_CLASSES
from domain.vocabulary import Category, ImportWithdrawalId, OfficerId, PetitionId, Stage, UnitId, WithdrawalScope
from projections import case_file
from projections.case_file_text import case_file_text
from projections.hot_spots import read_hot_petitions, read_hot_spots
from projections.meeting_counts import MeetingFilter
from projections.meeting_lists import petitions_of_meetings
from projections.owed_list import overdue_on
from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.config.settings import Settings
from service.duplicates.searching import find_duplicates
from service.projector.rebuild import rebuild_views
from service.projector.runner import ProjectionRunner
from service.projector.set_aside import select_set_aside
from service.security.text_sealing import UnopenableText
from tests.conftest import temporary_database
from tests.domain import samples as s
from tests.domain.samples import COMPLAINT, DENUNCIATION, PROPOSAL, july, with_changes
from tests.domain.scenario import MEETING, MONDAY
from tests.domain.test_sealed_text import present_text_names
from tests.service.office_fixtures import CLERK, NOON, VAULT_KEY, open_units, perform

pytestmark = pytest.mark.anyio

CANARY = "canary"
OFFICIAL = "Nguyễn Văn Ví Dụ"
"""Name of an official outside the register. Officials act in their office: an erasure leaves them."""
TEXT_FIELDS = frozenset(
    {
        *("summary", "place", "reason", "how", "wanted", "ground", "result", "task_summary", "expected_output"),
        *("proposed_answer", "answer", "evidence", "promised", "part", "why", "content", "contribution"),
    }
)
"""Fields of commands that become texts of events. `result` is a code in a written answer."""

SCHEMAS = ["kiennghi", "kiennghi_views", "kiennghi_vault", "kiennghi_rebuild"]
FIRST, LAST, ON = date(2026, 1, 1), date(2026, 12, 31), date(2026, 10, 30)
ALL_MEETINGS = MeetingFilter(FIRST, LAST)

Histories = dict[PetitionId, list[EventEnvelope[Any]]]

_numbers = itertools.count(1)


def canary(what: str) -> str:
    """Return a text that no other call returns."""
    return f"{CANARY}-{next(_numbers):04d} {what}"


def with_canaries(command: PetitionCommand) -> PetitionCommand:
    """Return the command with a canary in each of its texts, also in those that the sample leaves out."""
    changes: dict[str, Any] = {
        name: canary(name)
        for name in type(command).model_fields.keys() & TEXT_FIELDS
        if name != "result" or isinstance(command, c.RecordTransferReply | c.ReportPromise | c.RecordActionResult)
    }
    match command:
        case c.SplitPetition():
            changes["matters"] = [{"summary": canary("matter"), "kind": one.kind} for one in command.matters]
        case c.AnswerInWriting():
            changes["remedies"] = [canary("remedy"), canary("remedy")]
        case c.ClassifyPetition(is_eligible=False):
            changes["failed_conditions"] = [canary("condition"), canary("condition")]
        case c.RecordMandate() | c.RecordProxy():
            changes["scope"] = canary("scope")
        case c.RequestWithdrawal(scope=WithdrawalScope.WHOLE):
            del changes["part"]
    return with_changes(command, **changes)


def whole_lives() -> Iterator[Sequence[PetitionCommand]]:
    """Yield the commands of petitions that together write every text that a command can write."""
    yield from s.commands_to_stages(COMPLAINT).values()
    yield s.commands_to_stages(DENUNCIATION)[Stage.CLASSIFIED]
    partial = with_changes(s.WITHDRAW, scope=WithdrawalScope.PART, part="một phần")
    ineligible = with_changes(s.RECLASSIFY, kind=COMPLAINT, is_eligible=False, failed_conditions=("thiếu chữ ký",))
    to_meeting = with_changes(s.RECEIVE, meeting_id=MEETING)
    yield [s.RECEIVE, s.CLASSIFY, s.ACCEPT, s.SET_DATE]
    yield [s.RECEIVE, s.ACKNOWLEDGE, s.ASK_FOR_MORE, s.SUPPLEMENT, s.CLASSIFY, s.PREPARE, s.ANSWER_AT_MEETING]
    yield [*s.classified_as(COMPLAINT), ineligible, partial, s.PROPOSE, s.APPROVE]
    yield [*s.in_progress(PROPOSAL), s.REASSIGN, s.ASK_FOR_TIME, s.EXTEND, s.SUSPEND, s.RESUME]
    yield [*s.in_progress(PROPOSAL), s.WITHDRAW, s.OVERRIDE]
    ended = [*s.in_progress(PROPOSAL), s.WITHDRAW, s.AGREE_TO_WITHDRAWAL]
    yield [*ended, with_changes(s.PROPOSE_REVERSAL, version=len(ended)), s.APPROVE_REVERSAL]
    yield [*s.answered(PROPOSAL), s.PROMISE, s.KEEP, s.CLOSE, s.REOPEN]
    yield [*s.classified_as(PROPOSAL), s.TRANSFER, s.REPLY]
    yield [*s.in_progress(COMPLAINT), s.ORDER_CHECK]
    represented = [*s.from_many(6, COMPLAINT), with_changes(s.MANDATE, signatures=6), s.PROXY, s.LEAVE]
    yield [*represented, with_changes(s.SPLIT, occurred_on=july(12))]
    denounced = with_changes(s.RECLASSIFY, kind=DENUNCIATION)  # a proxy of before stays on file
    yield [*represented, denounced, s.ACCEPT, s.ASSIGN, s.TAKE_OVER]
    yield [*s.answered(COMPLAINT), s.SUE, s.RULING]
    sent = with_changes(s.SEND_DECISION, how="bưu điện", evidence="phiếu gửi")
    yield [*s.in_progress(COMPLAINT), s.ANSWER, sent]
    yield [*s.in_progress(COMPLAINT), s.ANSWER, s.LIFT]
    yield [*s.in_progress(COMPLAINT), s.ASK_FOR_DOCUMENTS]
    yield [*s.answered(DENUNCIATION), s.ACT_ON_CONCLUSION, s.ACTION_RESULT, s.REPORT_ACTION]
    yield [to_meeting, s.CLASSIFY]
    yield [to_meeting, s.CLASSIFY, s.ASSIGN, s.START]


def facts_of_others() -> list[Fact]:
    """Return facts with texts that no command writes, as another program may have stored them."""
    day = july(10)
    return [
        ContributionDelivered(
            occurred_on=day, unit=UnitId("so-khac"), document_no="9/CV", contribution=canary("contribution")
        ),
        ExternalStepRecorded(
            occurred_on=day, step=canary("step"), officer=Official(name=OFFICIAL, position="Chuyên viên")
        ),
        RecordCorrected(
            occurred_on=day,
            corrections=(),
            why=canary("why"),
            proposed_by=OfficerId("van-thu"),
            follows=(
                Correction(
                    version=1, form=1, path="reason", text_was=canary("copied"), text_becomes=canary("copied right")
                ),
            ),
        ),
        ImportWithdrawn(
            occurred_on=day,
            withdrawal_id=ImportWithdrawalId(uuid4()),
            why=canary("withdrawn"),
            proposed_by=OfficerId("van-thu"),
        ),
    ]


@asynccontextmanager
async def open_office(dsn: str, *, seal_texts: bool = True) -> AsyncIterator[ApplicationService]:
    """Open an office whose caches are empty, as those of another process are."""
    settings = Settings(seal_texts=seal_texts)
    async with ApplicationService.open(dsn, settings, vault_key=VAULT_KEY, clock=lambda: NOON) as office:
        yield office


async def live(office: ApplicationService, commands: Iterable[PetitionCommand]) -> list[PetitionId]:
    """Perform the commands with canaries. Return the petition and those that it opened."""
    petition_id: PetitionId | None = None
    opened: list[UUID] = []
    for sample in commands:
        command = with_canaries(sample)
        if isinstance(command, c.MarkDuplicate):
            petition = await office.queries.petition(petition_id) if petition_id else None
            same_kind = with_changes(s.RECEIVE, kind=petition.kind if petition else None)
            first = await perform(office, with_canaries(same_kind))
            opened.append(first.petition_id)
            command = with_changes(command, duplicate_of=first.petition_id)
        if isinstance(command, c.ProposeCorrection) and not command.fields:
            command = with_changes(command, version=1, received_on=MONDAY, person_count=7)
        result = await perform(office, command, petition_id)
        petition_id = petition_id or PetitionId(result.petition_id)
        opened += result.opened
    assert petition_id is not None
    return [petition_id, *map(PetitionId, opened)]


async def live_all(office: ApplicationService) -> list[PetitionId]:
    """Write every text that there is. Return all petitions."""
    await open_units(office)
    petitions: list[PetitionId] = []
    for commands in whole_lives():
        petitions += await live(office, commands)
    unmarked = await live(office, [*s.classified_as(PROPOSAL), s.DUPLICATE, s.UNLINK])
    imported = await office.petitions.import_case(
        ImportedCase(
            source="cũ",
            key="1",
            received_on=MONDAY,
            summary=canary("summary"),
            place=canary("place"),
            unit="so-mau",
            answered_on=july(20),
            answer=canary("answer"),
            steps=(ImportedStep(step=canary("step"), on=july(10)),),
        ),
        CLERK,
        command_id=uuid4(),
        digest=b"",
    )
    (told,) = await live(office, s.in_progress(PROPOSAL)[:4])
    petition = await office.queries.fresh_petition(told)
    assert petition is not None
    await office.writer.append_facts(
        told, facts_of_others(), CLERK, after=petition.version, command_id=uuid4(), digest=b""
    )
    return [*petitions, *unmarked, PetitionId(imported.petition_id), told]


@dataclass
class Told:
    """Holds a database with every text, and the histories of its petitions as they are read with all keys."""

    dsn: str
    histories: Histories = field(default_factory=dict)


async def read_all(office: ApplicationService, petitions: Iterable[PetitionId]) -> Histories:
    return {petition: await office.queries.history(petition) for petition in petitions}


@pytest.fixture(scope="module")
async def told_once(anyio_backend: str, server: str, followed_template: str) -> AsyncIterator[Told]:
    """Provide a database with every text, followed by all views, to be copied."""
    with temporary_database(server, template=followed_template) as dsn:
        yield await tell(dsn)


@pytest.fixture
def told(server: str, told_once: Told) -> Iterator[Told]:
    """Provide a copy of it."""
    with temporary_database(server, template=str(conninfo_to_dict(told_once.dsn)["dbname"])) as dsn:
        yield Told(dsn, told_once.histories)


async def tell(database: str, *, seal_texts: bool = True) -> Told:
    async with (
        open_office(database, seal_texts=seal_texts) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
    ):
        petitions = await live_all(office)
        assert await views.wait_until_current(20)
    async with open_office(database) as office:
        return Told(database, await read_all(office, petitions))


def texts_of(fact: Fact) -> dict[str, Text]:
    found: dict[str, Text] = {}

    def look(text: Text, name: str) -> Text:
        found[name] = text
        return text

    replace_texts(fact, look)
    return found


def texts_in(history: Iterable[EventEnvelope[Any]]) -> list[Text]:
    return [text for envelope in history for text in texts_of(envelope.fact).values()]


def masked(history: Iterable[EventEnvelope[Any]]) -> list[EventEnvelope[Any]]:
    """Return the events with the same word in the place of each text."""
    return [one._replace(fact=replace_texts(one.fact, lambda _text, _name: ERASED_TEXT)) for one in history]


def tables(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) ORDER BY 1, 2", [SCHEMAS]
    ).fetchall()


def found_in_database(dsn: str, word: str = CANARY) -> list[str]:
    """Return where in the database the word stands: in text, or in the bytes of a column (shown as hexadecimal)."""
    found = []
    with psycopg.connect(dsn) as connection:
        for schema, table in tables(connection):
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(schema, table)))
            for (row,) in rows:
                if word in row or word.encode().hex() in row.lower():
                    found.append(f"{schema}.{table}: {row[:200]}")
    return found


def execute(dsn: str, statement: str, petitions: Iterable[UUID]) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.encode(), [list(petitions)])


def erase(dsn: str, *petitions: UUID) -> None:
    execute(dsn, "UPDATE kiennghi_vault.text_keys SET wrapped_key = NULL WHERE stream = ANY(%s)", petitions)


def lose(dsn: str, *petitions: UUID) -> None:
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("ALTER TABLE kiennghi_vault.text_keys DISABLE TRIGGER never_removed")
    execute(dsn, "DELETE FROM kiennghi_vault.text_keys WHERE stream = ANY(%s)", petitions)


def key_numbers(dsn: str, petition: UUID) -> list[int]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT key_number FROM kiennghi_vault.text_keys WHERE stream = %s ORDER BY 1", [petition]
        )
        return [number for (number,) in rows]


@dataclass(frozen=True)
class Lists:
    """Holds what the lists say of each petition, and the places that are counted."""

    overdue: dict[UUID, dict[str, Any]]
    meetings: dict[tuple[UUID, UUID], dict[str, Any]]
    hot: dict[UUID, dict[str, Any]]
    spots: list[Any]


async def read_lists(office: ApplicationService) -> Lists:
    async with office.pool.connection() as connection:
        overdue = await overdue_on(connection, office.texts, ON, soon_until=ON, states=tuple(DueState), limit=1000)
        meetings: dict[tuple[UUID, UUID], dict[str, Any]] = {}
        for figure in ("raised", "raised_before", "answered_there", "listed", "assigned", "outstanding"):
            page = await petitions_of_meetings(connection, office.texts, ALL_MEETINGS, on=ON, figure=figure, limit=1000)
            meetings |= {(item.petition_id, item.meeting_id): asdict(item) for item in page.items}
        hot = await read_hot_petitions(connection, office.texts, FIRST, LAST, on=ON, limit=1000)
        spots = await read_hot_spots(connection, office.texts, FIRST, LAST, on=ON, limit=1000)
    assert overdue.items
    assert meetings
    assert hot.items
    return Lists(
        {item.petition_id: asdict(item) for item in overdue.items},
        meetings,
        {item.petition_id: asdict(item) for item in hot.items},
        spots,
    )


def with_erased(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with ERASED_TEXT in the place of what it says."""
    return {name: ERASED_TEXT if name in ("place", "summary") and value else value for name, value in row.items()}


def assert_erased_in_lists(before: Lists, after: Lists, erased: set[PetitionId]) -> None:
    """Assert that rows of these petitions have ERASED_TEXT for their texts, and that nothing else has changed."""
    assert {one for one in before.overdue if one in erased}
    assert {one for one, _ in before.meetings if one in erased}
    assert {one for one in before.hot if one in erased}
    assert after.overdue == {one: with_erased(row) if one in erased else row for one, row in before.overdue.items()}
    assert after.meetings == {
        (one, meeting): with_erased(row) if one in erased else row for (one, meeting), row in before.meetings.items()
    }
    assert after.hot == {one: with_erased(row) if one in erased else row for one, row in before.hot.items()}
    for place_of_lists in (before, after):
        assert sum(spot.petitions for spot in place_of_lists.spots) == len(before.hot)
    assert ERASED_TEXT in {spot.place for spot in after.spots}
    spared = {row["place"] for one, row in before.hot.items() if one not in erased and row["place"]}
    assert {spot.place for spot in after.spots} - {ERASED_TEXT, ""} == spared


def petition_file(office: ApplicationService, history: list[EventEnvelope[Any]]) -> str:
    lines = case_file.case_file_lines(history, office.law.policies, "vi", office.settings.zone)
    return case_file_text("TD-1", lines, "vi", office.settings.zone)


def every_other(petitions: Iterable[PetitionId]) -> set[PetitionId]:
    """Return about half of the petitions, of all kinds: a matter of a letter is erased without the letter."""
    return set(itertools.islice(petitions, 0, None, 2))


async def rebuild_all(office: ApplicationService) -> None:
    await rebuild_views(office.pool, office.histories, office.vault, *(view() for view in VIEWS))


# -- nothing is in the clear


async def test_the_lives_write_every_text_of_every_event_of_petitions_and_each_is_a_canary(told: Told) -> None:
    petition_classes = {
        topic: kind for topic, kind in FACT_CLASSES.items() if CATEGORY_OF_TOPIC[topic] is Category.PETITION
    }
    names = {
        ".".join("*" if step.isdecimal() else step for step in name.split("."))
        for history in told.histories.values()
        for envelope in history
        for name in texts_of(envelope.fact)
    }
    assert names == present_text_names(petition_classes)
    assert all(CANARY in str(text) for history in told.histories.values() for text in texts_in(history))


async def test_no_text_is_anywhere_in_the_database_while_its_key_is_there(told: Told) -> None:
    assert found_in_database(told.dsn) == []
    assert found_in_database(told.dsn, "TD-2026-000001") != []  # the search does look
    async with open_office(told.dsn) as office:
        await rebuild_all(office)
    assert found_in_database(told.dsn) == []


async def test_every_text_in_the_log_is_sealed_under_a_key_of_its_own_petition(told: Told) -> None:
    async with open_office(told.dsn) as office:
        for petition, opened in told.histories.items():
            sealed = await office.histories.history(petition)
            assert masked(sealed) == masked(opened)
            assert all(isinstance(text, Sealed) and text.key == 1 for text in texts_in(sealed))
            assert key_numbers(told.dsn, petition) == [1]


# -- erasure


async def test_an_erased_history_has_no_text_and_everything_else(told: Told) -> None:
    erased = every_other(told.histories)
    erase(told.dsn, *erased)
    async with open_office(told.dsn) as office:
        for petition, before in told.histories.items():
            history = await office.queries.history(petition)
            assert fold(history) == await office.queries.fresh_petition(petition)
            if petition not in erased:
                assert history == before
                continue
            assert set(texts_in(history)) == {ERASED_TEXT}
            assert history == masked(before)
            written = petition_file(office, history)
            assert ERASED_TEXT in written
            assert CANARY not in written
            assert written.count("\n") >= len(before)
    assert found_in_database(told.dsn) == []


async def test_lists_have_the_word_for_erased_texts_in_their_place(told: Told) -> None:
    erased = every_other(told.histories)
    async with open_office(told.dsn) as office:
        before = await read_lists(office)
    erase(told.dsn, *erased)
    async with open_office(told.dsn) as office:
        assert_erased_in_lists(before, await read_lists(office), erased)


async def test_views_are_rebuilt_after_an_erasure_and_hold_no_erased_text(told: Told) -> None:
    erased = every_other(told.histories)
    async with open_office(told.dsn) as office:
        before = await read_lists(office)
    erase(told.dsn, *erased)
    async with open_office(told.dsn) as office:
        await rebuild_all(office)
        assert found_in_database(told.dsn) == []
        assert_erased_in_lists(before, await read_lists(office), erased)


async def test_when_every_text_is_erased_the_views_are_those_of_the_same_facts(told: Told) -> None:
    async with open_office(told.dsn) as office:
        before = await read_lists(office)
    erase(told.dsn, *told.histories)
    async with open_office(told.dsn) as office:
        await rebuild_all(office)
        after = await read_lists(office)
        assert after.overdue == {one: with_erased(row) for one, row in before.overdue.items()}
        assert {spot.place for spot in after.spots} <= {ERASED_TEXT, ""}
    assert found_in_database(told.dsn) == []


async def test_views_that_follow_in_a_new_process_go_on_after_an_erasure(told: Told) -> None:
    (petition,) = [one for one, history in told.histories.items() if is_in_progress(history)][:1]
    erase(told.dsn, petition)
    async with (
        open_office(told.dsn) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
    ):
        await perform(office, s.REMIND, petition)
        assert await views.wait_until_current(20)
        row = (await read_lists(office)).overdue[petition]
        assert (row["place"], row["summary"]) == (ERASED_TEXT, ERASED_TEXT)
    assert found_in_database(told.dsn) == []


def is_in_progress(history: list[EventEnvelope[Any]]) -> bool:
    petition = fold(history)
    return petition is not None and petition.stage == "in_progress"


# -- new texts of an erased petition


async def receive_and_classify(office: ApplicationService) -> PetitionId:
    (petition,) = await live(office, [s.RECEIVE, s.CLASSIFY])
    return petition


@pytest.fixture
async def erased(database: str) -> PetitionId:
    """Provide a classified petition whose texts were erased."""
    async with open_office(database) as office:
        await open_units(office)
        petition = await receive_and_classify(office)
        await rebuild_all(office)
    erase(database, petition)
    return petition


async def test_a_new_text_after_an_erasure_is_sealed_under_a_second_key_and_read(
    database: str, erased: PetitionId
) -> None:
    async with open_office(database) as office:
        await perform(office, with_changes(s.SUPPLEMENT, summary="canary second"), erased)
        await perform(office, with_changes(s.RECLASSIFY, reason="canary third"), erased)
        assert [text for text in texts_in(await office.queries.history(erased)) if text != ERASED_TEXT] == [
            "canary second",
            "canary third",
        ]
    assert key_numbers(database, erased) == [1, 2]
    async with open_office(database) as office:
        history = await office.queries.history(erased)
        assert texts_in(history[:2]) == [ERASED_TEXT] * 3
        assert texts_in(history[2:]) == ["canary second", "canary third"]
        sealed = await office.histories.history(erased)
        assert [text.key for text in texts_in(sealed) if isinstance(text, Sealed)] == [1, 1, 1, 2, 2]
        await rebuild_all(office)
        assert found_in_database(database) == []
        async with office.pool.connection() as connection:
            page = await overdue_on(connection, office.texts, ON, soon_until=ON, states=tuple(DueState))
        assert [(item.place, item.summary) for item in page.items] == [(ERASED_TEXT, ERASED_TEXT)]


async def test_an_erased_petition_can_be_erased_again(database: str, erased: PetitionId) -> None:
    async with open_office(database) as office:
        await perform(office, s.SUPPLEMENT, erased)
    erase(database, erased)
    async with open_office(database) as office:
        assert set(texts_in(await office.queries.history(erased))) == {ERASED_TEXT}
        await perform(office, s.ACKNOWLEDGE, erased)
        assert texts_in(await office.queries.history(erased))[-1] == s.ACKNOWLEDGE.how
    assert key_numbers(database, erased) == [1, 2, 3]


async def test_a_matter_of_an_erased_letter_opens_with_what_is_said_then(database: str, erased: PetitionId) -> None:
    async with open_office(database) as office:
        split = with_changes(
            s.SPLIT, occurred_on=july(12), matters=[{"summary": "canary one"}, {"summary": "canary two"}]
        )
        opened = (await perform(office, split, erased)).opened
    async with open_office(database) as office:
        assert [texts_in(await office.queries.history(PetitionId(one))) for one in opened] == [
            ["canary one", ERASED_TEXT],
            ["canary two", ERASED_TEXT],
        ]
    assert [key_numbers(database, one) for one in opened] == [[1], [1]]
    assert found_in_database(database) == []


# -- lost keys


async def test_a_lost_key_is_not_taken_for_an_erased_one(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        lost, other = await receive_and_classify(office), await receive_and_classify(office)
        await rebuild_all(office)
        spared = await office.queries.history(other)
    lose(database, lost)
    async with open_office(database) as office:
        for attempt in (
            lambda: office.queries.history(lost),
            lambda: office.queries.fresh_petition(lost),
            lambda: perform(office, s.SUPPLEMENT, lost),
            lambda: overdue_page(office),
        ):
            with pytest.raises(UnopenableText, match=r"the key of .* is lost"):
                await attempt()
        await rebuild_all(office)  # what does not open is set aside, and its petition alone
        async with office.pool.connection() as connection:
            assert [reason for _, reason in await select_set_aside(connection)] == ["UnopenableText"]
        assert await office.queries.history(other) == spared
        await perform(office, s.SUPPLEMENT, other)
    assert key_numbers(database, lost) == []


async def overdue_page(office: ApplicationService) -> Any:
    async with office.pool.connection() as connection:
        return await overdue_on(connection, office.texts, ON, soon_until=ON, states=tuple(DueState))


# -- without sealing


async def test_where_texts_are_not_sealed_they_are_plain_and_everything_works(database: str) -> None:
    """This shows also that the search of the database finds what is there."""
    told = await tell(database, seal_texts=False)
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM kiennghi_vault.text_keys").fetchone() == (0,)
    everywhere = " ".join(found_in_database(database))
    assert all(f"{table}:" in everywhere for table in ("kiennghi.log", "kiennghi_views.overdue", "hot_spots"))
    with psycopg.connect(database) as connection:
        states = b" ".join(bytes(one) for (one,) in connection.execute("SELECT state FROM kiennghi.log"))
    for text in (text for history in told.histories.values() for text in texts_in(history)):
        assert str(text).encode() in states
    async with open_office(database, seal_texts=False) as office:
        before = await read_lists(office)
        await rebuild_all(office)
        assert await read_lists(office) == before
        assert await read_all(office, told.histories) == told.histories
    async with open_office(database) as office:
        assert await read_lists(office) == before


async def test_texts_that_come_after_sealing_was_turned_on_are_sealed(database: str) -> None:
    async with open_office(database, seal_texts=False) as office:
        await open_units(office)
        petition = await receive_and_classify(office)
    async with open_office(database) as office:
        await perform(office, with_changes(s.SUPPLEMENT, summary="sealed-canary"), petition)
    assert found_in_database(database, "sealed-canary") == []
    assert key_numbers(database, petition) == [1]
    async with open_office(database) as office:
        assert texts_in(await office.queries.history(petition))[-1] == "sealed-canary"
        await rebuild_all(office)
        assert [item.place for item in (await overdue_page(office)).items if CANARY in item.place]
    with psycopg.connect(database) as connection:
        (place,) = connection.execute("SELECT place FROM kiennghi_views.overdue").fetchone() or (b"",)
    assert CANARY.encode() not in place


async def test_what_was_sealed_is_read_after_sealing_was_turned_off(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        petition = await receive_and_classify(office)
        before = await office.queries.history(petition)
    async with open_office(database, seal_texts=False) as office:
        await perform(office, with_changes(s.SUPPLEMENT, summary="plain-canary"), petition)
        history = await office.queries.history(petition)
        assert history[:-1] == before
        assert texts_in(history)[-1] == "plain-canary"
    assert found_in_database(database, "plain-canary") != []
    erase(database, petition)
    async with open_office(database) as office:
        assert texts_in(await office.queries.history(petition))[-1] == "plain-canary"
        assert set(texts_in((await office.queries.history(petition))[:-1])) == {ERASED_TEXT}


# -- known faults: each of these must hold, and does not yet


async def test_another_process_reads_what_was_sealed_under_a_key_that_it_has_not_seen(
    database: str, erased: PetitionId
) -> None:
    async with open_office(database) as one, open_office(database) as two:
        await two.queries.history(erased)
        await perform(one, with_changes(s.SUPPLEMENT, summary="canary second"), erased)
        assert texts_in(await two.queries.history(erased))[-1] == "canary second"


async def test_a_new_key_does_not_hide_the_erased_one_whose_petition_left_the_memory(
    database: str, erased: PetitionId
) -> None:
    async with open_office(database) as office:
        assert await office.queries.petition(erased) is not None
        office.vault.forget(erased)  # as if many other petitions had been used while the append was on its way
        office.vault.remember(*office.vault.make_key(erased, 2))
        assert texts_in(await office.queries.history(erased)) == [ERASED_TEXT] * 3


async def test_a_text_is_not_sealed_under_a_key_that_was_erased_by_another_process(database: str) -> None:
    """The erasure is an event of the petition, so a process that has not heard of it meets a conflict."""
    async with open_office(database) as office, open_office(database) as another:
        await open_units(office)
        petition = await receive_and_classify(office)
        erase(database, petition)
        await perform(another, s.ACCEPT, petition)
        await perform(office, with_changes(s.SUPPLEMENT, summary="canary second"), petition)
    async with open_office(database) as office:
        assert texts_in(await office.queries.history(petition))[-1] == "canary second"


async def test_views_that_follow_while_texts_are_erased_do_not_write_them_again(database: str) -> None:
    async with (
        open_office(database) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
    ):
        await open_units(office)
        petition = await receive_and_classify(office)
        assert await views.wait_until_current(20)
        erase(database, petition)
        office.vault.forget(petition)
        await perform(office, s.ACCEPT, petition)
        assert await views.wait_until_current(20)
        assert found_in_database(database) == []


async def test_views_that_follow_while_texts_are_erased_do_not_seal_them_under_the_next_key(database: str) -> None:
    async with (
        open_office(database) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
    ):
        await open_units(office)
        petition = await receive_and_classify(office)
        assert await views.wait_until_current(20)
        erase(database, petition)
        office.vault.forget(petition)
        await perform(office, s.SUPPLEMENT, petition)
        await perform(office, s.ACCEPT, petition)
        assert await views.wait_until_current(20)
        assert [item.summary for item in (await overdue_page(office)).items] == [ERASED_TEXT]


async def test_a_matter_does_not_take_over_a_text_that_was_erased_meanwhile(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        petition = await receive_and_classify(office)
        erase(database, petition)
        office.vault.forget(petition)
        first, _ = (await perform(office, with_changes(s.SPLIT, occurred_on=july(12)), petition)).opened
        assert texts_in(await office.queries.history(PetitionId(first))) == ["đường hỏng", ERASED_TEXT]


async def view_rows_of(dsn: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(statement.encode()).fetchall()


async def test_the_mark_of_an_erased_place_is_gone_after_a_rebuild(database: str, erased: PetitionId) -> None:
    async with open_office(database) as office:
        await rebuild_all(office)
        marks = await view_rows_of(database, "SELECT place_mark FROM kiennghi_views.hot_spots")
        assert marks == [(office.texts.mark(ERASED_TEXT),)]


async def test_the_sketch_of_an_erased_summary_is_gone_after_a_rebuild(database: str, erased: PetitionId) -> None:
    async with open_office(database) as office:
        await rebuild_all(office)
    assert await view_rows_of(database, "SELECT * FROM kiennghi_views.duplicates") == []


async def test_two_erased_petitions_are_not_taken_for_duplicates(database: str, erased: PetitionId) -> None:
    async with open_office(database) as office:
        other = await receive_and_classify(office)
    erase(database, other)
    async with open_office(database) as office:
        await rebuild_all(office)
        petition = await office.queries.fresh_petition(erased)
        assert petition is not None
        async with office.pool.connection() as connection:
            found = await find_duplicates(office, connection, petition, lambda _petition, _protected: True)
        assert found == []
