import asyncio
import io
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.actor import Credentials, Role
from domain.errors import NotAllowed
from domain.events import ImportFlagged, PetitionReceived
from domain.value import UNSET
from domain.vocabulary import UnitId
from service.commands.office import ApplicationService
from service.config.settings import Settings
from service.files.cells import UnreadableFile
from service.imports.importing import CASES_AT_ONCE, import_file
from service.imports.mapping import ImportMapping, load_mapping, parse_mapping
from service.imports.results import CaseOutcome, ImportSummary

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
MAPPING_TEXT = """
[source]
name = "s"
rows = "case"
[case]
key = "no"
received = "in"
answered = "out"
unit = "unit"
"""
MAPPING = parse_mapping(MAPPING_TEXT)
HEADER = "no,in,out,unit\n"
IMPORTER = Credentials(
    officer="nhap-lieu",
    unit="van-phong",
    position="Importer (made up)",
    roles=frozenset({Role.IMPORTER}),
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(database: str, tmp_path: Path) -> AsyncIterator[ApplicationService]:
    async with ApplicationService.open(
        database,
        Settings(home=tmp_path),
        vault_key=bytes(32),
        clock=lambda: datetime(2026, 7, 6, 3, tzinfo=UTC),
    ) as opened:
        yield opened


class Importing:
    """Imports made-up files into one office, and keeps the report of the last import."""

    def __init__(self, office: ApplicationService, folder: Path) -> None:
        self.office = office
        self.path = folder / "source.csv"
        self.report: list[dict[str, Any]] = []

    async def run(
        self,
        content: str,
        *,
        dry_run: bool = False,
        by: Credentials = IMPORTER,
        take_over: Sequence[str] = (),
        mapping: ImportMapping = MAPPING,
    ) -> ImportSummary:
        self.path.write_text(content, encoding="utf-8")
        report = io.StringIO()
        try:
            return await import_file(
                self.office, self.path, mapping, by, dry_run=dry_run, take_over=frozenset(take_over), report=report
            )
        finally:
            self.report = [json.loads(line) for line in report.getvalue().splitlines()]

    async def events(self) -> int:
        async with self.office.pool.connection() as connection:
            cursor = await connection.execute("SELECT count(*) FROM kiennghi.log")
            row = await cursor.fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def importing(office: ApplicationService, tmp_path: Path) -> Importing:
    return Importing(office, tmp_path)


async def test_an_imported_case_happened_then_and_is_recorded_now_by_the_importing_officer(
    importing: Importing,
) -> None:
    before = datetime.now(UTC)
    summary = await importing.run(HEADER + "7,2011-03-04,2011-05-06,u1\n")
    assert (summary.outcomes, summary.complete) == ({CaseOutcome.IMPORTED: 1}, True)
    assert importing.report == [{"rows": [2], "key": "7", "outcome": "imported", "reference": "NK-2011-000001"}]
    petition_id = await importing.office.queries.petition_id_of("s:7")
    assert petition_id is not None
    history = await importing.office.queries.history(petition_id)
    received = history[0]
    assert isinstance(received.fact, PetitionReceived)
    assert received.fact.occurred_on == date(2011, 3, 4)
    assert received.fact.source is not UNSET
    assert (received.fact.source.name, received.fact.source.key) == ("s", "7")
    assert all(recorded.by == IMPORTER.acting_officer for recorded in history)
    assert all(recorded.recorded_at is not None and recorded.recorded_at >= before for recorded in history)


async def test_a_second_run_adds_nothing(importing: Importing) -> None:
    content = HEADER + "".join(f"{n},2011-03-04,,u1\n" for n in range(CASES_AT_ONCE + 10))
    first = await importing.run(content)
    assert first.outcomes == {CaseOutcome.IMPORTED: CASES_AT_ONCE + 10}
    events = await importing.events()
    second = await importing.run(content)
    assert second.outcomes == {CaseOutcome.ALREADY_THERE: CASES_AT_ONCE + 10}
    assert second.units_opened == []
    assert await importing.events() == events


async def test_two_imports_at_once_tell_each_case_once(importing: Importing) -> None:
    importing.path.write_text(HEADER + "".join(f"{n},2011-03-04,,u1\n" for n in range(400)), encoding="utf-8")
    both = await asyncio.gather(*(import_file(importing.office, importing.path, MAPPING, IMPORTER) for _ in range(2)))
    assert sum(summary.outcomes[CaseOutcome.IMPORTED] for summary in both) == 400
    assert sum(summary.outcomes[CaseOutcome.ALREADY_THERE] for summary in both) == 400
    assert await importing.events() == 1 + 400 * 2  # the unit; the receipt and the assignment of each


async def test_an_interrupted_import_goes_on(importing: Importing) -> None:
    importing.path.write_text(
        HEADER + "".join(f"{n},2011-03-04,,u1\n" for n in range(3 * CASES_AT_ONCE)), encoding="utf-8"
    )

    def interrupt(done: int, of: int) -> None:
        assert of == 3 * CASES_AT_ONCE
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await import_file(importing.office, importing.path, MAPPING, IMPORTER, progress=interrupt)
    summary = await import_file(importing.office, importing.path, MAPPING, IMPORTER)
    assert summary.outcomes == {CaseOutcome.ALREADY_THERE: CASES_AT_ONCE, CaseOutcome.IMPORTED: 2 * CASES_AT_ONCE}
    assert await importing.events() == 1 + 3 * CASES_AT_ONCE * 2


async def test_what_could_be_recorded_is_reported_when_the_database_fails(importing: Importing, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE kiennghi.log ADD CONSTRAINT room CHECK (position <= 301)")
        with pytest.raises(psycopg.errors.CheckViolation, match="room"):
            await importing.run(HEADER + "".join(f"{n},2011-03-04,,u1\n" for n in range(400)))
        reported = len(importing.report)
        owner.execute("ALTER TABLE kiennghi.log DROP CONSTRAINT room")
    summary = await importing.run(HEADER + "".join(f"{n},2011-03-04,,u1\n" for n in range(400)))
    assert summary.outcomes[CaseOutcome.ALREADY_THERE] >= reported
    assert await importing.events() == 1 + 400 * 2


async def test_a_dry_run_says_what_would_be_and_writes_nothing(importing: Importing) -> None:
    await importing.run(HEADER + "1,2011-03-04,,u1\n2,2011-03-04,,u1\n")
    events = await importing.events()
    summary = await importing.run(
        HEADER + "1,2011-03-04,,u1\n2,2011-03-05,,u1\n3,2011-03-04,2011-03-01,u2\n4,soon,,u3\n", dry_run=True
    )
    assert [(line["key"], line["outcome"]) for line in importing.report] == [
        ("1", "already_there"),
        ("2", "changed"),
        ("3", "would_import"),
        ("4", "unreadable"),
    ]
    assert summary.units_opened == ["u2"]
    assert summary.flags == {"answered_before_receipt": 1}
    assert not summary.complete
    assert await importing.events() == events


async def test_a_case_that_the_source_tells_otherwise_keeps_its_history_and_is_reported(importing: Importing) -> None:
    await importing.run(HEADER + "1,2011-03-04,,u1\n")
    events = await importing.events()
    summary = await importing.run(HEADER + "1,2011-03-04,2011-04-01,u1\n")
    assert summary.outcomes == {CaseOutcome.CHANGED: 1}
    assert importing.report[0]["reference"] == "NK-2011-000001"
    assert "the log keeps the first" in importing.report[0]["reason"]
    assert await importing.events() == events


async def test_an_untidy_case_is_kept_and_flagged_in_report_and_history(importing: Importing) -> None:
    summary = await importing.run(HEADER + "1,2011-03-04,2011-03-01,u1\n")
    assert summary.outcomes == {CaseOutcome.IMPORTED: 1}
    assert summary.flagged == 1
    assert [line["flags"][0]["flag"] for line in importing.report] == ["answered_before_receipt"]
    petition_id = await importing.office.queries.petition_id_of("s:1")
    assert petition_id is not None
    history = await importing.office.queries.history(petition_id)
    assert [recorded.fact.flag for recorded in history if isinstance(recorded.fact, ImportFlagged)] == [
        "answered_before_receipt"
    ]


async def test_a_row_that_cannot_be_read_is_reported_and_goes_in_once_it_is_put_right(importing: Importing) -> None:
    summary = await importing.run(HEADER + "1,2011-03-04,,u1\n2,31/02/2011,,u9\n3,2011\n")
    assert summary.outcomes == {CaseOutcome.IMPORTED: 1, CaseOutcome.UNREADABLE: 2}
    assert [line["rows"] for line in importing.report if line["outcome"] == "unreadable"] == [[4], [3]]
    assert UnitId("u9") not in await importing.office.queries.units()
    summary = await importing.run(HEADER + "1,2011-03-04,,u1\n2,2011-03-03,,u9\n3,2011-03-04,,u1\n")
    assert summary.outcomes == {CaseOutcome.ALREADY_THERE: 1, CaseOutcome.IMPORTED: 2}


async def test_a_unit_is_opened_on_its_earliest_day_that_can_be(importing: Importing) -> None:
    content = HEADER + "1,2011-03-04,,u1\n2,2009-01-02,,u1\n3,2030-01-01,,u2\n4,1900-01-01,,u1\n5,2026-07-06,,u4\n"
    summary = await importing.run(content)
    assert summary.outcomes == {CaseOutcome.IMPORTED: 3, CaseOutcome.UNREADABLE: 2}
    units = await importing.office.queries.units()
    assert UnitId("u2") not in units
    assert [units.by_id[UnitId(unit)].opened_on for unit in ("u1", "u4")] == [date(2009, 1, 2), date(2026, 7, 6)]


async def test_without_the_role_nothing_is_written(importing: Importing) -> None:
    content = HEADER + "1,2011-03-04,,u1\n"
    nobody = IMPORTER.model_copy(update={"roles": frozenset({Role.HEAD})})
    with pytest.raises(NotAllowed, match="the role: importer"):
        await importing.run(content, by=nobody)
    assert await importing.events() == 0


async def test_a_file_that_breaks_off_late_leaves_nothing_written(importing: Importing) -> None:
    with pytest.raises(UnreadableFile):
        await importing.run(HEADER + "1,2011-03-04,,u1\n" * 2_000 + '2,"')
    assert await importing.events() == 0


async def test_the_examples_are_imported(office: ApplicationService) -> None:
    register = await import_file(
        office, EXAMPLES / "one-row-a-case.csv", load_mapping(EXAMPLES / "one-row-a-case.toml"), IMPORTER
    )
    assert register.outcomes == {CaseOutcome.IMPORTED: 4, CaseOutcome.UNREADABLE: 1}
    assert (register.flagged, register.noted) == (1, 1)
    log = await import_file(
        office, EXAMPLES / "one-row-an-event.xes", load_mapping(EXAMPLES / "one-row-an-event.toml"), IMPORTER
    )
    assert log.outcomes == {CaseOutcome.IMPORTED: 2, CaseOutcome.UNREADABLE: 1}
    assert log.columns_left_out == ["org:resource/position"]


async def test_a_dry_run_says_ranges_and_gaps(office: ApplicationService, tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    rows = "1,2011-03-04,2011-05-06,u1,2011-04-01\n2,2012-01-02,,,2027-01-01\n2,2012-01-02,,,2027-01-01\n"
    path.write_text("no,in,out,unit,due\n" + rows, encoding="utf-8")
    mapping = parse_mapping(f'{MAPPING_TEXT}due = "due"\n')
    summary = await import_file(office, path, mapping, IMPORTER, dry_run=True)
    assert [sentence.en for sentence in summary.profile.sentences()] == [
        "received: from 2011-03-04 to 2012-01-02",
        "due: from 2011-04-01 to 2027-01-01",
        "answered: from 2011-05-06 to 2011-05-06",
        "without a unit: 1 of 2",
        "without an answer: 1 of 2",
        "due after today: 1 of 2",
        "repeated rows: 1 of 2",
    ]
