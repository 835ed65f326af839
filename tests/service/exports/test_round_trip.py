"""Exports imported cases, reads them again as an import does, and has pm4py count what is in the files."""

import importlib.util
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.actor import Credentials, Role
from domain.imported_history import ImportedCase, facts_of_imported_case
from service.commands.office import ApplicationService
from service.config.law_files import national_law
from service.config.settings import Settings
from service.exports.exporting import LogFormat, export_log
from service.exports.petition_pages import ExportScope
from service.imports.importing import import_file
from service.imports.mapping import ImportMapping, load_mapping, parse_mapping
from service.imports.readings import ReadCase
from service.imports.results import CaseOutcome
from tests.examples import PROFILE
from tests.service.exports.ocel_standard import assert_is_ocel, read_ocel
from tests.service.exports.xes_standard import assert_is_xes, read_log
from tests.service.imports.case_reading import TODAY, read_cases
from tests.service.imports.test_receipt_log import LOG

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
IMPORTER = Credentials(
    officer="nhap-lieu", unit="van-phong", position="Importer (made up)", roles=frozenset({Role.IMPORTER})
)
CASES = None if PROFILE == "deep" else 40
"""Cases of the receipt log that a quick run takes; a deep one takes all 1,434."""
MADE_UP = """case,received,at,step,unit,officer,summary
A/1,2011-03-01T23:30:00+07:00,2011-03-02,"Tiếp nhận & ""vào"" sổ",Văn phòng,Người <thứ nhất>,"dòng một
dòng hai ]]>  'x'"
A/1,2011-03-01T23:30:00+07:00,2011-03-04T10:00:00.123456+07:00,Trả lời,Sở Mẫu,,
B/2,2011-03-05,2011-03-05,Tiếp nhận,,,"=1+1"
"""
MADE_UP_MAPPING = """
[source]
name = "receipt-phase"
rows = "event"
[case]
key = "case"
received = "received"
summary = "summary"
[event]
step = "step"
at = "at"
unit = "unit"
officer = "officer"
"""

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Exported:
    """The cases that were imported, and the files that the log was exported to."""

    cases: list[ImportedCase]
    files: dict[LogFormat, Path]


def receipt_log(folder: Path) -> tuple[Path, ImportMapping]:
    """The receipt log, or its first cases: made up ones where it is not here."""
    path = folder / "source.csv"
    if not LOG.is_file():
        path.write_text(MADE_UP, encoding="utf-8")
        return path, parse_mapping(MADE_UP_MAPPING)
    header, *rows = LOG.read_text(encoding="utf-8").splitlines(keepends=True)
    cases: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        cases[row.split(",")[1]].append(row)  # no cell before it has a comma, and none a line end
    path.write_text(header + "".join(row for case in list(cases.values())[:CASES] for row in case), encoding="utf-8")
    return path, load_mapping(EXAMPLES / "receipt.toml")


async def exported(office: ApplicationService, folder: Path, path: Path, mapping: ImportMapping) -> Exported:
    summary = await import_file(office, path, mapping, IMPORTER)
    assert set(summary.outcomes) == {CaseOutcome.IMPORTED}
    scope = ExportScope(await office.histories.last_position(), with_texts=True)
    files = {}
    for form, ending in ((LogFormat.XES, "xes.gz"), (LogFormat.OCEL, "jsonocel.gz")):
        files[form] = folder / f"exported.{ending}"
        await export_log(office, files[form], form, scope)
    return Exported(cases_in(path, mapping), files)


def cases_in(path: Path, mapping: ImportMapping) -> list[ImportedCase]:
    found = list(read_cases(path, mapping, ZONE, national_law()))
    assert all(isinstance(one, ReadCase) for one in found), found[:3]
    return [one.case for one in found if isinstance(one, ReadCase)]


@pytest.fixture
async def office(database: str, tmp_path: Path) -> AsyncIterator[ApplicationService]:
    async with ApplicationService.open(
        database, Settings(home=tmp_path), vault_key=bytes(32), clock=lambda: datetime(2026, 7, 6, 3, tzinfo=UTC)
    ) as opened:
        yield opened


@pytest.mark.parametrize("is_made_up", [False, True])
async def test_a_log_is_exported_and_imported_again_without_loss(
    office: ApplicationService, tmp_path: Path, is_made_up: bool
) -> None:
    path, mapping = receipt_log(tmp_path)
    zone = "Europe/Amsterdam"
    if is_made_up:
        path, mapping, zone = tmp_path / "made-up.csv", parse_mapping(MADE_UP_MAPPING), "Asia/Ho_Chi_Minh"
        path.write_text(MADE_UP, encoding="utf-8")
    there = await exported(office, tmp_path, path, mapping)
    assert_is_xes(read_log(there.files[LogFormat.XES]))
    assert_is_ocel(read_ocel(there.files[LogFormat.OCEL]))
    facts = {case.key: facts_of_imported_case(case, TODAY) for case in there.cases}
    for form, file in there.files.items():
        back = load_mapping(EXAMPLES / f"exported-{form}.toml")
        back = back.model_copy(update={"source": back.source.model_copy(update={"zone": zone})})
        again = {case.key: facts_of_imported_case(case, TODAY) for case in cases_in(file, back)}
        assert list(again) == list(facts)
        for key, told in facts.items():
            assert again[key] == told, form


@pytest.mark.pm4py
@pytest.mark.filterwarnings("default")
@pytest.mark.skipif(importlib.util.find_spec("pm4py") is None, reason="pm4py is not installed")
async def test_pm4py_counts_the_same_cases_events_and_hand_overs(office: ApplicationService, tmp_path: Path) -> None:
    pm4py: Any = importlib.import_module("pm4py")
    there = await exported(office, tmp_path, *receipt_log(tmp_path))
    steps = sum(len(case.steps) for case in there.cases)
    hand_overs = sum(
        before.unit != after.unit
        for case in there.cases
        for before, after in pairwise(sorted(case.steps, key=lambda step: (step.on, step.at is None, step.at)))
    )
    if CASES is None and LOG.is_file():
        assert (len(there.cases), steps, hand_overs) == (1_434, 8_577, 5_440)
    events = await office.histories.last_position() - len((await office.queries.units()).by_id)

    xes = pm4py.read_xes(str(there.files[LogFormat.XES]))
    ocel = pm4py.read_ocel2_json(str(_unpacked(there.files[LogFormat.OCEL])))
    flat = pm4py.ocel_flattening(ocel, "petition")
    flat["org:group"] = flat["group"]
    xes["is_step"] = xes["event"] == "ExternalStepRecorded"
    flat["is_step"] = flat["concept:name"] == "ExternalStepRecorded"
    for log in (xes, flat):
        assert log["case:concept:name"].nunique() == len(there.cases)
        assert len(log) == events
        only_steps = log[log["is_step"]].copy()
        assert len(only_steps) == steps
        only_steps["org:group"] = only_steps["org:group"].fillna("")
        network = pm4py.discover_handover_of_work_network(only_steps, resource_key="org:group")
        changed = sum(
            before != after
            for _, case in only_steps.groupby("case:concept:name", sort=False)
            for before, after in pairwise(case["org:group"])
        )
        assert changed == hand_overs
        assert {one for pair in network.connections for one in pair} <= set(only_steps["org:group"])


def _unpacked(path: Path) -> Path:
    import gzip

    unpacked = path.with_suffix("")
    unpacked.write_bytes(gzip.decompress(path.read_bytes()))
    return unpacked
