"""Tests that alerts arrive once and in order when workers and receivers are killed, and that the checker finds wrongs.

Each campaign is a process of its own: it forks, and what forks should have neither threads nor a loop. That of the real
worker is started as a person starts it.
"""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.alerts.forked_campaign import run_forked_campaign
from tests.faults.alerts.worker import CRASH_POINTS

ROOT = Path(__file__).parents[3]
KILLS, SEED = 20, 7
"""Enough to die at most of the crash points. `make faults-alerts` goes on from there."""


def run_kills(server: str, kills: int, seed: int) -> dict[str, dict[str, int]]:
    command = [sys.executable, "-m", "tests.faults", "alerts", "--json", "--server", server]
    asked = ["--kills", str(kills), "--seed", str(seed)]
    ended = subprocess.run([*command, *asked], cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    assert ended.stdout.startswith("{"), ended.stderr
    found: dict[str, dict[str, int]] = json.loads(ended.stdout)
    return found


def test_nothing_is_lost_doubled_or_out_of_order_when_workers_and_receivers_are_killed(server: str) -> None:
    tally = run_kills(server, KILLS, SEED)
    print(f"seed {SEED}: {tally['kills']}")
    assert sum(tally["kills"].values()) >= KILLS
    assert len([kind for kind in tally["kills"] if kind.startswith("a worker")]) > len(CRASH_POINTS) / 2
    assert tally["wrongs"].keys() >= {"lost", "doubled", "out_of_order", "raised_twice", "due_and_not_raised"}
    assert {wrong: times for wrong, times in tally["wrongs"].items() if times} == {}
    assert tally["messages"] == tally["received"]
    assert int(str(tally["repeated"])) > 0


@pytest.mark.parametrize(
    ("mutant", "wrong", "kills"),
    [
        ("records-before-it-sends", "lost", 4),
        ("takes-no-lock", "sent_again_without_a_reason", 4),
        ("takes-no-lock-and-checks-no-version", "confirmed_twice", 10),
        ("gives-each-attempt-an-id-of-its-own", "told_twice", 4),
    ],
)
def test_a_worker_without_one_of_its_guards_is_told_from_the_real_one(
    server: str, mutant: str, wrong: str, kills: int
) -> None:
    assert Counter(run_forked_campaign(server, kills, SEED, mutant)["wrongs"])[wrong] > 0
