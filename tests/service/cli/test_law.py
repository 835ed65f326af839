"""The ledger and a change of law, as officers run them; an imported case and one that was received."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from domain.actor import Credentials, Role
from service.bootstrap import run_coroutine
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from service.config.settings import Settings
from service.security.tokens import issue_token
from tests.conftest import login_of_service
from tests.domain.law_changes.files import ANSWERS, HOLIDAY
from tests.domain.samples import RECEIVE, with_changes
from tests.service.cli.conftest import EXAMPLES, KEY, Ended, Terminal
from tests.service.office_fixtures import CLERK, VAULT_KEY, open_units

SAMPLE = ("import", str(EXAMPLES / "one-row-a-case.csv"), "--mapping", str(EXAMPLES / "one-row-a-case.toml"))
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def token(officer: str, role: Role) -> str:
    import base64

    credentials = Credentials(officer=officer, unit="ubnd-tinh", position="Cán bộ", roles=frozenset({role}))
    return issue_token(credentials, base64.urlsafe_b64decode(KEY + "="), hours=1)


@pytest.fixture(scope="module")
def imported(kiennghi: Terminal) -> Ended:
    return kiennghi(*SAMPLE, "--json")


@pytest.fixture(scope="module")
def received(kiennghi: Terminal, module_database: str, imported: Ended) -> tuple[str, date]:
    """A petition of yesterday, and a working day that its triage runs over."""

    async def receive() -> tuple[str, date]:
        async with ApplicationService.open(module_database, Settings(), vault_key=VAULT_KEY) as office:
            await open_units(office)
            done = await office.petitions.perform(
                CommandRequest(with_changes(RECEIVE, occurred_on=YESTERDAY), command_id=uuid4(), digest=b""), CLERK
            )
            return str(done.reference), office.law.calendar.add_working_days(YESTERDAY, 3)

    assert imported.code == 1  # one row cannot be read
    return run_coroutine(receive())


@pytest.fixture
def holiday(tmp_path: Path, received: tuple[str, date]) -> Path:
    path = tmp_path / "holiday.toml"
    path.write_text(
        f'version = "VD.{received[1]}"\n[[change]]\nsource = "15/TB"\n[change.days_off]\n{received[1]} = "Nghỉ"\n',
        encoding="utf-8",
    )
    return path


def test_where_nothing_was_received_yet_a_review_finds_nothing(database: str, tmp_path: Path) -> None:
    """The log has no events, and its views have no tables yet."""
    (tmp_path / "rules.toml").write_text(ANSWERS, encoding="utf-8")
    settings = {
        "KIENNGHI_DATABASE_URL": login_of_service(database),
        "KIENNGHI_TOKEN_KEY": KEY,
        "KIENNGHI_VAULT_KEY": KEY,
    }
    found = Terminal(settings)("law", "review", "--policy", str(tmp_path / "rules.toml"), "--json").json
    assert (found["open_petitions"], found["petitions"]) == (0, [])


def test_a_file_that_the_settings_name_is_tried_against_the_law_without_it_and_not_proposed(
    kiennghi: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(ANSWERS, encoding="utf-8")
    (tmp_path / "days.toml").write_text(HOLIDAY, encoding="utf-8")
    named = {
        "KIENNGHI_POLICY_FILE": str(tmp_path / "rules.toml"),
        "KIENNGHI_CALENDAR_FILE": str(tmp_path / "days.toml"),
    }
    for option, file in (("--policy", "rules.toml"), ("--calendar", "days.toml")):
        assert kiennghi("law", "review", option, str(tmp_path / file), **named).code == 0
        proposing = ("law", "propose", option, str(tmp_path / file), "--instrument", "1/QĐ")
        ended = kiennghi(*proposing, **named, KIENNGHI_TOKEN=token("quan-tri", Role.ADMINISTRATOR))
        assert (ended.code, "the settings name this file" in ended.err) == (1, True)


def test_the_ledger_tells_each_clock_with_its_days(kiennghi: Terminal, received: tuple[str, date]) -> None:
    told = kiennghi("ledger", received[0], "--json").json
    (triage,) = told["clocks"]
    assert (triage["clock"], triage["is_running"], triage["segments"][0]["move"]) == ("triage", True, "start")
    assert triage["segments"][0]["policy"] == "triage@1"
    assert triage["days"]["calendar_days"] == sum(share["calendar_days"] for share in triage["held"])
    printed = kiennghi("ledger", received[0], "--lang", "en", "--on", str(YESTERDAY + timedelta(days=60)))
    assert "Clock: triage — due" in printed.out
    assert "days late" in printed.out


def test_the_ledger_of_an_imported_case_has_the_date_that_its_source_gave(kiennghi: Terminal, imported: Ended) -> None:
    told = kiennghi("ledger", "so-don-thu-vi-du:VD-001", "--json").json
    assert {clock["clock"] for clock in told["clocks"]} <= {"settlement", "head"}
    assert kiennghi("ledger", "TD-2026-999999").err == "kiennghi: there is no petition with this number or id\n"


def test_a_change_goes_from_the_dry_run_to_the_last_petition(
    kiennghi: Terminal, received: tuple[str, date], holiday: Path
) -> None:
    reviewed = kiennghi("law", "review", "--calendar", str(holiday), "--json").json
    assert received[0] in [one["reference"] for one in reviewed["petitions"]]
    assert len(reviewed["days"]) == 1
    assert reviewed["days"][0]["is_off"]
    shown = kiennghi("law", "review", "--calendar", str(holiday)).out
    assert "former name" in shown
    assert reviewed["days"][0]["day"] in shown
    assert kiennghi("law", "changes", "--json").json == {"changes": []}

    of_proposer, of_approver = token("quan-tri", Role.ADMINISTRATOR), token("chu-tich", Role.HEAD)
    proposing = ("law", "propose", "--calendar", str(holiday), "--instrument", "15/TB-UBND", "--json")
    proposed = kiennghi(*proposing, KIENNGHI_TOKEN=of_proposer).json
    assert kiennghi(*proposing, KIENNGHI_TOKEN=of_proposer).json["change"] == proposed["change"]
    own = kiennghi("law", "approve", proposed["change"], KIENNGHI_TOKEN=token("quan-tri", Role.HEAD))
    assert (own.code, own.err) == (
        1,
        "kiennghi: không ai tự phê duyệt thay đổi quy định tính thời hạn do mình đề nghị; người khác phê duyệt\n"
        "kiennghi: an officer cannot approve a change of law of their own; another officer approves it\n",
    )
    done = kiennghi("law", "approve", proposed["change"], "--json", KIENNGHI_TOKEN=of_approver).json
    assert done["moved"] == len(reviewed["petitions"])
    assert kiennghi("law", "approve", proposed["change"], "--json", KIENNGHI_TOKEN=of_approver).json == done
    twice = kiennghi("law", "approve", proposed["change"], KIENNGHI_TOKEN=token("pho-chu-tich", Role.HEAD))
    assert (twice.code, twice.err) == (
        1,
        "kiennghi: thay đổi quy định tính thời hạn này đã được phê duyệt; áp dụng nếu chưa áp dụng\n"
        "kiennghi: this change of law is approved already; apply it if that is not done yet\n",
    )
    assert kiennghi("law", "apply", proposed["change"], "--json", KIENNGHI_TOKEN=of_approver).json == done

    (triage,) = kiennghi("ledger", received[0], "--json").json["clocks"]
    assert [one["move"] for one in triage["segments"]] == ["start", "recalculate"]
    assert triage["original_due_on"] < triage["due_on"]
    (explained,) = kiennghi("explain", received[0], "--json").json["deadlines"]
    assert explained["calendar"].endswith(f"+VD.{received[1]}")
    assert explained["days"][-1]["day"] == explained["due_on"] == triage["due_on"]
    assert "not on file any more" not in kiennghi("explain", received[0], "--lang", "en").out
    (change,) = kiennghi("law", "changes", "--json").json["changes"]
    assert (change["proposed_by"], change["approved_by"], change["moved"]) == ("quan-tri", "chu-tich", done["moved"])
    assert "quan-tri" in kiennghi("law", "changes").out


def test_what_cannot_be_reviewed_is_refused_in_a_sentence(
    kiennghi: Terminal, received: tuple[str, date], tmp_path: Path
) -> None:
    wrong = tmp_path / "rules.toml"
    wrong.write_text('[[policy]]\nid = "x"\n', encoding="utf-8")
    refused = kiennghi("law", "review", "--policy", str(wrong))
    assert refused.code == 1
    reason = "the file, row 1 (line 1), x: version is missing"
    vietnamese, english = refused.err.splitlines()
    assert vietnamese.startswith(f"kiennghi: tệp quy định hoặc lịch làm việc có lỗi: {reason}")
    assert english.startswith(f"kiennghi: {reason}")
    assert kiennghi("law", "review").code == 2
    without = kiennghi("law", "propose", "--policy", str(wrong), "--instrument", "1/QĐ")
    assert (without.code, "KIENNGHI_TOKEN" in without.err) == (1, True)
    assert kiennghi("law", "review", "--policy", str(tmp_path / "none.toml")).code == 1
    assert json.loads(kiennghi("law", "changes", "--json").out)
