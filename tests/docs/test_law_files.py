"""The files of a site that the pages show can be read."""

import re
import textwrap
from pathlib import Path

from domain.alerts.ladder_file import parse_local_ladder
from domain.deadlines.calendar_file import parse_local_calendar
from domain.deadlines.policy_file import parse_local_policies
from domain.reorganisations.plan import parse_reorganisation_plan
from service.alerts.ladder import national_ladder
from service.config.law_files import national_law

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"


def shown(page: str) -> str:
    found = re.search(r"^( *)```toml\n(.*?)^\1```$", (HOW_TO / page).read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return textwrap.dedent(found[2])


def test_the_provincial_limit_that_is_shown_is_one() -> None:
    national = national_law().policies
    (row,) = parse_local_policies(shown("add-a-provincial-limit.md"), "shown", national).local
    assert str(row.limit) == "20wd"


def test_the_ladder_that_is_shown_is_one() -> None:
    ladder = parse_local_ladder(shown("set-up-alerts.md"), "shown", national_ladder())
    assert [row.rung for row in ladder.local] == ["tinh-vi-du-three-days-before"]
    assert ladder.operator is not None


def test_the_calendar_that_is_shown_is_one() -> None:
    calendar = parse_local_calendar(shown("load-next-years-calendar.md"), "shown", national_law().calendar)
    assert calendar.version == "VN-2026.1+VD-2027.1"


def test_the_reorganisation_that_is_shown_can_be_read() -> None:
    plan = parse_reorganisation_plan(
        (HOW_TO.parent / "examples" / "reorganisations" / "two-level-government.toml").read_text("utf-8")
    )
    assert {move.unit: move.to[0] for move in plan.move} == {
        "huyen-mau-99": "xa-vi-du-moi",
        "phong-tnmt-huyen-mau-99": "phong-kinh-te-xa-vi-du-moi",
    }
