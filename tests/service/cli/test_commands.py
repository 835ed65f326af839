"""The commands that read and write, on a database with the four cases of a small register."""

import base64
import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from domain.status import DueState
from service.cli.queries import ListedState
from tests.service.cli.conftest import EXAMPLES, KEY, Ended, Terminal

SAMPLE = ("import", str(EXAMPLES / "one-row-a-case.csv"), "--mapping", str(EXAMPLES / "one-row-a-case.toml"))
UNREACHABLE = "postgresql://officer:geheim@127.0.0.1:1/kiennghi"


@pytest.fixture(scope="module")
def imported(kiennghi: Terminal) -> Ended:
    return kiennghi(*SAMPLE, "--json")


def test_an_import_with_an_unreadable_row_takes_the_others_and_says_so(imported: Ended) -> None:
    told = json.loads(imported.out)
    assert imported.code == 1
    assert "--report" in imported.err
    assert told["outcomes"] == {"imported": 4, "unreadable": 1}


def test_a_second_import_adds_nothing_and_a_dry_run_writes_nothing(imported: Ended, kiennghi: Terminal) -> None:
    assert imported.code == 1
    assert json.loads(kiennghi(*SAMPLE, "--json").out)["outcomes"] == {"already_there": 4, "unreadable": 1}
    assert json.loads(kiennghi(*SAMPLE, "--json", "--dry-run").out)["outcomes"] == {
        "already_there": 4,
        "unreadable": 1,
    }


def test_what_is_overdue_is_listed_against_the_day_asked_for(imported: Ended, kiennghi: Terminal) -> None:
    told = kiennghi("overdue", "--on", "2024-02-16", "--json").json
    assert told["on"] == "2024-02-16"
    assert told["total"] == 1
    item = told["items"][0]
    assert (item["unit"], item["due_on"], item["days_late"]) == ("phong-vi-du-1", "2024-02-14", 2)
    # two days before, the other unit had not yet answered, and this one was in time until midnight
    before = kiennghi("overdue", "--on", "2024-02-14", "--json", "--unit", "phong-vi-du-1").json
    assert (before["total"], before["counts"]["due_today"]) == (0, 1)


def test_the_units_are_told_for_a_day_and_for_a_period(imported: Ended, kiennghi: Terminal) -> None:
    told = kiennghi("units", "--on", "2024-02-29", "--json").json
    lines = {line["unit"]: line for line in told["units"]}
    assert set(lines) == {"", "phong-vi-du-1", "phong-vi-du-2"}
    assert (lines["phong-vi-du-1"]["received"], lines["phong-vi-du-1"]["overdue"]) == (2, 1)
    assert lines["phong-vi-du-2"]["answered_late"] == 1
    january = kiennghi("units", "--from", "2024-01-01", "--to", "2024-01-31", "--json").json
    assert {line["unit"]: line["received"] for line in january["units"]} == {"phong-vi-du-1": 2, "phong-vi-du-2": 1}


def test_the_history_is_told_in_sentences_or_as_data(imported: Ended, kiennghi: Terminal) -> None:
    told = kiennghi("history", "so-don-thu-vi-du:VD-001", "--json").json
    assert told["reference"] == "NK-2024-000001"
    first = told["events"][0]
    assert (first["event"], first["occurred_on"], first["version"]) == ("PetitionReceived", "2024-01-05", 1)
    assert first["recorded_by"]
    assert "Petition received" in kiennghi("history", "NK-2024-000001", "--lang", "en").out


def test_what_a_petition_may_repeat_is_told_as_a_table_or_as_data(imported: Ended, kiennghi: Terminal) -> None:
    told = kiennghi("duplicates", "NK-2024-000001", "--json").json
    assert (told["reference"], told["duplicates"]) == ("NK-2024-000001", [])
    assert kiennghi("duplicates", "NK-2024-000001").out.endswith("NK-2024-000001: 0 đơn có thể trùng.\n")
    assert kiennghi("duplicates", "NK-1999-000001").code == 1


def test_a_rebuild_says_of_each_view_how_much_was_read(imported: Ended, kiennghi: Terminal) -> None:
    assert "meetings: rebuilt from 13 events" in kiennghi("rebuild").out


def test_an_unknown_petition_is_named_as_such(kiennghi: Terminal) -> None:
    ended = kiennghi("history", "TD-1999-000001")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "kiennghi: there is no petition with this number or id\n"


def test_a_token_says_who_asks_and_warns_of_a_unit_that_the_register_lacks(kiennghi: Terminal) -> None:
    ended = kiennghi("token", "so-xd.chuyen-vien")
    claims = json.loads(base64.urlsafe_b64decode(ended.out.split(".")[1] + "==="))
    assert (claims["sub"], claims["unit"], claims["roles"]) == ("so-xd.chuyen-vien", "so-xd", ["corrector", "officer"])
    assert "no unit 'so-xd'" in ended.err
    assert kiennghi("token", "somebody").code == 2


def test_a_token_lets_an_import_be_recorded_by_its_officer(kiennghi: Terminal) -> None:
    token = kiennghi("token", "nhap-lieu", "--unit", "vp", "--position", "Chuyên viên", "--role", "importer").out
    ended = kiennghi(*SAMPLE, "--dry-run", KIENNGHI_TOKEN=token.strip())
    assert "dry run" in ended.out
    assert "not an access token" in kiennghi(*SAMPLE, KIENNGHI_TOKEN="nonsense").err


def test_the_settings_are_shown_without_secrets(kiennghi: Terminal) -> None:
    ended = kiennghi("check", KIENNGHI_DATABASE_URL=UNREACHABLE)
    assert ended.code == 0
    assert "127.0.0.1" in ended.out
    assert "geheim" not in ended.out + ended.err
    assert KEY not in ended.out + ended.err
    refused = kiennghi("check", KIENNGHI_PORT="many")
    assert refused.code == 1
    assert "KIENNGHI_PORT" in refused.err


def test_a_database_that_does_not_answer_is_told_in_a_sentence(kiennghi: Terminal) -> None:
    ended = kiennghi("overdue", "--json", KIENNGHI_DATABASE_URL=UNREACHABLE)
    assert (ended.code, ended.out) == (3, "")
    assert "127.0.0.1, port 1, database kiennghi does not answer" in ended.err
    assert "geheim" not in ended.err
    assert "Traceback" not in ended.err


def test_a_database_that_is_not_migrated_is_refused_with_the_command_that_helps(
    empty_database: str, kiennghi: Terminal
) -> None:
    ended = kiennghi("units", KIENNGHI_DATABASE_URL=empty_database)
    assert ended.code == 1
    assert "kiennghi migrate" in ended.err
    assert "0001_log" in kiennghi("migrate", KIENNGHI_DATABASE_URL=empty_database).out
    assert kiennghi("migrate", KIENNGHI_DATABASE_URL=empty_database).out == "nothing to do\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("overdue", "--on", "yesterday"),
        ("overdue", "--state", "lost"),
        ("units", "--from", "2024-01-01"),
        ("units", "--on", "2024-01-01", "--from", "2024-01-01", "--to", "2024-01-31"),
        ("meetings", "--from", "2024-02-01", "--to", "2024-01-01"),
        ("rebuild", "nothing"),
    ],
)
def test_what_is_asked_wrongly_is_wrong_usage(arguments: tuple[str, ...], kiennghi: Terminal) -> None:
    ended = kiennghi(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err


def test_every_way_to_stand_can_be_asked_for() -> None:
    assert {state.value for state in ListedState} == {state.value for state in DueState} | {"all"}


def test_a_reader_that_goes_away_ends_the_command_quietly(imported: Ended, kiennghi: Terminal) -> None:
    with kiennghi.started("units", "--on", date.max.replace(year=9998).isoformat(), "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.wait(timeout=60)
        assert "Traceback" not in process.stderr.read()


def test_what_was_known_is_asked_for_by_a_moment(imported: Ended, kiennghi: Terminal) -> None:
    """The four cases were imported one after the other, each with a few events."""
    on = ("--on", "2024-02-16", "--json")
    now = kiennghi("overdue", *on).json
    lines = kiennghi("history", "so-don-thu-vi-du:VD-001", "--json").json["events"]
    first = lines[0]["position"]
    then = kiennghi("overdue", *on, "--known-at", f"#{first}").json
    assert (then["known_at"]["position"], now.get("known_at")) == (first, None)
    assert sum(then["counts"].values()) == 1
    assert kiennghi("overdue", *on, "--known-at", "2020-01-01").json["total"] == 0
    history = kiennghi("history", "so-don-thu-vi-du:VD-001", "--json", "--known-at", str(first)).json["events"]
    assert history == lines[:1]
    table = kiennghi("units", "--from", "2024-01-01", "--to", "2024-02-29", "--known-at", str(first), "--json").json
    assert sum(line["received"] for line in table["units"]) == 1
    by_successor = kiennghi("units", *on, "--known-at", str(first), "--by", "successor").json
    assert sum(line["received"] for line in by_successor["units"]) == 1
    for command in ("ledger", "explain"):
        file = kiennghi(command, "so-don-thu-vi-du:VD-001", "--json", "--known-at", str(first)).json
        assert len(next(value for value in file.values() if isinstance(value, list))) <= 1
    shown = kiennghi("overdue", "--on", "2024-02-16", "--known-at", str(first))
    assert f"vị trí {first}" in shown.err


def test_the_log_is_exported_in_both_formats_as_known_at_a_moment(
    imported: Ended, kiennghi: Terminal, tmp_path: Path
) -> None:
    assert imported.code == 1
    for form, name in (("xes", "log.xes.gz"), ("ocel", "log.jsonocel")):
        out = tmp_path / name
        told = kiennghi("export", form, "--out", str(out), "--json").json
        assert told["petitions"] == 4
        assert told["events"] > 4
        assert gzip.decompress(out.read_bytes())[:5] == b"<?xml" if form == "xes" else json.loads(out.read_text())
        again = kiennghi("export", form, "--out", str(out))
        assert again.code == 1
        assert name in again.err
        then = kiennghi("export", form, "--out", f"{out}-then", "--known-at", "0", "--json").json
        assert (then["petitions"], then["events"], then["known_at"]) == (0, 0, 0)
    typed = "Đề nghị sửa đường liên thôn"
    assert typed not in (tmp_path / "log.jsonocel").read_text(encoding="utf-8")
    kiennghi("export", "ocel", "--out", str(tmp_path / "texts.jsonocel"), "--texts")
    assert typed in (tmp_path / "texts.jsonocel").read_text(encoding="utf-8")


def test_what_was_restated_is_told_with_who_recorded_it(imported: Ended, kiennghi: Terminal) -> None:
    told = kiennghi("restated", "0", "--from", "2024-01-01", "--to", "2024-01-31", "--json").json
    table = kiennghi("units", "--from", "2024-01-01", "--to", "2024-01-31", "--json").json
    received = {one["unit"]: one["now"] for one in told["figures"] if one["figure"] == "received"}
    assert received == {line["unit"]: line["received"] for line in table["units"]}
    assert {event["reference"][:8] for event in told["events"]} == {"NK-2024-"}
    assert all(event["officer"] and event["effects"] for event in told["events"])
    listed = kiennghi("restated", "0", "--overdue", "--on", "2024-02-16", "--json").json["events"]
    assert sum(effect["by"] for event in listed for effect in event["effects"]) == 1
    assert "received" in kiennghi("restated", "0", "--on", "2024-02-16").out
    twice = kiennghi("restated", "0", "--overdue", "--from", "2024-01-01", "--to", "2024-01-31")
    assert (twice.code, "--overdue" in twice.err) == (2, True)


@pytest.mark.parametrize("moment", ["yesterday", "999999", "2999-01-01"])
def test_a_moment_that_is_none_or_has_not_come_is_refused_in_both_languages(
    imported: Ended, kiennghi: Terminal, moment: str
) -> None:
    for command in (("overdue", "--known-at"), ("units", "--known-at"), ("restated",)):
        ended = kiennghi(*command, moment)
        assert (ended.code, ended.out) == (1, "")
        assert "thời điểm" in ended.err
        assert "log" in ended.err
