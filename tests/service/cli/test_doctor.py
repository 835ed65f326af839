"""The doctor as a person runs it."""

import json
import re
from typing import Any

import pytest

from tests.service.cli.conftest import EXAMPLES, Ended, Terminal

SAMPLE = ("import", str(EXAMPLES / "one-row-a-case.csv"), "--mapping", str(EXAMPLES / "one-row-a-case.toml"))
OF_THE_SURROUNDINGS = {"fsync": "wrong", "full_page_writes": "wrong", "synchronous_commit": "beware"}
"""The tests' server keeps nothing when the machine stops, and the doctor says so."""


def told(ended: Ended) -> dict[str, dict[str, Any]]:
    assert "Traceback" not in ended.err
    return {finding["what"]: finding for finding in json.loads(ended.out)["findings"]}


@pytest.mark.parametrize("depth", [[], ["--deep"]], ids=["quick", "deep"])
def test_nothing_is_missing_after_an_import(kiennghi: Terminal, depth: list[str]) -> None:
    kiennghi(*SAMPLE)
    ended = kiennghi("doctor", "--json", *depth)
    found = told(ended)
    found.pop("calendar")  # whether it reaches far enough depends on the day of the run
    assert {what: f["verdict"] for what, f in found.items() if f["verdict"] != "well"} == OF_THE_SURROUNDINGS
    assert found["positions"]["found"] == "head 13, from 1 to 13, 13 events after 0"
    assert found["register NK 2024"]["found"].startswith("last number 4, 0 of the numbers ")
    assert found["view overdue"]["found"].startswith("position 13 of 13")
    assert ended.code == 1
    assert json.loads(ended.out)["is_well"] is False


def test_a_fault_is_a_line_in_words_and_an_exit_code(kiennghi: Terminal) -> None:
    ended = kiennghi("doctor")
    assert ended.code == 1
    assert re.search(r"^WRONG +fsync ", ended.out, re.MULTILINE)
    assert "set it on" in ended.out
    assert ended.err == "kiennghi: something is not as it should be\n"


def test_a_database_that_is_not_migrated_is_examined_as_far_as_it_goes(kiennghi: Terminal, empty_database: str) -> None:
    ended = kiennghi("doctor", "--json", KIENNGHI_DATABASE_URL=empty_database)
    found = told(ended)
    assert (found["migrations"]["verdict"], ended.code) == ("wrong", 1)
    assert "kiennghi migrate" in found["migrations"]["found"]
    assert "positions" not in found


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_no_width_loses_a_verdict_or_the_end_of_a_finding(kiennghi: Terminal, width: int) -> None:
    out = kiennghi("doctor", COLUMNS=str(width)).out
    printed = " ".join(word for word in out.split() if word != "│")  # the mark of a further line
    for finding in told(kiennghi("doctor", "--json")).values():
        assert " ".join(finding["found"].split()) in printed
    assert "WRONG" in printed
