"""Time limits at the terminal: counted for anybody, explained for a petition."""

from pathlib import Path

import pytest

from tests.domain.deadlines.test_local_calendar import CLOSED
from tests.domain.deadlines.test_local_policies import ANSWER
from tests.service.cli.conftest import EXAMPLES, Terminal

KEYS = ["due_on", "rule", "source", "verified", "calendar", "days", "other_dates"]
NOWHERE = {"KIENNGHI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/kiennghi"}


def test_a_limit_is_counted_by_the_rule_of_the_day_without_a_database(kiennghi: Terminal) -> None:
    asked = ("deadline", "--kind", "complaint", "--stage", "acceptance", "--json")
    before = kiennghi(*asked, "--on", "2026-02-13", **NOWHERE).json
    assert list(before) == KEYS
    assert (before["due_on"], before["rule"], before["verified"], before["calendar"]) == (
        "2026-02-23",
        "complaint-acceptance@1",
        False,
        "VN-2026.1",
    )
    assert before["source"].startswith("các điều 27 và 36 Luật Khiếu nại số 02/2011/QH13; khoản 1 Điều 5 Thông tư")
    assert before["days"][-1]["day"] == "2026-02-23"
    since = kiennghi(*asked, "--on", "2026-07-06", **NOWHERE).json
    assert (since["due_on"], since["rule"], since["verified"]) == ("2026-07-15", "complaint-acceptance@2", False)


def test_a_limit_may_be_named_by_itself(kiennghi: Terminal) -> None:
    told = kiennghi("deadline", "10wd", "--on", "2026-02-13", "--json").json
    assert list(told) == KEYS
    assert (told["due_on"], told["rule"], told["verified"]) == ("2026-03-06", "10wd", None)
    assert kiennghi("deadline", "30cd", "--on", "2026-08-03", "--json").json["due_on"] == "2026-09-03"


def test_the_days_are_told_in_either_language_where_asked_for(kiennghi: Terminal) -> None:
    asked = ("deadline", "10wd", "--on", "2026-02-13")
    assert "Ngày hết thời hạn: thứ Sáu, 06/03/2026" in kiennghi(*asked).out
    assert "  10  Fri 06/03/2026" not in kiennghi(*asked, "--lang", "en").out
    assert "  10  Fri 06/03/2026" in kiennghi(*asked, "--lang", "en", "--days").out


def test_conditions_choose_the_rule(kiennghi: Terminal) -> None:
    asked = ("deadline", "--kind", "complaint", "--stage", "settlement", "--on", "2026-07-06", "--json")
    assert (
        kiennghi(*asked, "--remote", "--complexity", "complex").json["rule"] == "complaint-settlement-remote-complex@1"
    )


def test_what_nobody_limits_is_told_and_what_no_rule_knows_is_refused(kiennghi: Terminal) -> None:
    asked = ("deadline", "--on", "2026-07-06", "--stage", "settlement", "--kind")
    none_set = kiennghi(*asked, "proposal_or_feedback", "--json").json
    assert (none_set["due_on"], none_set["calendar"], none_set["days"]) == (None, None, [])
    ended = kiennghi(*asked, "dialogue")
    assert (ended.code, ended.out) == (1, "")
    assert "no rule on file sets a limit for settlement of dialogue on 2026-07-06" in ended.err
    beyond = kiennghi("deadline", "10wd", "--on", "2028-02-13")
    assert (beyond.code, "needs 2028, which must be put on file first" in beyond.err) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("deadline",),
        ("deadline", "10d"),
        ("deadline", "10wd", "--kind", "complaint"),
        ("deadline", "10wd", "--remote"),
        ("deadline", "--kind", "complaint"),
        ("deadline", "--kind", "complaint", "--stage", "answer"),
    ],
)
def test_what_is_asked_wrongly_is_wrong_usage(arguments: tuple[str, ...], kiennghi: Terminal) -> None:
    ended = kiennghi(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err


def test_a_word_that_no_rule_knows_is_told_in_plain_words(kiennghi: Terminal) -> None:
    told = kiennghi("deadline", "--kind", "petition", "--stage", "acceptance").err
    assert "Invalid value for '--kind': 'petition' is not one of 'complaint'" in told


def test_the_rules_and_days_of_the_site_are_counted_by(tmp_path: Path, kiennghi: Terminal) -> None:
    (tmp_path / "rules.toml").write_text(ANSWER, encoding="utf-8")
    (tmp_path / "days.toml").write_text(CLOSED, encoding="utf-8")
    files = {
        "KIENNGHI_POLICY_FILE": str(tmp_path / "rules.toml"),
        "KIENNGHI_CALENDAR_FILE": str(tmp_path / "days.toml"),
    }
    asked = ("deadline", "--kind", "proposal_or_feedback", "--stage", "settlement", "--on", "2026-09-01", "--json")
    told = kiennghi(*asked, **files).json
    assert (told["rule"], told["calendar"], told["due_on"]) == (
        "vi-du-proposal-settlement@1",
        "VN-2026.1+VD-1",
        "2026-09-30",
    )
    (tmp_path / "rules.toml").write_text(ANSWER.replace("20wd", "soon"), encoding="utf-8")
    ended = kiennghi(*asked, **files)
    assert ended.code == 1
    assert "KIENNGHI_POLICY_FILE" in ended.err
    assert "row 1 (line 1)" in ended.err
    assert "row 1 (line 1)" in kiennghi("check", **files).err


def test_every_clock_of_a_petition_is_explained(kiennghi: Terminal) -> None:
    sample = ("import", str(EXAMPLES / "one-row-a-case.csv"), "--mapping", str(EXAMPLES / "one-row-a-case.toml"))
    assert kiennghi(*sample, "--json").code == 1  # one of its rows cannot be read
    told = kiennghi("explain", "so-don-thu-vi-du:VD-002", "--json").json
    (clock,) = told["deadlines"]
    assert clock.keys() > set(KEYS)
    assert (clock["clock"], clock["due_on"], clock["stopped_on"]) == ("settlement", "2024-02-08", "2024-02-15")
    assert (clock["rule"], clock["source"], clock["verified"], clock["days"]) == (None, None, None, [])
    text = kiennghi("explain", "so-don-thu-vi-du:VD-002", "--lang", "en", "--days").out
    assert "Clock settlement (stopped on 15/02/2024, 7 days late)" in text
    assert "A date that was set by decision: Thu 08/02/2024." in text


def test_a_petition_that_nobody_knows_cannot_be_explained(kiennghi: Terminal) -> None:
    ended = kiennghi("explain", "TD-1999-000001")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "kiennghi: there is no petition with this number or id\n"
