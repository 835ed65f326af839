"""Tests that a filled sheet becomes petitions: each row as a whole and once, with its officer and its day."""

import asyncio
import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.actor import Role
from domain.commands import AcknowledgeReceipt
from domain.errors import Refused
from domain.events import AnsweredAtMeeting, PetitionAssigned, PetitionClassified, PetitionReceived, officer_of
from domain.value import said
from domain.vocabulary import Channel, MeetingId, PetitionKind, Stage
from projections.meeting_counts import MeetingFilter
from projections.meeting_lists import meeting_days
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from service.event_store.ids import sheet_command_id
from service.projector.runner import ProjectionRunner
from service.security.identity_vault import read_identities
from service.sheets.commands import RowStep
from service.sheets.loading import LoadedSheet, RowOutcome, load_sheet
from service.sheets.parse import read_sheet
from service.sheets.sheet_id import MOST_SHEET_ROWS, SheetId
from service.sheets.template import BlankSheet, make_blank_sheet
from tests.domain.scenario import MEETING, MONDAY
from tests.service.office_fixtures import VAULT_KEY, assert_views_complete, open_office
from tests.service.sheets.conftest import CLERK, LOADED_AT
from tests.service.sheets.filling import ANSWERED, ASSIGNED, CLASSIFIED, NOTED, Row, filled_csv, filled_xlsx

pytestmark = pytest.mark.anyio


async def load(office: ApplicationService, content: bytes, **more: Any) -> LoadedSheet:
    return await load_sheet(office, read_sheet(content), more.pop("by", CLERK), **more)


async def events(office: ApplicationService) -> int:
    return await office.histories.last_position()


async def stage_of(office: ApplicationService, reference: str | None) -> Stage:
    petition_id = await office.queries.petition_id_of(reference or "")
    assert petition_id is not None
    petition = await office.queries.petition(petition_id)
    assert petition is not None
    return petition.stage


async def test_what_a_row_says_decides_how_far_its_petition_goes(office: ApplicationService, blank: BlankSheet) -> None:
    loaded = await load(office, filled_xlsx(blank, [NOTED, CLASSIFIED, ANSWERED, {}, ASSIGNED]))
    assert [(row.row, row.outcome) for row in loaded.rows] == [(n, RowOutcome.ACCEPTED) for n in (3, 4, 5, 7)]
    stages = [await stage_of(office, row.reference) for row in loaded.rows]
    assert stages == [Stage.RECEIVED, Stage.CLASSIFIED, Stage.ANSWERED_AT_MEETING, Stage.ASSIGNED]
    assert loaded.complete


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("tố cáo", "a denunciation is settled by a decision under its own law, not at a meeting"),
        ("khiếu nại", "a complaint is settled by a decision under its own law, not at a meeting"),
        ("", "a petition of no kind yet has no ending by answer at a meeting"),
    ],
)
async def test_a_row_that_answers_what_no_meeting_ends_is_refused_and_nothing_of_it_is_recorded(
    office: ApplicationService, blank: BlankSheet, kind: str, why: str, *, dry_run: bool
) -> None:
    before = await events(office)
    row = {key: value for key, value in ANSWERED.items() if key != "topic"}
    loaded = await load(office, filled_xlsx(blank, [{}, {**row, "kind": kind}]), dry_run=dry_run)
    assert [(one.row, one.outcome, one.reason) for one in loaded.rows] == [(4, RowOutcome.REFUSED, why)]
    assert await events(office) == before


async def test_the_cells_of_a_row_are_in_the_events_of_its_petition(
    office: ApplicationService, blank: BlankSheet
) -> None:
    loaded = await load(office, filled_xlsx(blank, [ANSWERED, ASSIGNED]))
    first, second = [await office.queries.petition_id_of(row.reference or "") for row in loaded.rows]
    assert first is not None
    assert second is not None
    received, classified, answered = [recorded.fact for recorded in await office.queries.history(first)]
    assert isinstance(received, PetitionReceived)
    assert isinstance(classified, PetitionClassified)
    assert isinstance(answered, AnsweredAtMeeting)
    assert (received.channel, received.meeting_id, received.person_count) == (Channel.DIALOGUE, MEETING, 3)
    assert (classified.kind, classified.topic) == (PetitionKind.PROPOSAL_FEEDBACK, "giao thông, điện, nước")
    assert (officer_of(answered.answered_by), answered.minutes_page) == ("chu-tich", "trang 3")
    assert answered.citizen_agreed is True
    assigned = (await office.queries.history(second))[-1].fact
    assert isinstance(assigned, PetitionAssigned)
    assert (assigned.lead_unit, assigned.coordinating_units) == ("so-mau", ("so-khac", "ubnd-tinh"))
    (deadline,) = said(assigned.deadlines, ())
    assert (assigned.occurred_on, deadline.due_on) == (date(2026, 7, 8), date(2026, 8, 14))


async def test_a_late_entry_is_seen_as_such(office: ApplicationService, blank: BlankSheet) -> None:
    loaded = await load(office, filled_xlsx(blank, [NOTED]))
    assert (loaded.held_on, loaded.entered_on) == (MONDAY, office.today)
    assert loaded.days_after == 3
    petition_id = await office.queries.petition_id_of(loaded.rows[0].reference or "")
    assert petition_id is not None
    (receipt,) = await office.queries.history(petition_id)
    assert receipt.fact.occurred_on == MONDAY
    assert receipt.recorded_at is not None
    assert receipt.by == CLERK.acting_officer


async def test_loaded_twice_it_adds_nothing_whoever_loads_it(office: ApplicationService, blank: BlankSheet) -> None:
    content = filled_xlsx(blank, [NOTED, ANSWERED, ASSIGNED])
    first = await load(office, content)
    before = await events(office)
    second = await load(office, content, by=CLERK.model_copy(update={"officer": "nguoi-khac"}))
    assert second.outcomes == {RowOutcome.ALREADY_THERE: 3}
    assert [row.reference for row in second.rows] == [row.reference for row in first.rows]
    assert await events(office) == before
    assert second.complete


async def test_what_a_row_is_known_by_never_changes(office: ApplicationService, database: str) -> None:
    """A later version must recognise the sheets that were loaded before."""
    sheet_id = SheetId(MEETING, "0123456789")
    blank = BlankSheet(sheet_id, MONDAY, "Đối thoại", "UBND", [], 1)
    await load(office, filled_csv(blank, [ASSIGNED]))
    receipt = sheet_command_id(MEETING, "P0123456789-001", RowStep.RECEIVE)
    assert str(receipt) == "1afbdcbf-5df4-58d7-a1c5-8c1cf672b9c0"
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT encode(request_digest, 'hex') FROM kiennghi.log"
            " WHERE command_id = %s AND request_digest IS NOT NULL",
            [receipt],
        ).fetchone()
    assert found == ("4006d454d809cb194900d4aa6676fe6902c21aeba44f217d5e41d6ec235b3858",)


async def test_as_csv_or_as_a_workbook_it_is_the_same_sheet(office: ApplicationService, blank: BlankSheet) -> None:
    rows = [NOTED, ANSWERED, ASSIGNED]
    await load(office, filled_xlsx(blank, rows))
    for delimiter, encoding in ((";", "utf-8-sig"), (",", "utf-8"), ("\t", "utf-16")):
        again = await load(office, filled_csv(blank, rows, delimiter, encoding))
        assert again.outcomes == {RowOutcome.ALREADY_THERE: 3}, (delimiter, encoding)


async def test_a_row_that_was_changed_since_is_reported_and_not_entered_again(
    office: ApplicationService, blank: BlankSheet
) -> None:
    first = await load(office, filled_xlsx(blank, [ANSWERED, CLASSIFIED, NOTED]))
    before = await events(office)
    changed: list[Row] = [
        {**ANSWERED, "petitioner_name": "Trần Văn Mẫu"},  # what only the vault knows counts too
        {**CLASSIFIED, **ANSWERED},
        {**NOTED, "place": "Thôn Ví Dụ 2"},
    ]
    second = await load(office, filled_xlsx(blank, changed))
    assert second.outcomes == {RowOutcome.CHANGED: 3}
    assert [row.reference for row in second.rows] == [row.reference for row in first.rows]
    assert await events(office) == before
    assert not second.complete


async def test_rows_filled_in_later_are_added_to_those_that_are_there(
    office: ApplicationService, blank: BlankSheet
) -> None:
    await load(office, filled_xlsx(blank, [NOTED]))
    later = await load(office, filled_xlsx(blank, [NOTED, {}, ANSWERED]))
    assert [row.outcome for row in later.rows] == [RowOutcome.ALREADY_THERE, RowOutcome.ACCEPTED]


async def test_a_dry_run_says_the_same_and_writes_nothing(office: ApplicationService, blank: BlankSheet) -> None:
    wrong = {**ASSIGNED, "lead_unit": "so-la"}
    content = filled_xlsx(blank, [NOTED, ANSWERED, wrong])
    before = await events(office)
    tried = await load(office, content, dry_run=True)
    assert await events(office) == before
    assert [row.outcome for row in tried.rows] == [RowOutcome.WOULD_BE_ACCEPTED] * 2 + [RowOutcome.REFUSED]
    done = await load(office, content)
    assert [row.outcome for row in done.rows] == [RowOutcome.ACCEPTED] * 2 + [RowOutcome.REFUSED]
    assert [row.reason for row in done.rows] == [row.reason for row in tried.rows]
    again = await load(office, content, dry_run=True)
    assert [row.outcome for row in again.rows] == [RowOutcome.ALREADY_THERE] * 2 + [RowOutcome.REFUSED]


REFUSED: dict[str, tuple[Row, str]] = {
    "a unit that there is not": ({**ASSIGNED, "lead_unit": "so-la"}, "there is no unit “so-la”"),
    "a unit closed by then": (
        {**ASSIGNED, "lead_unit": "huyen-cu"},
        "the unit “huyen-cu” is not in being on 2026-07-08",
    ),
    "a coordinating unit that there is not": ({**ASSIGNED, "coordinating_units": "so-la"}, "no unit “so-la”"),
    "due before it was assigned": ({**ASSIGNED, "due_on": date(2026, 7, 7)}, "the due date lies before the assignment"),
    "a notice of before the meeting": ({**ASSIGNED, "notice_on": date(2026, 7, 3)}, "received on 2026-07-06"),
    "a notice of tomorrow": ({**ASSIGNED, "notice_on": date(2026, 7, 10)}, "2026-07-10 lies in the future"),
    "assigned and never classified": ({**ASSIGNED, "kind": None, "topic": None}, "cannot be assigned"),
    "answered there and assigned as well": ({**ANSWERED, **ASSIGNED}, "cannot be assigned"),
    "a complaint assigned before it is accepted": ({**ASSIGNED, "kind": "khiếu nại"}, "must be accepted before"),
}


@pytest.mark.parametrize(("row", "sentence"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_the_rules_do_not_allow_is_refused_in_their_words_and_as_a_whole(
    office: ApplicationService, blank: BlankSheet, row: Row, sentence: str
) -> None:
    before = await events(office)
    loaded = await load(office, filled_xlsx(blank, [row]))
    (result,) = loaded.rows
    assert (result.outcome, result.reference) == (RowOutcome.REFUSED, None)
    assert sentence in result.reason
    assert await events(office) == before  # not even its receipt: corrected, it is entered as a whole
    assert (await load(office, filled_xlsx(blank, [ASSIGNED]))).complete


async def test_an_answer_is_loaded_after_its_due_date_only_if_another_recorded_the_meeting_in_time(
    office: ApplicationService, blank: BlankSheet, database: str
) -> None:
    """The office has nothing to show that the meeting was recorded in time; what is assigned there goes in late."""
    content = filled_xlsx(blank, [ANSWERED, NOTED])
    async with open_office(database, now=LOADED_AT + timedelta(days=30)) as late:
        before = await events(late)
        loaded = await load(late, content)
        assert [row.outcome for row in loaded.rows] == [RowOutcome.REFUSED, RowOutcome.ACCEPTED]
        assert "nobody else had recorded by then that the meeting of 2026-07-06 was held" in loaded.rows[0].reason
        assert await events(late) == before + 1
    assert (await load(office, content)).outcomes == {RowOutcome.ACCEPTED: 1, RowOutcome.ALREADY_THERE: 1}


async def test_a_row_fails_none_of_those_beside_it(office: ApplicationService, blank: BlankSheet) -> None:
    loaded = await load(office, filled_xlsx(blank, [NOTED, {"place": "Thôn"}, ANSWERED]))
    assert [row.outcome for row in loaded.rows] == [RowOutcome.ACCEPTED, RowOutcome.REFUSED, RowOutcome.ACCEPTED]
    assert loaded.rows[1].reason == "“Nội dung kiến nghị”: để trống / “Nội dung kiến nghị”: is missing"


async def test_without_the_role_a_row_is_refused(office: ApplicationService, blank: BlankSheet) -> None:
    receiver = CLERK.model_copy(update={"roles": frozenset({Role.RECEIVER})})
    loaded = await load(office, filled_xlsx(blank, [NOTED, ASSIGNED]), by=receiver)
    assert [row.outcome for row in loaded.rows] == [RowOutcome.ACCEPTED, RowOutcome.REFUSED]
    assert "needs one of the roles" in loaded.rows[1].reason


async def test_a_load_that_broke_off_is_gone_on_with(
    office: ApplicationService, blank: BlankSheet, database: str
) -> None:
    content = filled_xlsx(blank, [ANSWERED, ASSIGNED])
    room = await events(office) + 3  # both receipts and one classification
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute(f"ALTER TABLE kiennghi.log ADD CONSTRAINT room CHECK (position <= {room})")
        with pytest.raises(psycopg.errors.CheckViolation, match="room"):
            await load(office, content)
        owner.execute("ALTER TABLE kiennghi.log DROP CONSTRAINT room")
    loaded = await load(office, content, dry_run=True)
    assert loaded.outcomes == {RowOutcome.WOULD_BE_ACCEPTED: 2}
    loaded = await load(office, content)
    assert [row.outcome for row in loaded.rows] == [RowOutcome.ACCEPTED] * 2
    stages = [await stage_of(office, row.reference) for row in loaded.rows]
    assert stages == [Stage.ANSWERED_AT_MEETING, Stage.ASSIGNED]


async def test_rows_for_which_the_database_has_no_room_now_are_taken_the_next_time(
    office: ApplicationService, database: str
) -> None:
    blank = await make_blank_sheet(office, MEETING, 200)
    content = filled_csv(blank, [ANSWERED | {"summary": f"Kiến nghị {n}"} for n in range(200)])
    async with open_office(database, now=LOADED_AT, max_waiting=20) as narrow:
        first = await load(narrow, content)
        assert first.outcomes[RowOutcome.INTERRUPTED] > 0
        assert first.outcomes[RowOutcome.ACCEPTED] > 0
        assert set(first.outcomes) == {RowOutcome.INTERRUPTED, RowOutcome.ACCEPTED}
        assert not first.complete
    second = await load(office, content)
    assert second.outcomes == {
        RowOutcome.ALREADY_THERE: first.outcomes[RowOutcome.ACCEPTED],
        RowOutcome.ACCEPTED: first.outcomes[RowOutcome.INTERRUPTED],
    }


async def test_a_petition_that_others_went_on_with_is_left_alone(office: ApplicationService, blank: BlankSheet) -> None:
    content = filled_xlsx(blank, [CLASSIFIED])
    (row,) = (await load(office, content)).rows
    petition_id = await office.queries.petition_id_of(row.reference or "")
    go_on = AcknowledgeReceipt(occurred_on=MONDAY, document_no="1/TB")
    await office.petitions.perform(
        CommandRequest(go_on, command_id=uuid4(), digest=b"", petition_id=petition_id), CLERK
    )
    assert (await load(office, content)).outcomes == {RowOutcome.ALREADY_THERE: 1}


async def test_two_loads_at_once_enter_each_row_once(office: ApplicationService, blank: BlankSheet) -> None:
    content, before = filled_xlsx(blank, [NOTED, ANSWERED]), await events(office)
    both = await asyncio.gather(load(office, content), load(office, content))
    assert all(loaded.complete for loaded in both)
    assert await events(office) == before + 4


async def test_two_hundred_petitions_of_one_meeting_load_in_one_go(office: ApplicationService, database: str) -> None:
    blank = await make_blank_sheet(office, MEETING, 200)
    rows = [(ANSWERED, ASSIGNED, CLASSIFIED, NOTED)[n % 4] | {"summary": f"Kiến nghị {n}"} for n in range(200)]
    before = await events(office)
    loaded = await load(office, filled_xlsx(blank, rows))
    assert loaded.outcomes == {RowOutcome.ACCEPTED: 200}
    assert await events(office) == before + 50 * (3 + 3 + 2 + 1)
    assert len({row.reference for row in loaded.rows}) == 200
    again = await load(office, filled_csv(blank, rows))
    assert again.outcomes == {RowOutcome.ALREADY_THERE: 200}


async def test_a_sheet_of_another_meeting_is_refused(office: ApplicationService, blank: BlankSheet) -> None:
    with pytest.raises(Refused, match="of another meeting"):
        await load(office, filled_xlsx(blank, [NOTED]), meeting_id=MeetingId(uuid4()))
    assert (await load(office, filled_xlsx(blank, [NOTED]), meeting_id=MEETING)).complete


async def test_a_meeting_that_is_not_on_record_as_held_has_no_sheet(
    office: ApplicationService, paper: BlankSheet
) -> None:
    with pytest.raises(Refused, match="no such meeting on record"):
        await load(office, filled_xlsx(paper, [NOTED]))
    with pytest.raises(Refused, match="no such meeting on record"):
        await make_blank_sheet(office, MeetingId(uuid4()))


@pytest.mark.parametrize("rows", [0, -1, MOST_SHEET_ROWS + 1])
async def test_a_sheet_has_room_for_one_petition_to_a_thousand(office: ApplicationService, rows: int) -> None:
    with pytest.raises(Refused, match="1 to 1,000 rows"):
        await make_blank_sheet(office, MEETING, rows)


async def test_who_petitioned_is_in_the_vault_and_nowhere_else(
    office: ApplicationService, blank: BlankSheet, database: str
) -> None:
    identities = {key: value for key, value in CLASSIFIED.items() if key.startswith("petitioner_")}
    loaded = await load(office, filled_xlsx(blank, [ANSWERED, {**ASSIGNED, "lead_unit": "so-la"}]))
    written = json.dumps([asdict(row) for row in loaded.rows], ensure_ascii=False) + json.dumps(
        loaded.as_json(), default=str, ensure_ascii=False
    )
    written += repr(read_sheet(filled_xlsx(blank, [ANSWERED])))
    with psycopg.connect(database) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'kiennghi'").fetchall()
        for (table,) in tables:
            written += str(connection.execute(f"SELECT t::text FROM kiennghi.{table} AS t").fetchall())
        log = connection.execute("SELECT state FROM kiennghi.log").fetchall()
    written += "".join(bytes(state).decode() for (state,) in log)
    assert "Đề nghị lắp đèn" not in written  # it is sealed
    for value in identities.values():
        assert value not in written
    petition_id = await office.queries.petition_id_of(loaded.rows[0].reference or "")
    assert petition_id is not None
    custodian = CLERK.model_copy(update={"roles": frozenset({Role.CUSTODIAN})})
    async with office.pool.connection() as connection:
        (disclosed,) = await read_identities(connection, petition_id, custodian, "test", VAULT_KEY)
    assert disclosed.petitioner is not None
    person = disclosed.petitioner
    assert [person.name, person.address, person.identity_no, person.phone] == list(identities.values())


async def test_the_meeting_has_what_was_raised_and_answered_there(
    office: ApplicationService, blank: BlankSheet
) -> None:
    await load(office, filled_xlsx(blank, [NOTED, ANSWERED, ASSIGNED]))
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(timeout=30)
    async with office.pool.connection() as connection:
        (meeting,) = (
            await meeting_days(connection, MeetingFilter(MONDAY, MONDAY + timedelta(days=1)), on=MONDAY)
        ).items
    assert (meeting.raised, meeting.answered_there) == (3, 1)
    await assert_views_complete(office)
